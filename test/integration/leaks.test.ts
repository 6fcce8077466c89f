// Promise: no answer contains internals: no host, port, path, stack, token or text of a failed
// source; and headers of clients are never trusted. Canaries are planted and searched for in every
// byte.

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MARCH, MINE, type Mine } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import type { SourceName } from '../harness/mock-schema.ts';
import type { Fault } from '../harness/mock-source.ts';
import { assignment, check, lecture } from '../harness/rows.ts';
import { onlyErrors, withItems } from '../harness/wrong-answers.ts';

const CANARY =
  'canary-7f3a at Object.query (/srv/lecture/db.ts:12:3) SELECT * FROM users -- postgres://root:pw@10.0.0.7';
const NAMES: readonly SourceName[] = ['lecture', 'attendance', 'assignment'];
const DEEP = `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to) { completeness sources { reason } events {
  id ... on LectureEvent { lecture { title } } ... on AttendanceEvent { attendanceCheck { title } } ... on AssignmentEvent { assignment { title } } } } } }`;

let graph: MockGraph;
beforeEach(async () => {
  graph = await startGraph({
    sources: 'mock',
    sourceDeadlineMs: 1_000,
    rows: {
      enrollments: { 'student-1': [1] },
      items: [
        lecture({ course: 1, at: '2026-03-10T09:00+09:00' }),
        check({ course: 1, at: '2026-03-10T09:00+09:00' }),
        assignment({ course: 1, at: '2026-03-11T00:00+09:00' }),
      ],
    },
  });
});
afterEach(() => graph.close());

/** What must be in no answer. */
function inside(): RegExp {
  const ports = [graph.calendarUrl, ...NAMES.map((name) => graph.sources[name].url)].map((url) => new URL(url).port);
  return new RegExp(
    `canary|SELECT|postgres|10\\.0\\.0|localhost|127\\.0\\.0\\.1|::1|:(${ports.join('|')})|ECONN|UND_ERR|undici|node_modules|stack|\\.ts:|/srv/|Bearer|eyJ`,
  );
}

const FAULTS: readonly [string, Fault][] = [
  ['refuses connections', { refuse: true }],
  ['resets connections', { reset: true }],
  ['answers 500 with its trace', { status: 500, body: CANARY }],
  ['answers 502 with a page', { status: 502, headers: { 'content-type': 'text/html' }, body: `<pre>${CANARY}</pre>` }],
  [
    'answers 400 in GraphQL’s own media type',
    {
      status: 400,
      headers: { 'content-type': 'application/graphql-response+json' },
      body: JSON.stringify({ errors: [{ message: CANARY }] }),
    },
  ],
  ['answers 503 with a header full of it', { status: 503, headers: { 'x-powered-by': CANARY, 'retry-after': CANARY } }],
  ['answers data: null and its errors', { answer: onlyErrors(CANARY) }],
  ['answers JSON that breaks off', { answer: () => `{"data": "${CANARY}` }],
  [
    'answers errors beside data, under a code of ours',
    {
      answer: (answer) => ({
        ...answer,
        errors: [{ message: CANARY, extensions: { code: 'INTERNAL_SERVER_ERROR', debug: CANARY } }],
      }),
    },
  ],
  [
    'answers items that are wrong',
    { answer: withItems((items) => items.map((item) => ({ ...item, startsAt: CANARY, debug: CANARY }))) },
  ],
  ['redirects', { status: 302, headers: { location: 'http://10.0.0.7/canary' } }],
];

test.each(FAULTS)(
  'a source that %s leaves no trace in the answer, with an empty cache or with links',
  async (_, fault) => {
    for (const name of NAMES) await graph.sources[name].fault(fault);
    const cold = await graph.query('student-1', MINE, MARCH);
    expect(cold.text).not.toMatch(inside());
    expect(cold.status).toBe(200);
  },
);

test.each(FAULTS)('a source that %s leaves no trace in the errors of missing links', async (_, fault) => {
  await graph.query('student-1', MINE, MARCH);
  for (const name of NAMES) await graph.sources[name].fault(fault);
  const { status, text, body } = await graph.query<{ viewer: { calendar: { events: unknown[] } } }>(
    'student-1',
    DEEP,
    MARCH,
  );
  expect(text).not.toMatch(inside());
  expect(status).toBe(200);
  expect(body.data.viewer.calendar.events).toHaveLength(3);
});

test('an unreachable calendar is a status of each source, and otherwise one plain sentence', async () => {
  await graph.calendar.close();
  const page = await graph.query<Mine>('student-1', MINE, MARCH);
  expect(page.text).not.toMatch(inside());
  expect(page.body.data.viewer.calendar).toMatchObject({ events: [], completeness: 'UNAVAILABLE' });
  const { text, body } = await graph.query('student-1', '{ observed { id } }');
  expect(text).not.toMatch(inside());
  expect(body.errors?.map((error) => [error.message, error.extensions])).toEqual([
    ['The calendar service did not answer.', { code: 'UNAVAILABLE' }],
  ]);
});

test('internal headers sent by a client have no effect and are not passed on', async () => {
  const plain = await graph.query('student-1', MINE, MARCH);
  for (const calls of Object.values(graph.calls)) calls.length = 0;
  const claims = {
    'x-deadline-ms': '0',
    'x-user-id': 'admin-1',
    'x-forwarded-for': '127.0.0.1',
    'apollo-query-plan-experimental': '1',
    'apollo-federation-include-trace': 'ftv1',
    'apollo-require-preflight': '1',
    cookie: 'canary=1',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const claimed = await graph.query('student-1', DEEP, { ...MARCH, maxAge: 0 }, claims);
  expect(claimed.text).not.toMatch(/extensions|queryPlan|ftv1/);
  expect((await graph.query('student-1', MINE, MARCH, claims)).text).toBe(plain.text);
  const calls = Object.values(graph.calls).flat();
  expect(calls.length).toBeGreaterThan(0);
  for (const { headers, caller } of calls) {
    for (const name of Object.keys(claims)) if (name !== 'x-deadline-ms') expect(headers).not.toHaveProperty(name);
    expect(caller.user?.id).not.toBe('admin-1');
  }
});

test('a user’s own token never reaches a source', async () => {
  await graph.query('student-1', DEEP, MARCH);
  for (const { headers } of Object.values(graph.calls).flat()) {
    const [head] = String(headers.authorization).replace('Bearer ', '').split('.');
    expect(JSON.parse(Buffer.from(String(head), 'base64url').toString())).toEqual({ alg: 'HS256' });
  }
});
