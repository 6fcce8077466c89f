// Promise: a subscription is for students, for observers of each child, for one course, and for
// teachers of their courses; nobody gets more than the calendar shows them.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { request } from 'undici';
import { manualClock } from '../harness/clock.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, lecture, own } from '../harness/rows.ts';
import { values } from '../ics/examples.ts';

const first = lecture({ course: 1, at: '2026-03-10T09:00+09:00' });
const essay = assignment({ course: 1, at: '2026-03-11T09:00+09:00' });
const second = lecture({ course: 2, at: '2026-03-10T11:00+09:00' });
const third = lecture({ course: 3, at: '2026-03-10T13:00+09:00' });
let graph: MockGraph;
beforeEach(async () => {
  graph = await startGraph({
    sources: 'mock',
    clock: manualClock(),
    rows: {
      enrollments: { 'student-1': [1, 2], 'student-2': [3] },
      observes: { 'observer-1': ['student-1', 'student-2'] },
      teaches: { 'teacher-1': [1] },
      items: [first, essay, second, third, own('student-1', essay, { submission: 'SUBMITTED' })],
    },
  });
});
afterEach(() => graph.close());

async function get(user: string, query = '') {
  const document = '{ viewer { calendarSubscription { url } } }';
  const { body } = await graph.query<{ viewer: { calendarSubscription: { url: string } } }>(user, document);
  const { pathname } = new URL(body.data.viewer.calendarSubscription.url);
  const reply = await request(`${graph.gatewayUrl}${pathname}${query}`);
  const text = await reply.body.text();
  return { status: reply.statusCode, uids: values(text, 'UID').sort(), text };
}
const erns = (...items: readonly { ern: string }[]) => items.map(({ ern }) => ern).sort();

test('an observer has an address for each child, with what the child did', async () => {
  const one = await get('observer-1', '?child=student-1');
  expect([one.status, one.uids]).toEqual([200, erns(first, essay, second)]);
  expect(values(one.text, 'SUMMARY')).toContain(`✓ ${essay.title}`);
  expect((await get('observer-1', '?child=student-2')).uids).toEqual(erns(third));
});

test.each([
  ['another student', 'student-2', 'student-1'],
  ['an observer of others', 'observer-2', 'student-1'],
  ['an observer, of nobody', 'observer-1', 'nobody'],
])('the child of %s is 404', async (_, user, child) => {
  expect((await get(user, `?child=${child}`)).status).toBe(404);
});

test('a child who is not observed any more is 404, and has no last text either', async () => {
  expect((await get('observer-1', '?child=student-1')).status).toBe(200);
  graph.rows.observes['observer-1'] = [];
  graph.calendar.invalidateAll();
  expect((await get('observer-1', '?child=student-1')).status).toBe(404);
});

test('one course is named after it', async () => {
  const { uids, text } = await get('student-1', '?course=ern:lms:course/1');
  expect([uids, values(text, 'X-WR-CALNAME')]).toEqual([erns(first, essay), ['Course schedule: course 1']]);
});

test('a course of others is empty, a malformed one is 400', async () => {
  expect((await get('student-1', '?course=ern:lms:course/3')).uids).toEqual(['placeholder@calendar-federated']);
  expect((await get('student-1', '?course=3')).status).toBe(400);
  expect((await get('student-1', '?child=student-1&child=student-2')).status).toBe(400);
});

test('a teacher’s address has the courses that they teach, and nothing to be done', async () => {
  const { uids, text } = await get('teacher-1', '?todo=1&remind=60');
  expect(uids).toEqual(erns(first, essay));
  expect([values(text, 'DUE'), values(text, 'ACTION')]).toEqual([[], []]);
});
