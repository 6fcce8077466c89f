// A calendar in React over Apollo Client 4: the events of two windows as one list. When `/live`
// announces a change, what changed is put into both windows, and neither is read again.

import type { ApolloClient } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import {
  ChangesDocument,
  type ChangesQuery,
  MyPageDocument,
  type MyPageQuery,
} from '../../../../schema/typed-documents.generated.ts';
import { type Live, readLive } from './live.ts';

/** The instants of a window, in RFC 3339. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

/** Titles by start, each event once, and whether they are all. */
export function TwoMonths({ first, second, live }: { first: Window; second: Window; live: Live }) {
  const one = useQuery(MyPageDocument, { variables: first });
  const other = useQuery(MyPageDocument, { variables: second });
  const client = useApolloClient();
  useEffect(() => {
    const closing = new AbortController();
    const take = () => Promise.all([first, second].map((window) => takeChanges(client, window)));
    void readLive(live, closing.signal, take);
    return () => closing.abort();
  }, [client, first, second, live]);
  const calendars = [one, other].flatMap(({ data }) => data?.viewer?.calendar ?? []);
  const events = new Map(calendars.flatMap((calendar) => calendar.events).map((event) => [event.id, event]));
  const isComplete = calendars.length === 2 && calendars.every(({ completeness }) => completeness === 'COMPLETE');
  return (
    <ol aria-busy={!isComplete}>
      {[...events.values()]
        .sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
        .map(({ id, title, course }) => (
          <li key={id} style={{ color: course.color }}>
            {title}
          </li>
        ))}
    </ol>
  );
}

/** Asks what changed in a window since its token, and writes that into the cache. */
async function takeChanges(client: ApolloClient, window: Window): Promise<void> {
  const query = { query: MyPageDocument, variables: window };
  const since = client.readQuery(query)?.viewer?.calendar.syncToken;
  if (since === undefined) return;
  const variables = { since, ...window };
  const { data } = await client.query({ query: ChangesDocument, variables, fetchPolicy: 'no-cache' });
  client.cache.updateQuery(query, (held) => (held && data ? withChanges(held, data) : held));
}

/** The window with the changes in it: replaced and removed by id. Pure. */
export function withChanges(held: MyPageQuery, { viewer }: ChangesQuery): MyPageQuery {
  if (held.viewer == null || viewer == null) return held;
  const { upserted, removed, isFullSync, ...state } = viewer.calendarChanges;
  const events = new Map(isFullSync ? [] : held.viewer.calendar.events.map((event) => [event.id, event]));
  for (const id of removed) events.delete(id);
  for (const event of upserted) events.set(event.id, event);
  const { upcoming, overdue } = viewer;
  const calendar = { ...held.viewer.calendar, ...state, ...viewer.calendar, events: [...events.values()] };
  return { viewer: { ...held.viewer, calendar, upcoming, overdue } };
}
