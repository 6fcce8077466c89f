// The example queries of the playground, one for each tab, with variables for the current date.
import behindEvents from './examples/behind-events.graphql?raw';
import calendarAddress from './examples/calendar-address.graphql?raw';
import children from './examples/children.graphql?raw';
import freeBusy from './examples/free-busy.graphql?raw';
import month from './examples/month.graphql?raw';
import myPage from './examples/my-page.graphql?raw';
import newAssignment from './examples/new-assignment.graphql?raw';
import oneCourse from './examples/one-course.graphql?raw';
import syncLoop from './examples/sync-loop.graphql?raw';
import toDo from './examples/to-do.graphql?raw';
import { variablesOf } from './variables.ts';

const EXAMPLES = [
  myPage,
  month,
  toDo,
  behindEvents,
  oneCourse,
  syncLoop,
  children,
  freeBusy,
  calendarAddress,
  newAssignment,
];

/** A tab for each example. */
export function exampleTabs(now: Date): { query: string; variables: string }[] {
  return EXAMPLES.map((query) => ({ query, variables: variablesOf(query, now) }));
}
