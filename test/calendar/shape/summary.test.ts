// The summary: each number is a count of events that can be checked by hand.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Zone } from '../../../src/calendar/model/zone.ts';
import { summarise } from '../../../src/calendar/shape/summary.ts';
import { events, numbered } from '../arbitrary.ts';

const SEOUL = Zone.named('Asia/Seoul') as Zone;
const at = (text: string) => Date.parse(`2026-03-${text}:00+09:00`);
const NOW = at('02T12:00');

test('the summary counts events by kind, and those that are open, due today, overdue and done', () => {
  const all = [
    numbered('LECTURE', 1, { startsAt: at('02T11:00'), endsAt: at('02T13:00') }),
    numbered('LECTURE', 2, { startsAt: at('02T09:00'), endsAt: NOW }),
    numbered('ATTENDANCE', 3, { startsAt: at('02T09:00'), endsAt: at('02T09:10') }),
    numbered('ATTENDANCE', 4, { startsAt: at('02T11:55'), endsAt: at('02T12:05'), done: 'DONE' }),
    numbered('ASSIGNMENT', 5, { startsAt: at('01T00:00'), endsAt: at('02T23:59') }),
    numbered('ASSIGNMENT', 6, { startsAt: at('01T00:00'), endsAt: at('02T23:59'), done: 'LATE' }),
    numbered('ASSIGNMENT', 7, { startsAt: at('01T00:00'), endsAt: at('03T00:00') }),
    numbered('ASSIGNMENT', 8, { startsAt: at('01T00:00'), endsAt: at('02T08:00'), lateLimit: at('04T00:00') }),
    numbered('ASSIGNMENT', 9, { startsAt: at('01T00:00'), endsAt: at('02T08:00'), done: 'EXCUSED' }),
  ];
  expect(summarise(all, NOW, SEOUL)).toEqual({
    total: 9,
    byKind: [
      { kind: 'LECTURE', count: 2 },
      { kind: 'ATTENDANCE', count: 2 },
      { kind: 'ASSIGNMENT', count: 5 },
    ],
    // 1, 4, 5, 6 and 7.
    open: 5,
    // 5, 7 and 8: 7 ends at midnight; 8 is late, and can still be handed in.
    dueToday: 3,
    // 3 and 8.
    overdue: 2,
    completed: 2,
  });
});

test('dueToday uses the zone’s day: after midnight in Seoul it is still yesterday in New York', () => {
  const due = numbered('ASSIGNMENT', 1, { startsAt: 0, endsAt: at('03T14:30') });
  expect(summarise([due], at('03T01:00'), SEOUL).dueToday).toBe(1);
  expect(summarise([due], at('03T01:00'), Zone.named('America/New_York') as Zone).dueToday).toBe(0);
});

test('a deadline at midnight is due on the day that ends there, and on no other', () => {
  const due = numbered('ASSIGNMENT', 1, { startsAt: 0, endsAt: at('04T00:00') });
  const dueOn = (instant: string) => summarise([due], at(instant), SEOUL).dueToday;
  expect([dueOn('02T12:00'), dueOn('03T00:00'), dueOn('03T23:59')]).toEqual([0, 1, 1]);
  // Late work would still be accepted on the next day.
  const late = { ...due, lateLimit: at('06T00:00') };
  expect(summarise([late], at('04T00:00'), SEOUL).dueToday).toBe(0);
});

test('the counts are consistent with each other for random events and instants', () => {
  fc.assert(
    fc.property(events(0, 100, 1, 20), fc.nat(120), (all, now) => {
      const { total, byKind, open, overdue, completed } = summarise(all, now, SEOUL);
      expect(byKind.reduce((sum, { count }) => sum + count, 0)).toBe(total);
      expect(total).toBe(all.length);
      expect(open + overdue).toBeLessThanOrEqual(total);
      expect(overdue + completed).toBeLessThanOrEqual(total);
    }),
  );
});
