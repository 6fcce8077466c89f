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

type Answer = { viewer: { calendarSubscription: { url: string } | null } };
const address = (user: string, scope = '') =>
  graph.query<Answer>(user, `{ viewer { calendarSubscription${scope} { url } } }`);

async function get(user: string, query = '', scope = '') {
  const { body } = await address(user, scope);
  return fetchText(`${new URL(String(body.data.viewer.calendarSubscription?.url)).pathname}${query}`);
}
async function fetchText(path: string) {
  const reply = await request(`${graph.gatewayUrl}${path}`);
  const text = await reply.body.text();
  return { status: reply.statusCode, uids: values(text, 'UID').sort(), text };
}
const ofChild = (child: string) => `(child: "${child}")`;
const erns = (...items: readonly { ern: string }[]) => items.map(({ ern }) => ern).sort();

test('an observer has an address for each child, with what the child did', async () => {
  const one = await get('observer-1', '', ofChild('student-1'));
  expect([one.status, one.uids]).toEqual([200, erns(first, essay, second)]);
  expect(values(one.text, 'SUMMARY')).toContain(`✓ ${essay.title}`);
  expect((await get('observer-1', '', ofChild('student-2'))).uids).toEqual(erns(third));
});

test('an address of a child shows nothing of the observer when something of it is taken away', async () => {
  const { body } = await address('observer-1', ofChild('student-1'));
  const { pathname } = new URL(String(body.data.viewer.calendarSubscription?.url));
  const [user, at, , mac] = pathname.split('/').at(-1)?.split('.') ?? [];
  expect((await fetchText(`/calendar/${user}.${at}.${mac}.ics`)).status).toBe(404);
  const { status, text } = await fetchText(`${pathname}?child=student-2`);
  expect([status, text]).toEqual([400, expect.stringContaining('calendarSubscription(child: …)')]);
});

test.each([
  ['another student', 'student-2', 'student-1'],
  ['an observer of others', 'observer-2', 'student-1'],
  ['an observer, of nobody', 'observer-1', 'nobody'],
])('%s gets no address of the child', async (_, user, child) => {
  const { body } = await address(user, ofChild(child));
  expect([body.data.viewer.calendarSubscription, body.errors?.[0]?.extensions.code]).toEqual([null, 'FORBIDDEN']);
});

test('a child who is not observed any more is 404, and has no last text either', async () => {
  const { body } = await address('observer-1', ofChild('student-1'));
  const { pathname } = new URL(String(body.data.viewer.calendarSubscription?.url));
  expect((await fetchText(pathname)).status).toBe(200);
  graph.rows.observes['observer-1'] = [];
  graph.calendar.invalidateAll();
  expect((await fetchText(pathname)).status).toBe(404);
});

test('addresses are ended by the owner and by administrators, all at once, and nobody else', async () => {
  const path = async (scope: string) =>
    new URL(String((await address('observer-1', scope)).body.data.viewer.calendarSubscription?.url)).pathname;
  const end = async (who: string, args: string) =>
    (await graph.query<{ endCalendarSubscription: boolean | null }>(who, `mutation { endCalendarSubscription${args} }`))
      .body;
  for (const [who, args] of [
    ['observer-1', ''],
    ['admin-1', '(user: "observer-1")'],
  ] as const) {
    const paths = [await path(''), await path(ofChild('student-1'))];
    for (const one of paths) expect((await fetchText(one)).status).toBe(200);
    expect((await end(who, args)).data).toEqual({ endCalendarSubscription: true });
    for (const one of paths) expect((await fetchText(one)).status).toBe(404);
  }
  const body = await end('teacher-1', '(user: "observer-1")');
  expect([body.data, body.errors?.[0]?.extensions.code]).toEqual([{ endCalendarSubscription: null }, 'FORBIDDEN']);
});

test('one course is named after it', async () => {
  for (const [query, scope] of [
    ['?course=ern:lms:course/1', ''],
    ['', '(course: "ern:lms:course/1")'],
    ['?course=ern:lms:course/2', '(course: "ern:lms:course/1")'],
  ] as const) {
    const { uids, text } = await get('student-1', query, scope);
    expect([uids, values(text, 'X-WR-CALNAME')]).toEqual([erns(first, essay), ['Course schedule: course 1']]);
  }
});

test('a course of others is empty, a malformed one is 400', async () => {
  expect((await get('student-1', '?course=ern:lms:course/3')).uids).toEqual(['placeholder@calendar-federated']);
  expect((await get('student-1', '?course=3')).status).toBe(400);
});

test('a teacher’s address has the courses that they teach, and nothing to be done', async () => {
  const { uids, text } = await get('teacher-1', '?todo=1&remind=60');
  expect(uids).toEqual(erns(first, essay));
  expect([values(text, 'DUE'), values(text, 'ACTION')]).toEqual([[], []]);
});
