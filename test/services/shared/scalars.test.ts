// The scalars: instants, resource names and URLs.
import { describe, expect, test } from '@jest/globals';
import * as calendar from '../../../src/calendar/model/instant.ts';
import {
  DateTime,
  ERN,
  FIRST_INSTANT,
  LAST_INSTANT,
  parseInstant,
  URLScalar,
} from '../../../src/services/shared/scalars.ts';

describe('instants', () => {
  test.each([
    ['2026-11-22T09:00:00+09:00', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22t09:00:00.123456z', '2026-11-22T09:00:00.123Z'],
    ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T23:59:59+14:00', '2000-02-29T09:59:59.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ])('%s is %s', (given, expected) => {
    expect(parseInstant(given)).toBe(expected);
  });

  test.each([
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-06-30T23:59:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+0900',
    '2026-01-01T00:00:00',
    '2026-01-01 00:00:00Z',
    '2026-01-01',
    '26-01-01T00:00:00Z',
    '0000-12-31T00:00:00Z',
    '0001-01-01T00:00:00+09:00',
    '9999-12-31T23:59:59-09:00',
    ' 2026-01-01T00:00:00Z',
    '',
    1_700_000_000_000,
    null,
    new Date(0),
  ])('cannot be %p', (given) => {
    expect(parseInstant(given)).toBeNull();
  });
});

describe('dates that are written', () => {
  test('are in the range that the calendar accepts, and no other', () => {
    expect([FIRST_INSTANT, LAST_INSTANT].map((at) => Date.parse(at))).toEqual([
      calendar.FIRST_INSTANT,
      calendar.LAST_INSTANT,
    ]);
    for (const good of ['1970-01-01T09:00:00+09:00', '1970-01-01T00:00:00Z', '2199-12-31T23:59:59.999Z']) {
      expect(DateTime.parseValue(good)).toBe(new Date(good).toISOString());
    }
    for (const bad of [
      '1969-12-31T23:59:59.999Z',
      '1970-01-01T08:59:59+09:00',
      '2200-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
    ]) {
      expect(() => DateTime.parseValue(bad)).toThrow(
        `DateTime: expected an instant from 1970-01-01T00:00:00.000Z and before 2200-01-01T00:00:00.000Z, given "${bad}"`,
      );
    }
  });
});

test('a resource name has pairs of type and id in at most 256 bytes', () => {
  const take = (text: unknown) => () => ERN.parseValue(text);
  for (const good of ['ern:lms:course/1', 'ern:lms:course/42/lecture/123', 'ern:lms:user/a@b.c~_-'])
    expect(take(good)()).toBe(good);
  for (const bad of [
    'ern:lms:course',
    'ern:lms:course/1/lecture',
    'ern::course/1',
    'ern:lms:course/1 ',
    "ern:lms:course/1'--",
    `ern:lms:user/${'x'.repeat(250)}`,
    7,
  ]) {
    expect(take(bad)).toThrow('ERN: expected a resource name (ern:lms:course/42), given ');
  }
});

test('a URL is http or https, absolute and without credentials', () => {
  const take = (text: string) => () => URLScalar.parseValue(text);
  expect(take('https://files.example/1?a=b#c')()).toBe('https://files.example/1?a=b#c');
  for (const bad of [
    '/1',
    'javascript:alert(1)',
    'ftp://x/',
    'https://a:b@x/',
    'http://',
    `https://x/${'y'.repeat(2048)}`,
  ]) {
    expect(take(bad)).toThrow('URL: expected an absolute http(s) address');
  }
});
