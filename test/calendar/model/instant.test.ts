// RFC 3339 to milliseconds: every form of the standard is accepted, and nothing else.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FIRST_INSTANT, LAST_INSTANT, parseInstant, parseRfc3339 } from '../../../src/calendar/model/instant.ts';

describe('an RFC 3339 instant is accepted', () => {
  test.each([
    ['2026-11-22T09:00:00Z', '2026-11-22T09:00:00.000Z'],
    ['2026-11-22t09:00:00z', '2026-11-22T09:00:00.000Z'],
    ['2026-11-22T09:00:00+09:00', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22T09:00:00-03:30', '2026-11-22T12:30:00.000Z'],
    ['2026-11-22T09:00:00+14:00', '2026-11-21T19:00:00.000Z'],
    ['2026-11-22T09:00:00+23:59', '2026-11-21T09:01:00.000Z'],
    ['2026-11-22T09:00:00-00:00', '2026-11-22T09:00:00.000Z'],
    ['2026-11-22T09:00:00.5Z', '2026-11-22T09:00:00.500Z'],
    ['2026-11-22T09:00:00.123456789Z', '2026-11-22T09:00:00.123Z'],
    ['2026-11-22T09:00:00.9999Z', '2026-11-22T09:00:00.999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['1969-12-31T23:30:00-01:00', '1970-01-01T00:30:00.000Z'],
    ['2199-12-31T23:59:59.999Z', '2199-12-31T23:59:59.999Z'],
  ])('%s', (text, same) => expect(parseInstant(text)).toBe(Date.parse(same)));

  test('at every millisecond of the range and every offset', () => {
    const millis = fc.integer({ min: 0, max: LAST_INSTANT - 1 });
    fc.assert(
      fc.property(millis, fc.integer({ min: -1439, max: 1439 }), (at, minutes) => {
        const offset = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
        const suffix = offset.map((part) => String(part).padStart(2, '0')).join(':');
        const local = new Date(at + minutes * 60_000).toISOString().slice(0, 23);
        expect(parseInstant(`${local}${minutes < 0 ? '-' : '+'}${suffix}`)).toBe(at);
      }),
    );
  });
});

describe('anything else is refused', () => {
  test.each([
    ['2026-02-30T00:00:00Z', 'a day that does not exist'],
    ['2025-02-29T00:00:00Z', 'a leap day of a common year'],
    ['2100-02-29T00:00:00Z', 'a leap day of a common century'],
    ['2026-04-31T00:00:00Z', 'the 31st of a short month'],
    ['2026-00-10T00:00:00Z', 'month 0'],
    ['2026-13-01T00:00:00Z', 'month 13'],
    ['2026-01-00T00:00:00Z', 'day 0'],
    ['2026-11-22T24:00:00Z', 'hour 24'],
    ['2026-11-22T09:60:00Z', 'minute 60'],
    ['2026-12-31T23:59:60Z', 'a leap second'],
    ['2026-11-22T09:00:00+24:00', 'an offset of a day'],
    ['2026-11-22T09:00:00+09:60', 'an offset of 60 minutes'],
    ['2026-11-22T09:00:00', 'no offset'],
    ['2026-11-22T09:00:00+0900', 'an offset without a colon'],
    ['2026-11-22T09:00:00+09', 'an offset of hours alone'],
    ['2026-11-22T09:00:00[Asia/Seoul]', 'a zone in brackets'],
    ['2026-11-22T09:00Z', 'no seconds'],
    ['2026-11-22 09:00:00Z', 'a space for the T'],
    ['2026-11-22', 'a date alone'],
    ['20261122T090000Z', 'the basic form'],
    ['2026-W47-7T09:00:00Z', 'a week date'],
    ['+002026-11-22T09:00:00Z', 'a year of six digits'],
    ['0050-01-01T00:00:00Z', 'a year Date would take for 1950'],
    ['2026-11-22T09:00:00.Z', 'a point without a fraction'],
    ['2026-11-22T09:00:00,5Z', 'a comma'],
    ['2026-11-22T09:00:00.1234567890Z', 'ten digits of a second'],
    ['2026-11-22T09:00:00Z\n', 'a line end'],
    [' 2026-11-22T09:00:00Z', 'a space before'],
    ['2026-11-22T09:00:00−03:00', 'a typographic minus'],
    ['２０２６-11-22T09:00:00Z', 'digits beyond ASCII'],
    ['NaN', 'no date at all'],
    ['', 'nothing'],
  ])('%j: %s', (text) => {
    expect(parseInstant(text)).toBeNull();
    expect(parseRfc3339(text)).toBeNull();
  });

  test.each([null, undefined, 1_780_000_000_000, new Date(0), ['2026-11-22T09:00:00Z'], {}])(
    'a value that is not a text: %j',
    (value) => expect(parseInstant(value)).toBeNull(),
  );

  test('an instant outside of [1970, 2200), by the clock of UTC', () => {
    for (const outside of [
      '1969-12-31T23:59:59.999Z',
      '1970-01-01T00:00:00+00:01',
      '2200-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
    ]) {
      expect(parseInstant(outside)).toBeNull();
      expect(parseRfc3339(outside)).toBe(Date.parse(outside));
    }
    expect([FIRST_INSTANT, LAST_INSTANT].map((at) => new Date(at).toISOString())).toEqual([
      '1970-01-01T00:00:00.000Z',
      '2200-01-01T00:00:00.000Z',
    ]);
  });

  test('without ever throwing, for random texts', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseInstant(text) === null));
  });
});
