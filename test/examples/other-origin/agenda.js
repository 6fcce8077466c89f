// What relay-compiler compiles: the next deadlines as pages, and one event that is read again by
// its id. An app passes these to Relay's hooks; page.js asks the compiled queries themselves.
import { graphql } from 'relay-runtime';

export const AGENDA = graphql`
  fragment agenda_user on User
  @refetchable(queryName: "agendaPageQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" }) {
    upcoming(first: $first, after: $after) @connection(key: "agenda_upcoming") {
      completeness
      edges {
        node {
          id
          title
          ...agenda_event
        }
      }
    }
  }
`;

export const EVENT = graphql`
  fragment agenda_event on ScheduleEvent @refetchable(queryName: "agendaEventQuery") {
    title
    startsAt
    completion
    ... on LectureEvent {
      lecture {
        ern
        lecturer
      }
    }
  }
`;

export const QUERY = graphql`
  query agendaQuery {
    viewer {
      id
      courses {
        ern
        title
      }
      ...agenda_user
    }
  }
`;
