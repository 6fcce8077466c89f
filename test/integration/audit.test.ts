// Promise: a read of another user's calendar by an administrator or staff leaves a message with
// who, whom, which kinds and window, and no titles; other reads leave none.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type ForeignRead, listen } from '../../src/diagnostics.ts';
import { createClient } from '../harness/client.ts';
import { MARCH, MINE, THEIRS } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import { type MockGraph, principalOf } from '../harness/mock-graph.ts';
import { assignment } from '../harness/rows.ts';

const essay = assignment({ course: 1, at: '2026-03-03T00:00+09:00' });
const heard: ForeignRead[] = [];
let graph: MockGraph;
let stop: () => void;
beforeAll(async () => {
  stop = listen('calendar:foreign-read', (read) => heard.push(read));
  graph = await startGraph({
    sources: 'mock',
    responseCacheBytes: 2 ** 20,
    rows: {
      enrollments: { 'student-1': [1] },
      teaches: { 'teacher-1': [1] },
      observes: { 'observer-1': ['student-1'] },
      items: [essay],
    },
  });
});
afterAll(async () => {
  stop();
  await graph.close();
});
afterEach(() => {
  heard.length = 0;
});

const read = (viewer: string, more: object = {}) =>
  graph.query(viewer, THEIRS, { user: 'student-1', ...MARCH, ...more });

test('an administrator and staff are told of, at every read, although answers are stored', async () => {
  const { text } = await read('admin-1', { filter: { kinds: ['ASSIGNMENT'] } });
  await read('teacher-1');
  await read('teacher-1');
  const about = { user: 'student-1', field: 'calendar', ...MARCH };
  const all = ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'];
  expect(heard).toEqual([
    { ...about, viewer: 'admin-1', as: 'ADMINISTRATOR', kinds: ['ASSIGNMENT'], requestId: expect.any(String) },
    { ...about, viewer: 'teacher-1', as: 'STAFF', kinds: all, requestId: expect.any(String) },
    { ...about, viewer: 'teacher-1', as: 'STAFF', kinds: all, requestId: expect.any(String) },
  ]);
  expect(text).toContain(String(essay.title));
  expect(JSON.stringify(heard)).not.toContain(String(essay.title));
});

test('a read is told of once in each request, also when another field of it fails', async () => {
  const query = `query ($user: ID!, $from: DateTime!, $to: DateTime!) {
    user(id: $user) { calendar(from: $from, to: $to) { version } } other: user(id: "student-9") { id } }`;
  const direct = createClient(graph.calendarUrl, (user) =>
    graph.sign({ audience: 'calendar', user: principalOf(user) }),
  );
  for (const _ of [1, 2, 3, 4]) await direct.query('teacher-1', query, { user: 'student-1', ...MARCH });
  await direct.close();
  expect(heard).toHaveLength(4);
});

test('an event by its id and an agenda are told of too', async () => {
  const id = `ASSIGNMENT!student-1!${essay.ern}`;
  await graph.query(
    'teacher-1',
    `{ scheduleEvent(id: "${id}") { title } user(id: "student-1") { upcoming { nodes { id } } } }`,
  );
  expect(new Set(heard.map(({ field, from }) => `${field} ${from}`))).toEqual(
    new Set(['scheduleEvent null', 'upcoming null']),
  );
});

test('the user’s own reads, an observer’s, and refused ones are not', async () => {
  await graph.query('student-1', MINE, MARCH);
  await graph.query('teacher-1', MINE, MARCH);
  await read('observer-1');
  await read('teacher-9');
  expect(heard).toEqual([]);
});
