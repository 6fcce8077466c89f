// Promise: a client is notified within moments that its calendar changed, of nothing on other
// calendars, and after an interruption of what it missed.

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { courseErn } from '../harness/rows.ts';

let graph: MockGraph;
const leaving: AbortController[] = [];
beforeEach(async () => {
  const enrollments = { 'student-1': [1], 'student-2': [2] };
  const rows = { enrollments, observes: { 'observer-1': ['student-1'] }, teaches: { 'teacher-1': [1] } };
  graph = await startGraph({ sources: 'mock', clock: systemClock, gateway: false, rows });
});
afterEach(async () => {
  for (const one of leaving.splice(0)) one.abort();
  await graph.close();
});

const open = (headers: Record<string, string>, signal: AbortSignal | null = null, about?: string) =>
  fetch(new URL(about === undefined ? '/changes' : `/changes?user=${about}`, graph.calendarUrl), { headers, signal });

const tokenOf = (id: string) => {
  const [role] = id.split('-') as ['student' | 'observer' | 'teacher' | 'admin'];
  return graph.sign({ audience: 'calendar', user: { id, roles: [role], scopes: ['calendar:read-any'] } });
};

/** Listens as a user, to what is said of another if one is named; gives what was heard so far. */
async function listen(
  user: string,
  after?: string,
  about?: string,
): Promise<{ text: string; over: boolean; leave: () => void }> {
  const token = await tokenOf(user);
  const gone = new AbortController();
  leaving.push(gone);
  const last = after === undefined ? undefined : { 'last-event-id': after };
  const response = await open({ authorization: `Bearer ${token}`, ...last }, gone.signal, about);
  const heard = { text: '', over: false, leave: () => gone.abort() };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) heard.text += decoder.decode(bytes as Uint8Array);
    heard.over = true;
  };
  read().catch(() => undefined);
  await eventually('the beginning', () => heard.text.startsWith(': here'));
  return heard;
}

const changed = (course: number, month = '2026-03') =>
  graph.calendar.invalidate(`LECTURE|${courseErn(course)}|${month}`);
const notifications = ({ text }: { text: string }) =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));

test('a change is reported to the members of its course only', async () => {
  const [one, two] = [await listen('student-1'), await listen('student-2')];
  changed(1);
  await eventually('student-1 hears', () => notifications(one).length === 1);
  changed(2, '2026-04');
  await eventually('student-2 hears', () => notifications(two).length === 1);
  expect([notifications(one), notifications(two)]).toEqual([
    [{ kinds: ['LECTURE'], months: ['2026-03'] }],
    [{ kinds: ['LECTURE'], months: ['2026-04'] }],
  ]);
});

test('every signed-in user can listen to the own calendar, with any user id', async () => {
  const own = await listen('auth0|student-1');
  graph.calendar.invalidateAll();
  await eventually('it is notifications', () => notifications(own).length === 1);
});

test('a notification names no course, no user and no event', async () => {
  const one = await listen('student-1');
  changed(1);
  await eventually('it is notifications', () => notifications(one).length === 1);
  expect(one.text).not.toMatch(/ern:|student|course/);
});

test('a client that reconnects gets the missed notifications', async () => {
  const one = await listen('student-1');
  const [, place = ''] = /^id: (.*)$/m.exec(one.text) ?? [];
  one.leave();
  changed(1);
  const again = await listen('student-1', place);
  await eventually('it is notifications', () => notifications(again).length === 1);
});

test('changes of a newly joined course are reported', async () => {
  const two = await listen('student-2');
  graph.rows.enrollments['student-2'] = [1, 2];
  graph.calendar.invalidate('LECTURE|ern:lms:user/student-2|audiences');
  await eventually('that it was taken up', () => notifications(two).length === 1);
  changed(1);
  await eventually('a change of it', () => notifications(two).length === 2);
});

test('a stream needs an internal token with a user', async () => {
  const service = await graph.sign({ audience: 'calendar', scopes: ['schedule:read'] });
  const statuses = [(await open({})).status, (await open({ authorization: `Bearer ${service}` })).status];
  expect(statuses).toEqual([401, 401]);
});

test('parents are notified of their child’s calendar, teachers of their own courses only', async () => {
  graph.rows.enrollments['student-1'] = [1, 2];
  const parent = await listen('observer-1', undefined, 'student-1');
  const teacher = await listen('teacher-1', undefined, 'student-1');
  changed(2);
  await eventually('the parent hears', () => notifications(parent).length === 1);
  changed(1, '2026-04');
  await eventually('the parent hears again', () => notifications(parent).length === 2);
  await eventually('the teacher hears', () => notifications(teacher).length === 1);
  expect(notifications(teacher)).toEqual([{ kinds: ['LECTURE'], months: ['2026-04'] }]);
});

test.each([
  ['student-2', 'student-1'],
  ['observer-1', 'student-2'],
  ['teacher-1', 'student-2'],
  ['observer-1', 'nobody'],
  ['admin-1', 'no%20id'],
])('%s may not listen to %s', async (user, about) => {
  const response = await open({ authorization: `Bearer ${await tokenOf(user)}` }, null, about);
  expect([response.status, await response.json()]).toMatchObject([
    403,
    { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
  ]);
});

test('a teacher taken off one of two courses hears of the other only, and of a new one', async () => {
  graph.rows.enrollments['student-1'] = [1, 2, 3];
  graph.rows.teaches['teacher-1'] = [1, 2];
  const teacher = await listen('teacher-1', undefined, 'student-1');
  const become = async (courses: number[]) => {
    const before = notifications(teacher).length;
    graph.rows.teaches['teacher-1'] = courses;
    graph.calendar.invalidate('LECTURE|ern:lms:user/teacher-1|audiences');
    changed(2, '2026-05');
    await eventually('that it was taken up', () => notifications(teacher).length > before);
  };
  await become([2]);
  const before = notifications(teacher).length;
  changed(1, '2026-06');
  changed(2, '2026-07');
  await eventually('a change of the other', () => notifications(teacher).length > before);
  expect(JSON.stringify(notifications(teacher).slice(before))).not.toContain('2026-06');
  await become([2, 3]);
  const then = notifications(teacher).length;
  changed(3, '2026-08');
  await eventually('a change of the new one', () => notifications(teacher).length > then);
});

test('a client whose access was revoked receives no further events', async () => {
  const parent = await listen('observer-1', undefined, 'student-1');
  graph.rows.observes['observer-1'] = [];
  graph.calendar.invalidate('LECTURE|ern:lms:user/observer-1|audiences');
  changed(1);
  await eventually('the end', () => parent.over);
  expect(notifications(parent)).toEqual([]);
});
