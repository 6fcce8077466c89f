// Promise: while the calendar subgraph is away or hangs, a viewer's calendar is an answer that says
// so for each source; what cannot be known without the calendar stays an error.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { unpackToken } from '../../src/calendar/shape/sync-token.ts';
import { startGraph } from '../harness/graph.ts';
import type { SmallGraph } from '../harness/small-graph.ts';
import { startRaw } from '../harness/small-graph.ts';

let away: SmallGraph;
beforeAll(async () => {
  away = await startGraph({
    sources: 'small',
    urls: { calendar: 'http://127.0.0.1:1/graphql' },
    gateway: { homeZone: 'Asia/Seoul', responseCacheBytes: 2 ** 20 },
  });
});
afterAll(() => away.close());

const WINDOW = { from: '2026-03-01T00:00:00+09:00', to: '2026-04-01T00:00:00+09:00' };
const source = (kind: string, reason: string) => ({ kind, status: 'UNAVAILABLE', fetchedAt: null, count: 0, reason });
const SOURCES = '{ kind status fetchedAt count reason }';

test('with the calendar unreachable, the viewer’s calendar has no events and three UNAVAILABLE sources', async () => {
  const query = `query ($from: DateTime!, $to: DateTime!) { me: viewer { id ... on User { calendar(from: $from, to: $to) {
    from to timeZone completeness events { id title } summary { total byKind { kind count } } sources ${SOURCES} } } } }`;
  const { status, body, headers } = await away.query('student-1', query, WINDOW);
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(body).toEqual({
    data: {
      me: {
        id: 'student-1',
        calendar: {
          ...WINDOW,
          timeZone: 'Asia/Seoul',
          completeness: 'UNAVAILABLE',
          events: [],
          summary: { total: 0, byKind: ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'].map((kind) => ({ kind, count: 0 })) },
          sources: ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'].map((kind) => source(kind, 'UNREACHABLE')),
        },
      },
    },
  });
});

test('with a calendar that hangs, the answer comes at the gateway’s deadline with the reason TIMEOUT', async () => {
  const calendar = await startRaw(() => undefined);
  const graph = await startGraph({ sources: 'small', urls: { calendar: calendar.url }, gateway: { deadlineMs: 50 } });
  try {
    const query = `{ viewer { upcoming(filter: { kinds: [ASSIGNMENT] }) { nodes { id } completeness sources ${SOURCES} } } }`;
    const { body } = await graph.query('student-1', query);
    const upcoming = { nodes: [], completeness: 'UNAVAILABLE', sources: [source('ASSIGNMENT', 'TIMEOUT')] };
    expect(body).toEqual({ data: { viewer: { upcoming } } });
  } finally {
    await graph.close();
    await calendar.close();
  }
});

test('My Page is answered, and the sync token in the answer leads to a full sync of the same window', async () => {
  const documents = JSON.parse(readFileSync('schema/persisted-documents.json', 'utf8')) as Record<string, string>;
  const page = Object.values(documents).find((text) => text.includes('query MyPage('));
  const { body } = await away.query<{ viewer: { calendar: { syncToken: string } } }>('student-1', page ?? '', WINDOW);
  expect(body.errors).toBeUndefined();
  expect(body.data).toMatchObject({
    viewer: { id: 'student-1', calendar: { completeness: 'UNAVAILABLE' }, overdue: { completeness: 'UNAVAILABLE' } },
  });
  const args = { ...WINDOW, timeZone: null, filter: null };
  expect(unpackToken(body.data.viewer.calendar.syncToken, 5)).toEqual({
    userId: 'student-1',
    args,
    at: 5,
    versions: null,
  });
  const changes = `query ($since: String!) { viewer { calendarChanges(since: $since) {
    upserted { id } removed isFullSync syncToken completeness } } }`;
  const since = 'a token of the client';
  expect((await away.query('student-1', changes, { since })).body.data).toEqual({
    viewer: {
      calendarChanges: { upserted: [], removed: [], isFullSync: false, syncToken: since, completeness: 'UNAVAILABLE' },
    },
  });
});

test.each([
  ['another user, whom the viewer may not be allowed to read', '{ user(id: "student-2") { id } }', 'user'],
  ['who is observed', '{ observed { id } }', null],
  ['a list without its status', '{ viewer { upcoming { nodes { id } } } }', 'viewer'],
  [
    'the days of a zone',
    `{ viewer { calendar(from: "${WINDOW.from}", to: "${WINDOW.to}") { completeness days { date } } } }`,
    'viewer',
  ],
  ['a window that is malformed', '{ viewer { calendar(from: "x", to: "y") { from completeness } } }', 'viewer'],
  ['the secret address', '{ viewer { upcoming { completeness } calendarSubscription { url } } }', 'viewer'],
])('what is not known stays an error: %s', async (_, query, field) => {
  const { status, body } = await away.query('student-1', query);
  expect(status).toBe(200);
  expect(body.errors).toEqual([
    { message: 'The calendar service did not answer.', extensions: { code: 'UNAVAILABLE' } },
  ]);
  expect(body.data).toEqual(field === null ? null : { [field]: null });
});

test('beside a field of another service the viewer stays null, with an error', async () => {
  const query = `{ viewer { upcoming { completeness } } lecture(ern: "ern:lms:course/1/lecture/1") { title } }`;
  const { body } = await away.query('student-1', query);
  expect(body.data).toMatchObject({ viewer: null });
});
