// What a student can do about an event: only what the services accept now; and where staff can
// change it.
import { expect, test } from '@jest/globals';
import { actionOf, isTaught } from '../../src/web/page/event-rights.ts';

type Event = Parameters<typeof actionOf>[0];
type Detail = Parameters<typeof actionOf>[1];
const at = (time: string) => Date.parse(`2026-11-23T${time}:00+09:00`);
const event = (more: Partial<Event>) =>
  ({
    kind: 'ASSIGNMENT',
    completion: 'PENDING',
    startsAt: '2026-11-23T09:00:00+09:00',
    endsAt: '2026-11-23T10:00:00+09:00',
    closesAt: '2026-11-23T11:00:00+09:00',
    ...more,
  }) as Event;
const check = (more: Partial<Event> = {}, method: 'CODE' | 'TEACHER' | null = 'CODE') =>
  [event({ kind: 'ATTENDANCE', ...more }), { attendanceCheck: method && { method } } as Detail] as const;

test('an assignment can be handed in from its start to its late limit, until it is', () => {
  const none = {} as Detail;
  const times = ['08:59', '09:00', '10:30', '11:00', '11:01'].map((time) => actionOf(event({}), none, at(time)));
  expect(times).toEqual([null, 'HAND_IN', 'HAND_IN', 'HAND_IN', null]);
  expect(actionOf(event({ closesAt: null }), none, at('10:30'))).toBeNull();
  expect(actionOf(event({ completion: 'MISSED' }), none, at('10:30'))).toBe('HAND_IN');
  for (const completion of ['COMPLETED', 'LATE', 'EXCUSED', 'NOT_REQUIRED'] as const)
    expect(actionOf(event({ completion }), none, at('09:30'))).toBeNull();
});

test('a student checks in while the check is open, unless the teacher does it', () => {
  const times = ['08:59', '09:00', '09:59', '10:00'].map((time) => actionOf(...check(), at(time)));
  expect(times).toEqual([null, 'CHECK_IN', 'CHECK_IN', null]);
  expect([actionOf(...check({}, 'TEACHER'), at('09:30')), actionOf(...check({}, null), at('09:30'))]).toEqual([
    null,
    null,
  ]);
  expect(actionOf(event({ kind: 'LECTURE' }), {} as Detail, at('09:30'))).toBeNull();
});

test('staff can change what they teach, and what they see on a student’s calendar; others nothing', () => {
  const [taught, own] = [event({ completion: 'NOT_REQUIRED' }), event({ completion: 'PENDING' })];
  const teacher = { roles: ['teacher'], user: null };
  expect([isTaught(taught, teacher), isTaught(own, teacher)]).toEqual([true, false]);
  expect(isTaught(own, { roles: ['teacher'], user: 'student-1' })).toBe(true);
  expect(isTaught(own, { roles: ['admin'], user: 'student-1' })).toBe(true);
  for (const role of ['student', 'observer'])
    for (const user of [null, 'student-1']) expect(isTaught(taught, { roles: [role], user })).toBe(false);
});
