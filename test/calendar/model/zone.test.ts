// Time zones compared with Temporal, at random instants and around every clock change.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { LAST_INSTANT } from '../../../src/calendar/model/instant.ts';
import { Zone } from '../../../src/calendar/model/zone.ts';

const NAMES = [
  'Asia/Seoul',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'Pacific/Kwajalein',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Europe/Dublin',
  'UTC',
];
const name = fc.constantFrom(...NAMES);

function zoneOf(text: string): Zone {
  const zone = Zone.named(text);
  if (zone === null) throw new Error(`${text} is no zone`);
  return zone;
}
const at = (text: string) => Date.parse(text);
const there = (instant: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);

/** Instants within two hours of a change of the clocks, if the zone has one near. */
const nearChange = fc
  .tuple(name, fc.integer({ min: 0, max: LAST_INSTANT - 1 }), fc.integer({ min: -7_200_000, max: 7_200_000 }))
  .map(([zone, anywhere, around]) => {
    const change = there(anywhere, zone).getTimeZoneTransition('previous')?.epochMilliseconds ?? anywhere;
    return [zone, Math.max(0, change + around)] as const;
  });
const anywhere = fc.tuple(name, fc.integer({ min: 0, max: LAST_INSTANT - 1 }));
const onTheMinute = anywhere.map(([zone, instant]) => [zone, instant - (instant % 60_000)] as const);

describe('a zone', () => {
  test('formats instants as Temporal does, in any order, also around clock changes', () => {
    fc.assert(
      fc.property(fc.oneof(anywhere, onTheMinute, nearChange), ([zone, instant]) => {
        const shown = there(instant, zone);
        expect(zoneOf(zone).dateOf(instant)).toBe(shown.toPlainDate().toString());
        const written = zoneOf(zone).format(instant);
        expect(Temporal.Instant.from(written).epochMilliseconds).toBe(instant);
        expect(written.slice(0, 19)).toBe(shown.toPlainDateTime().toString({ smallestUnit: 'second' }));
        expect(written.slice(-6)).toBe(shown.offset);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['Asia/Seoul', '2026-11-22T00:00:00Z', '2026-11-22T09:00:00+09:00'],
    ['Asia/Seoul', '2026-11-22T00:00:00.007Z', '2026-11-22T09:00:00.007+09:00'],
    ['America/New_York', '2026-03-08T06:59:59Z', '2026-03-08T01:59:59-05:00'],
    ['America/New_York', '2026-03-08T07:00:00Z', '2026-03-08T03:00:00-04:00'],
    ['America/New_York', '2026-11-01T05:30:00Z', '2026-11-01T01:30:00-04:00'],
    ['America/New_York', '2026-11-01T06:30:00Z', '2026-11-01T01:30:00-05:00'],
    ['Australia/Lord_Howe', '2026-04-04T15:30:00Z', '2026-04-05T02:00:00+10:30'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', '2026-04-05T01:30:00+10:30'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31T00:00:00+14:00'],
    ['UTC', '2026-11-22T00:00:00Z', '2026-11-22T00:00:00+00:00'],
  ])('%s shows %s as %s', (zone, instant, shown) => expect(zoneOf(zone).format(at(instant))).toBe(shown));

  test('rounds an offset with seconds to minutes and keeps the instant exact', () => {
    const written = zoneOf('Africa/Monrovia').format(at('1971-06-01T00:00:00Z'));
    expect(at(written)).toBe(at('1971-06-01T00:00:00Z'));
    expect(written).toMatch(/-00:4[45]$/);
  });
});

describe('a local day', () => {
  test.each([
    ['Asia/Seoul', '2026-11-22', '2026-11-21T15:00:00Z', 'at midnight'],
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z', 'at one, where midnight was skipped'],
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z', 'at one, where midnight is skipped'],
    ['America/St_Johns', '2009-11-01', '2009-11-01T02:30:00Z', 'at the first of two midnights'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z', 'after a day that never was'],
  ])('of %s starts at %s', (zone, day, begins) => {
    expect(zoneOf(zone).startOfDay(day)).toBe(at(begins));
    expect(zoneOf(zone).dateOf(at(begins))).toBe(day);
  });
});

describe('the name of a zone', () => {
  test('is accepted in any case, and gives one object for each zone', () => {
    expect(zoneOf('asia/seoul')).toBe(zoneOf('Asia/Seoul'));
    expect(zoneOf('asia/seoul').name).toBe('Asia/Seoul');
  });

  test('can be every IANA name that the platform lists', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((known) => Zone.named(known) === null)).toEqual([]);
  });

  test.each([
    '',
    '+09:00',
    '-0300',
    'Asia/Atlantis',
    'Asia/Seoul ',
    'Asia/Seoul\n',
    '../../etc/localtime',
    '__proto__',
    'constructor',
    '2026-11-22T09:00:00Z[Asia/Seoul]',
    'Z',
    'x'.repeat(100_000),
  ])('cannot be %.40j', (text) => expect(Zone.named(text)).toBeNull());
});
