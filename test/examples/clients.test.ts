// Apollo Client and urql keep two windows of a calendar, and take a change that /live announces,
// without reading a window again.

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildSchema, isObjectType } from 'graphql';
import { manualClock } from '../harness/clock.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { lecture } from '../harness/rows.ts';
import { cacheOptions } from './apollo-client.ts';
import {
  CHANGES,
  type ChangesAnswer,
  mergeWindows,
  WINDOW,
  type WindowAnswer,
  withChanges,
} from './calendar-documents.ts';
import { importPeer, installPeers } from './peers/import-peer.ts';
import { KEYS } from './urql-graphcache.ts';

const fileOf = (name: string) => readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8');
const possibleTypes = JSON.parse(fileOf('possibleTypes.json')) as Record<string, string[]>;
const missing = await installPeers();
const whenInstalled = missing === null || process.env.REQUIRE_SERVICES === '1' ? describe : describe.skip;

const MARCH = { from: '2026-03-01T00:00:00+09:00', to: '2026-04-01T00:00:00+09:00' };
const APRIL = { from: '2026-04-01T00:00:00+09:00', to: '2026-05-01T00:00:00+09:00' };
const [first, second] = ['2026-03-03', '2026-04-07'].map((day) => lecture({ course: 1, at: `${day}T09:00+09:00` }));

let graph: MockGraph;
let sent: string[];
beforeEach(async () => {
  const items = [{ ...first }, { ...second }] as (typeof graph.rows.items)[number][];
  graph = await startGraph({
    sources: 'mock',
    clock: manualClock(),
    rows: { enrollments: { 'student-1': [1] }, items },
  });
  sent = [];
});
afterEach(() => graph.close());

/** What a client calls instead of `fetch`: with the user's token, and counted. */
const send = async (_: unknown, init?: { readonly body?: unknown }): Promise<Response> => {
  const { query, variables } = JSON.parse(String(init?.body)) as { query: string; variables: Record<string, unknown> };
  sent.push(/query (\w+)/.exec(query)?.[1] ?? '');
  const { text } = await graph.query('student-1', query, variables);
  return new Response(text, { headers: { 'content-type': 'application/json' } });
};
/** A lecture of March gets another name and April's is gone; the calendar hears of it. */
function change(): void {
  Object.assign(graph.rows.items[0] as object, { title: 'renamed' });
  graph.rows.items.splice(1, 1);
  graph.calendar.invalidateAll();
}
const titles = (windows: readonly (WindowAnswer | null | undefined)[]) =>
  mergeWindows(windows.filter((window) => window != null)).map(({ title }) => title);

whenInstalled(`Apollo Client 4 [needs ${missing ?? 'nothing'}]`, () => {
  test('keeps two windows and takes a change without reading them again', async () => {
    const { ApolloClient, InMemoryCache, HttpLink, gql } = await importPeer<Apollo>('@apollo/client');
    const client = new ApolloClient({
      cache: new InMemoryCache(cacheOptions(possibleTypes)),
      link: new HttpLink({ uri: 'http://gateway/graphql', fetch: send }),
    });
    const [window, changed] = [gql(WINDOW), gql(CHANGES)];
    for (const variables of [MARCH, APRIL]) await client.query({ query: window, variables });
    const windows = () =>
      [MARCH, APRIL].map((variables) => client.readQuery<WindowAnswer>({ query: window, variables }));
    expect(titles(windows())).toEqual([first?.title, second?.title]);

    change();
    for (const variables of [MARCH, APRIL]) {
      const since = client.readQuery<WindowAnswer>({ query: window, variables })?.viewer.calendar.syncToken;
      const { data } = await client.query<ChangesAnswer>({
        query: changed,
        variables: { since },
        fetchPolicy: 'no-cache',
      });
      client.cache.updateQuery<WindowAnswer>({ query: window, variables }, (held) =>
        held === null ? held : withChanges(held, data.viewer.calendarChanges),
      );
    }
    expect(titles(windows())).toEqual(['renamed']);
    expect(sent).toEqual(['Window', 'Window', 'Changes', 'Changes']);
    client.stop();
  });
});

whenInstalled(`urql with graphcache [needs ${missing ?? 'nothing'}]`, () => {
  test('keeps two windows and takes a change without reading them again', async () => {
    const { Client, fetchExchange, gql } = await importPeer<Urql>('@urql/core');
    const { cacheExchange } = await importPeer<Graphcache>('@urql/exchange-graphcache');
    const window = gql(WINDOW);
    const cache = cacheExchange({
      keys: KEYS,
      updates: {
        // The example's own operation: the changes are put into the window that they are of.
        User: {
          calendarChanges(result, _, store, { variables }) {
            const changes = result.calendarChanges as ChangesAnswer['viewer']['calendarChanges'];
            for (const span of [MARCH, APRIL]) {
              store.updateQuery({ query: window, variables: span }, (held) =>
                held !== null && held.viewer.calendar.syncToken === variables.since ? withChanges(held, changes) : held,
              );
            }
          },
        },
      },
    });
    const client = new Client({
      url: 'http://gateway/graphql',
      exchanges: [cache, fetchExchange],
      fetch: send,
      preferGetMethod: false,
    });
    for (const variables of [MARCH, APRIL]) expect((await client.query(window, variables)).error).toBeUndefined();
    const windows = () => [MARCH, APRIL].map((variables) => client.readQuery(window, variables)?.data);
    expect(titles(windows())).toEqual([first?.title, second?.title]);

    change();
    for (const held of windows()) {
      const since = held?.viewer.calendar.syncToken;
      const { error } = await client.query(gql(CHANGES), { since });
      expect(error).toBeUndefined();
    }
    expect(titles(windows())).toEqual(['renamed']);
    expect(sent).toEqual(['Window', 'Window', 'Changes', 'Changes']);
  });
});

test('every type of the public schema without an id has a key for graphcache', () => {
  const schema = buildSchema(fileOf('public.graphql'));
  const without = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__') && !['Query', 'Mutation'].includes(name))
    .filter((type) => type.getFields().id === undefined)
    .map(({ name }) => name);
  expect(without.filter((name) => !(name in KEYS))).toEqual([]);
  expect(Object.keys(KEYS).filter((name) => !without.includes(name))).toEqual([]);
});

type Document = { readonly __document: true };
interface Apollo {
  readonly gql: (text: string) => Document;
  readonly InMemoryCache: new (options: object) => object;
  readonly HttpLink: new (options: object) => object;
  readonly ApolloClient: new (
    options: object,
  ) => {
    query<T>(options: object): Promise<{ data: T }>;
    readQuery<T>(options: object): T | null;
    readonly cache: { updateQuery<T>(options: object, update: (held: T | null) => T | null): void };
    stop(): void;
  };
}
type Held = WindowAnswer | null;
interface Urql {
  readonly gql: (text: string) => Document;
  readonly fetchExchange: object;
  readonly Client: new (
    options: object,
  ) => {
    query(document: Document, variables: object): Promise<{ error?: Error }>;
    readQuery(document: Document, variables: object): { data?: WindowAnswer } | null;
  };
}
interface Graphcache {
  readonly cacheExchange: (options: { keys: object; updates: Record<string, Record<string, Update>> }) => object;
}
type Update = (
  result: Readonly<Record<string, unknown>>,
  args: object,
  store: { readonly updateQuery: (options: object, update: (held: Held) => Held) => void },
  info: { readonly variables: Readonly<Record<string, unknown>> },
) => void;
