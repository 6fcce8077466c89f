// Phase, completion and overdue, at the instants where they change.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { busyStatusOf, completionOf, isOverdue, phaseOf, timingOf } from '../../../src/calendar/model/derive.ts';
import { EVENT_KINDS, type EventKind, type ScheduleEvent } from '../../../src/calendar/model/event.ts';
import { event } from '../examples.ts';

const [STARTS, ENDS, LAST] = [1_000, 2_000, 3_000];
const check = (given: Partial<ScheduleEvent> = {}) =>
  event({ kind: 'ATTENDANCE', startsAt: STARTS, endsAt: ENDS, ...given });
const assignment = (given: Partial<ScheduleEvent> = {}) => check({ kind: 'ASSIGNMENT', ...given });

describe('the phase', () => {
  test.each([
    [STARTS - 1, 'UPCOMING'],
    [STARTS, 'OPEN'],
    [ENDS - 1, 'OPEN'],
    [ENDS, 'CLOSED'],
  ])('at %i is %s', (now, phase) => expect(phaseOf(check(), now)).toBe(phase));

  test('of an event without length is never OPEN', () => {
    expect(phaseOf(check({ endsAt: STARTS }), STARTS - 1)).toBe('UPCOMING');
    expect(phaseOf(check({ endsAt: STARTS }), STARTS)).toBe('CLOSED');
  });
});

describe('completion', () => {
  test('of a lecture is always NOT_REQUIRED', () => {
    for (const done of [null, 'DONE', 'ABSENT'] as const) {
      expect(completionOf(check({ kind: 'LECTURE', done }), ENDS + 1)).toBe('NOT_REQUIRED');
    }
  });

  test.each([
    ['DONE', 'COMPLETED'],
    ['LATE', 'LATE'],
    ['EXCUSED', 'EXCUSED'],
    ['ABSENT', 'MISSED'],
  ] as const)('what was recorded as %s is %s before and after the end', (done, completion) => {
    expect(completionOf(check({ done }), STARTS)).toBe(completion);
    expect(completionOf(check({ done }), ENDS + 1)).toBe(completion);
  });

  test.each([null, 'NONE'] as const)(
    'of a check without an outcome (%j) is PENDING until it ends, then MISSED',
    (done) => {
      expect(completionOf(check({ done, lateLimit: STARTS + 1 }), ENDS - 1)).toBe('PENDING');
      expect(completionOf(check({ done, lateLimit: STARTS + 1 }), ENDS)).toBe('MISSED');
    },
  );

  test('of an assignment that is not handed in is PENDING until the late limit, then MISSED', () => {
    expect(completionOf(assignment({ lateLimit: LAST }), LAST - 1)).toBe('PENDING');
    expect(completionOf(assignment({ lateLimit: LAST }), LAST)).toBe('MISSED');
    expect(completionOf(assignment(), ENDS)).toBe('MISSED');
  });

  test('of an assignment extended beyond the late limit is PENDING until the extended due date', () => {
    expect(completionOf(assignment({ lateLimit: STARTS + 1 }), ENDS - 1)).toBe('PENDING');
    expect(completionOf(assignment({ lateLimit: STARTS + 1 }), ENDS)).toBe('MISSED');
  });
});

describe('overdue', () => {
  test('is an assignment past its due date that can still be handed in', () => {
    expect(isOverdue(assignment({ lateLimit: LAST }), ENDS - 1)).toBe(false);
    expect(isOverdue(assignment({ lateLimit: LAST }), ENDS)).toBe(true);
    expect(isOverdue(assignment({ lateLimit: LAST }), LAST)).toBe(true);
  });

  test('is no event that is done or excused, and no lecture', () => {
    for (const done of ['DONE', 'LATE', 'EXCUSED'] as const) expect(isOverdue(assignment({ done }), LAST)).toBe(false);
    expect(isOverdue(check({ kind: 'LECTURE' }), LAST)).toBe(false);
  });

  test('is always closed, and either pending or missed', () => {
    const instant = fc.integer({ min: 0, max: 20 });
    const any = fc.record({
      kind: fc.constantFrom(...EVENT_KINDS),
      startsAt: instant,
      endsAt: instant,
      lateLimit: fc.option(instant),
      done: fc.constantFrom(null, 'NONE', 'DONE', 'LATE', 'ABSENT', 'EXCUSED'),
    });
    fc.assert(
      fc.property(any, instant, (given, now) => {
        const made = event({ ...given, done: given.done as ScheduleEvent['done'] });
        const toDo = ['PENDING', 'MISSED'].includes(completionOf(made, now));
        expect(isOverdue(made, now)).toBe(phaseOf(made, now) === 'CLOSED' && toDo);
      }),
    );
  });
});

test('each kind has its timing and busy status', () => {
  const of = (kind: EventKind, allDay = false) => [timingOf({ kind, allDay }), busyStatusOf({ kind, allDay })];
  expect([of('LECTURE'), of('ATTENDANCE'), of('ASSIGNMENT')]).toEqual([
    ['INTERVAL', 'BUSY'],
    ['INTERVAL', 'FREE'],
    ['DEADLINE', 'FREE'],
  ]);
  expect(EVENT_KINDS.map((kind) => of(kind, true))).toEqual(EVENT_KINDS.map(() => ['ALL_DAY', 'FREE']));
});
