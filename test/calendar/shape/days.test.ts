// Each local day of the window appears once through all clock changes, and an event's segments are
// exactly its part of the window.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { overlaps } from '../../../src/calendar/model/event.ts';
import { Zone } from '../../../src/calendar/model/zone.ts';
import { daysOf } from '../../../src/calendar/shape/days.ts';
import { events } from '../arbitrary.ts';
import { event } from '../examples.ts';

const HOUR = 3_600_000;
const zoneOf = (name: string) => Zone.named(name) as Zone;
const at = (text: string) => Date.parse(text);
const localDate = (instant: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate().toString();

/** Zones, each with an instant near which its clocks do something. */
const PLACES = [
  ['Asia/Seoul', '2026-03-01T00:00:00+09:00'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00:00Z'],
  ['Africa/Cairo', '2026-10-29T21:00:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00:00Z'],
  ['UTC', '2026-12-31T00:00:00Z'],
] as const;

const example = fc
  .record({ place: fc.constantFrom(...PLACES), before: fc.nat(96), length: fc.nat(200) })
  .chain(({ place: [zone, near], before, length }) => {
    const from = at(near) - before * (HOUR / 2);
    const window = { from, to: from + length * (HOUR / 2) };
    const meeting = events(from - 48 * HOUR, window.to + HOUR, HOUR / 4).map((all) =>
      all.filter((one) => overlaps(one.startsAt, one.endsAt, window.from, window.to)),
    );
    return fc.record({ zone: fc.constant(zone), window: fc.constant(window), events: meeting });
  });

describe('in any zone, over any window', () => {
  test('days cover it without gap or overlap, one for each local date', () => {
    fc.assert(
      fc.property(example, ({ zone, window }) => {
        const days = daysOf([], window, zoneOf(zone));
        let end = window.from;
        for (const day of days) {
          expect(day.from).toBe(end);
          expect(day.to).toBeGreaterThan(day.from);
          end = day.to;
        }
        expect(end).toBe(window.to);
        const dates = new Set<string>();
        for (let instant = window.from; instant < window.to; instant += HOUR / 2) dates.add(localDate(instant, zone));
        expect(days.map((day) => day.date)).toEqual([...dates]);
      }),
      { numRuns: 100 },
    );
  });

  test('an event’s segments cover its part of the window, and only its real ends are marked', () => {
    fc.assert(
      fc.property(example, ({ zone, window, events: all }) => {
        const days = daysOf(all, window, zoneOf(zone));
        for (const one of all) {
          const segments = days.flatMap((day) => day.segments.filter((segment) => segment.event === one));
          const [from, to] = [Math.max(one.startsAt, window.from), Math.min(one.endsAt, window.to)];
          let end = from;
          for (const { startsAt, endsAt, isStart, isEnd } of segments) {
            expect(startsAt).toBe(end);
            expect(isStart).toBe(startsAt === one.startsAt);
            expect(isEnd).toBe(endsAt === one.endsAt);
            end = endsAt;
          }
          if (segments.length > 0) expect(end).toBe(Math.max(from, to));
          expect(segments.length > 0).toBe(window.from < window.to);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a segment lies within its day, has a length if its event has, and is in the order of the events', () => {
    fc.assert(
      fc.property(example, ({ zone, window, events: all }) => {
        for (const day of daysOf(all, window, zoneOf(zone))) {
          for (const { startsAt, endsAt, event: one } of day.segments) {
            expect(startsAt).toBeGreaterThanOrEqual(day.from);
            expect(endsAt).toBeLessThanOrEqual(day.to);
            if (one.endsAt > one.startsAt) expect(endsAt).toBeGreaterThan(startsAt);
            else expect([startsAt, endsAt]).toEqual([one.startsAt, one.startsAt]);
          }
          const order = day.segments.map((segment) => all.indexOf(segment.event));
          expect(order).toEqual([...order].sort((a, b) => a - b));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('days have 23 to 25 hours where clocks change', () => {
  test.each([
    ['Asia/Seoul', '2026-03-01', 24],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Africa/Cairo', '2026-04-24', 23],
    ['Africa/Cairo', '2026-10-29', 25],
    ['America/Sao_Paulo', '2018-02-17', 25],
    ['America/Sao_Paulo', '2018-11-04', 23],
    ['Pacific/Apia', '2011-12-29', 24],
    ['Pacific/Apia', '2011-12-31', 24],
  ])('%s %s: %d', (name, date, hours) => {
    const noon = at(`${date}T12:00:00Z`);
    const days = daysOf([], { from: noon - 72 * HOUR, to: noon + 72 * HOUR }, zoneOf(name));
    const day = days.find((one) => one.date === date);
    expect(((day?.to ?? 0) - (day?.from ?? 0)) / HOUR).toBe(hours);
  });

  test('a skipped date is not a day: in Apia the 31st followed the 29th', () => {
    const window = { from: at('2011-12-28T10:00:00Z'), to: at('2012-01-01T10:00:00Z') };
    const dates = daysOf([], window, zoneOf('Pacific/Apia')).map((day) => day.date);
    expect(dates).toEqual(['2011-12-28', '2011-12-29', '2011-12-31', '2012-01-01']);
  });

  test('an hour repeated before midnight belongs to the day it interrupts, for any start of the window', () => {
    // At 00:01 on 1 November 2009 St. John's went back to 23:01 on 31 October.
    const back = at('2009-11-01T02:31:00Z');
    for (const from of [back - 2 * HOUR, back - 60_000, back, back + 10 * 60_000]) {
      const days = daysOf([], { from, to: back + 40 * HOUR }, zoneOf('America/St_Johns'));
      const first = days.find((day) => day.date === '2009-11-01');
      expect(first?.from).toBe(Math.max(from, back - 60_000));
      expect(days.at(-1)?.date).toBe('2009-11-02');
    }
  });
});

test('an event that ends at midnight is not on the next day; one without length at midnight is', () => {
  const midnight = at('2026-03-02T00:00:00+09:00');
  const window = { from: midnight - 24 * HOUR, to: midnight + 24 * HOUR };
  const evening = event({ startsAt: midnight - HOUR, endsAt: midnight });
  const moment = event({ startsAt: midnight, endsAt: midnight });
  const days = daysOf([evening, moment], window, zoneOf('Asia/Seoul'));
  expect(days.map((day) => day.segments.map((segment) => segment.event))).toEqual([[evening], [moment]]);
});

test('an empty window has no day, a window within a day has one', () => {
  const from = at('2026-03-02T10:00:00+09:00');
  expect(daysOf([], { from, to: from }, zoneOf('Asia/Seoul'))).toEqual([]);
  expect(daysOf([], { from, to: from + HOUR }, zoneOf('Asia/Seoul')).map((day) => day.date)).toEqual(['2026-03-02']);
});
