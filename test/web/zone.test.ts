// Days and times of a zone in a browser of another: months, weeks, and local times that convert
// back.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addMonths,
  dayOf,
  instantOf,
  localOf,
  monthGrid,
  weekNumberOf,
  weekOf,
} from '../../src/web/page/zone.ts';

const ZONES = ['Asia/Seoul', 'America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe', 'Africa/Cairo', 'UTC'];
const zones = fc.constantFrom(...ZONES);
const instants = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2040, 0) }).map((ms) => ms - (ms % 60_000));
const days = instants.map((ms) => new Date(ms).toISOString().slice(0, 10));

test('a local time converts back to its instant, except in the repeated hour', () => {
  fc.assert(
    fc.property(zones, instants, (zone, instant) => {
      const back = instantOf(localOf(instant, zone), zone);
      expect(localOf(back, zone)).toBe(localOf(instant, zone));
      expect(Math.abs(back - instant)).toBeLessThanOrEqual(3_600_000);
    }),
    { numRuns: 2_000 },
  );
});

test('the weeks of a month start on Sunday and are exactly those that contain its days', () => {
  fc.assert(
    fc.property(days, (day) => {
      const { from, to } = monthGrid(day);
      const first = `${day.slice(0, 7)}-01`;
      const last = addDays(addMonths(day, 1), -1);
      expect([new Date(from).getUTCDay(), new Date(to).getUTCDay()]).toEqual([0, 0]);
      expect([from <= first, addDays(from, 7) > first, to > last, addDays(to, -7) <= last]).toEqual([
        true,
        true,
        true,
        true,
      ]);
    }),
  );
});

test.each([
  ['2026-11-22T15:00:00Z', 'Asia/Seoul', '2026-11-23'],
  ['2026-11-22T14:59:59Z', 'Asia/Seoul', '2026-11-22'],
  ['2026-11-23T04:59:00Z', 'America/New_York', '2026-11-22'],
])('%s in %s is on %s', (instant, zone, day) => {
  expect(dayOf(instant, zone)).toBe(day);
});

test.each([
  ['2026-03-08T01:30:00', 'America/New_York', '2026-03-08T06:30:00.000Z'],
  ['2026-03-08T03:30:00', 'America/New_York', '2026-03-08T07:30:00.000Z'],
  ['2026-11-01T00:30:00', 'America/New_York', '2026-11-01T04:30:00.000Z'],
  ['2026-11-01T03:00:00', 'America/New_York', '2026-11-01T08:00:00.000Z'],
])('around a change of the clocks, %s in %s is %s', (local, zone, instant) => {
  expect(new Date(instantOf(local, zone)).toISOString()).toBe(instant);
});

test('months and weeks are counted as calendar months and weeks', () => {
  expect([addMonths('2026-01-31', 1), addMonths('2026-01-31', -1), weekOf('2026-11-22'), weekOf('2026-11-28')]).toEqual(
    ['2026-02-01', '2025-12-01', '2026-11-22', '2026-11-22'],
  );
});

test('a week from Sunday has the ISO 8601 number of its Monday', () => {
  const known = {
    '2026-01-01': 1,
    '2025-12-28': 1,
    '2026-11-29': 49,
    '2026-12-05': 49,
    '2027-01-01': 53,
    '2027-01-03': 1,
  };
  expect(Object.fromEntries(Object.keys(known).map((day) => [day, weekNumberOf(day)]))).toEqual(known);
  fc.assert(
    fc.property(days, (day) => {
      const number = weekNumberOf(day);
      expect(number).toBeGreaterThanOrEqual(1);
      expect(number).toBeLessThanOrEqual(53);
      expect(weekNumberOf(weekOf(day))).toBe(number);
      const next = weekNumberOf(addDays(day, 7));
      expect(next === number + 1 || next === 1).toBe(true);
    }),
  );
});
