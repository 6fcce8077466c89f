// Promise: a subscription that was whole once is served for as long as the operator allows, also
// while its sources fail, because one error empties some clients.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { memoryRotations, type RotationStore } from '../../src/calendar/subscription/address.ts';
import { DAY_MS } from '../../src/durations.ts';
import { ApiError } from '../../src/errors.ts';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, check, lecture } from '../harness/rows.ts';
import { withItems } from '../harness/wrong-answers.ts';
import { values } from '../ics/examples.ts';

let talk: ReturnType<typeof lecture>;
let clock: ManualClock;
let graph: MockGraph;
let isStoreAway = false;
const stored = memoryRotations();
const rotations: RotationStore = {
  rotationOf: (user) =>
    isStoreAway ? Promise.reject(new ApiError('UNAVAILABLE', 'not now')) : stored.rotationOf(user),
  rotate: (user, at) => stored.rotate(user, at),
};
beforeEach(async () => {
  isStoreAway = false;
  clock = manualClock();
  talk = lecture({ course: 1, at: '2026-03-10T09:00+09:00', title: 'first' });
  graph = await startGraph({
    sources: 'mock',
    clock,
    rotations,
    rows: {
      enrollments: { 'student-1': [1], 'student-2': [1] },
      items: [
        talk,
        check({ course: 1, at: '2026-03-10T09:00+09:00' }),
        assignment({ course: 1, at: '2026-03-11T00:00+09:00' }),
      ],
    },
  });
});
afterEach(() => graph.close());

async function pathOf(user: string): Promise<string> {
  const document = '{ viewer { calendarSubscription { url } } }';
  const { body } = await graph.query<{ viewer: { calendarSubscription: { url: string } } }>(user, document);
  return new URL(body.data.viewer.calendarSubscription.url).pathname;
}
async function get(path: string, headers: Record<string, string> = {}) {
  const reply = await request(`${graph.gatewayUrl}${path}`, { headers });
  const { 'cache-status': cacheStatus, age, etag } = reply.headers;
  return { status: reply.statusCode, cacheStatus, age, etag, text: await reply.body.text() };
}

describe.each(['lecture', 'attendance', 'assignment'] as const)('with %s away', (name) => {
  test('the last whole text is served with its age, and 304 is given for it', async () => {
    const path = await pathOf('student-1');
    const whole = await get(path);
    await graph.sources[name].fault({ refuse: true });
    await clock.advance(2 * 3_600_000);
    const last = await get(path);
    expect([last.status, last.text, last.age]).toEqual([200, whole.text, '7200']);
    expect(last.cacheStatus).toBe('calendar-gateway; hit; ttl=-7200; detail="age=7200, not-whole"');
    expect((await get(path, { 'if-none-match': String(whole.etag) })).status).toBe(304);
    // Another address never had a text.
    expect((await get(await pathOf('student-2'))).status).toBe(503);
    await graph.sources[name].heal();
    await clock.advance(10_000);
    expect((await get(path)).age).toBeUndefined();
  });
});

test('with an item that stays malformed, the last whole text is served, and never one without it', async () => {
  const path = await pathOf('student-1');
  const whole = await get(path);
  await graph.sources.lecture.fault({
    answer: withItems((items) => items.map((item) => ({ ...item, startsAt: 'x' }))),
  });
  for (let day = 0; day < 6; day += 1) {
    await clock.advance(DAY_MS);
    const { status, text } = await get(path);
    expect([day, status, text]).toEqual([day, 200, whole.text]);
  }
});

test('with the calendar subgraph away, an address gets the text that it had', async () => {
  const path = await pathOf('student-1');
  const whole = await get(path);
  await graph.calendar.close();
  const last = await get(path);
  expect([last.status, last.text]).toEqual([200, whole.text]);
  expect(last.cacheStatus).toContain('calendar-away');
});

test('while the calendar cannot say whether an address was ended, it gets no text, and afterwards the current one', async () => {
  const path = await pathOf('student-1');
  expect((await get(path)).status).toBe(200);
  isStoreAway = true;
  expect((await get(path)).status).toBe(503);
  await graph.query('student-1', 'mutation { rotateCalendarSubscription { url } }');
  isStoreAway = false;
  expect((await get(path)).status).toBe(404);
  expect((await get(await pathOf('student-1'))).status).toBe(200);
});

test('after the time that the operator allows it is 503 again', async () => {
  const path = await pathOf('student-1');
  await get(path);
  await graph.sources.lecture.fault({ refuse: true });
  await clock.advance(7 * DAY_MS + 1);
  expect((await get(path)).status).toBe(503);
});

test('an address that was rotated gets nothing, also while a source is away', async () => {
  const path = await pathOf('student-1');
  await get(path);
  await graph.query('student-1', 'mutation { rotateCalendarSubscription { url } }');
  await graph.sources.lecture.fault({ refuse: true });
  expect((await get(path)).status).toBe(404);
  await graph.calendar.close();
  expect((await get(path)).status).toBe(503);
});

test('forty addresses at once right after the start are forty whole texts', async () => {
  const users = Array.from({ length: 40 }, (_, index) => `student-${index + 10}`);
  for (const user of users) Object.assign(graph.rows.enrollments, { [user]: [1] });
  const paths = await Promise.all(users.map(pathOf));
  const replies = await Promise.all(paths.map((path) => get(path)));
  expect(replies.map(({ status, text }) => [status, values(text, 'UID').length])).toEqual(users.map(() => [200, 3]));
});

test('a text that changes only in its revision keeps its bytes and its ETag', async () => {
  const path = await pathOf('student-1');
  const whole = await get(path);
  talk.updatedAt = '2026-03-01T10:00:00Z';
  graph.calendar.invalidateAll();
  const again = await get(path);
  expect([again.text, again.etag]).toEqual([whole.text, whole.etag]);
  talk.title = 'second';
  graph.calendar.invalidateAll();
  expect((await get(path)).etag).not.toBe(whole.etag);
});

test('an unchanged text is confirmed by the calendar, without a call to a source', async () => {
  const path = await pathOf('student-1');
  await get(path);
  const calls = Object.values(graph.calls).flat().length;
  const again = await get(path);
  expect([again.status, again.cacheStatus]).toEqual([200, 'calendar-gateway; hit']);
  expect(Object.values(graph.calls).flat()).toHaveLength(calls);
});
