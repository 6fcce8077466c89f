// What a student can do about an event: only what the services accept now.
import { expect, test } from '@jest/globals';
import { actionOf } from '../../src/web/page/event-actions.ts';

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
