// Windows of queries, and months that cover time without gap in every zone.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LAST_INSTANT } from '../../../src/calendar/model/instant.ts';
import type { Month } from '../../../src/calendar/model/slice.ts';
import { Zone } from '../../../src/calendar/model/zone.ts';
import { MAX_WINDOW_DAYS, monthsCovering, parseWindow, parseZone } from '../../../src/calendar/read/window.ts';

const DAY = 86_400_000;
const at = (text: string) => Date.parse(text);
const text = (instant: number) => new Date(instant).toISOString();
const namesOf = (months: readonly Month[]) => months.map((month) => month.name);

const UTC = Zone.named('UTC') as Zone;

describe('a window', () => {
  test('is half-open between two instants with any offsets', () => {
    const given = { from: '2026-11-01T00:00:00+09:00', to: '2026-11-30T15:00:00Z' };
    expect(parseWindow(given, UTC)).toEqual({ from: at('2026-10-31T15:00:00Z'), to: at('2026-11-30T15:00:00Z') });
  });

  test('may be empty, also with one instant written in two ways', () => {
    const { from, to } = parseWindow({ from: '2026-11-01T00:00:00+09:00', to: '2026-10-31T15:00:00z' }, UTC);
    expect(from).toBe(to);
  });

  test('may have 400 local days over a change of clocks, and no millisecond more', () => {
    const newYork = Zone.named('America/New_York') as Zone;
    // From summer to winter: an hour more than 400 times 24.
    const [from, to] = ['2026-10-01T00:00:00-04:00', '2027-11-05T00:00:00-04:00'];
    const [start, end] = ['2026-09-01T00:00:00-04:00', '2027-10-06T00:00:00-04:00'];
    expect(parseWindow({ from: start, to: end }, newYork)).toEqual({ from: at(start), to: at(end) });
    expect(parseWindow({ from, to }, newYork)).toEqual({ from: at(from), to: at(to) });
    const autumn = { from: '2026-10-20T00:00:00-04:00', to: '2027-11-24T00:00:00-05:00' };
    expect(parseWindow(autumn, newYork)).toEqual({ from: at(autumn.from), to: at(autumn.to) });
    expect(() => parseWindow({ ...autumn, to: '2027-11-24T00:00:01-05:00' }, newYork)).toThrow('at most 400 days');
    expect(() => parseWindow(autumn, UTC)).toThrow('at most 400 days');
  });

  test('may have 400 days and no millisecond more', () => {
    const from = at('2026-01-01T00:00:00Z');
    const longest = from + MAX_WINDOW_DAYS * DAY;
    expect(parseWindow({ from: text(from), to: text(longest) }, UTC)).toEqual({ from, to: longest });
    expect(() => parseWindow({ from: text(from), to: text(longest + 1) }, UTC)).toThrow(
      'to: expected at most 400 days after from (2026-01-01T00:00:00.000Z), given "2027-02-05T00:00:00.001Z"',
    );
  });

  test.each([
    ['from', { from: 'NaN', to: '2026-11-01T00:00:00Z' }, 'given "NaN"'],
    ['from', { from: null, to: '2026-11-01T00:00:00Z' }, 'given null'],
    ['from', { from: undefined, to: '2026-11-01T00:00:00Z' }, 'given undefined'],
    ['to', { from: '2026-11-01T00:00:00Z', to: '2026-02-30T00:00:00Z' }, 'given "2026-02-30T00:00:00Z"'],
    ['to', { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00' }, 'given "2026-11-02T00:00:00"'],
    ['to', { from: '2026-11-01T00:00:00Z', to: '9999-11-02T00:00:00Z' }, 'given "9999-11-02T00:00:00Z"'],
    ['to', { from: '2026-11-01T00:00:00Z', to: 'x'.repeat(10_000) }, 'x...'],
  ])('is refused naming %s, with what was expected and given', (argument, window, given) => {
    const refusal = refusalOf(() => parseWindow(window, UTC));
    expect(refusal.extensions).toEqual({ code: 'BAD_USER_INPUT', argument });
    expect(refusal.message).toMatch(
      new RegExp(`^${argument}: expected an RFC 3339 instant with an offset between 1970`),
    );
    expect(refusal.message).toContain(given);
    expect(refusal.message.length).toBeLessThan(200);
  });

  test('that ends before it starts is refused, naming the argument to', () => {
    expect(() => parseWindow({ from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' }, UTC)).toThrow(
      'to: expected an instant not before from (2026-11-02T00:00:00Z), given "2026-11-01T00:00:00Z"',
    );
  });
});

describe('a time zone', () => {
  test('is accepted by its name', () => expect(parseZone('Asia/Seoul').name).toBe('Asia/Seoul'));

  test.each(['', 'Asia/Atlantis', '+09:00', null, 9, '__proto__'])('%j is refused, naming the argument', (given) => {
    const refusal = refusalOf(() => parseZone(given));
    expect(refusal.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'timeZone' });
    expect(refusal.message).toBe(
      `timeZone: expected an IANA time zone name such as Asia/Seoul, given ${JSON.stringify(given)}`,
    );
  });
});

describe('the months of a window', () => {
  const seoul = parseZone('Asia/Seoul');

  test('are the home zone’s, not those of UTC', () => {
    const months = monthsCovering({ from: at('2026-10-31T15:00:00Z'), to: at('2026-11-30T15:00:00Z') }, seoul);
    expect(months).toEqual([{ name: '2026-11', from: at('2026-10-31T15:00:00Z'), to: at('2026-11-30T15:00:00Z') }]);
  });

  test('include one more month for one millisecond beyond', () => {
    const [from, to] = [at('2026-10-31T15:00:00Z'), at('2026-11-30T15:00:00Z')];
    expect(namesOf(monthsCovering({ from: from - 1, to }, seoul))).toEqual(['2026-10', '2026-11']);
    expect(namesOf(monthsCovering({ from, to: to + 1 }, seoul))).toEqual(['2026-11', '2026-12']);
  });

  test('are none for an empty window, within a month or between two', () => {
    for (const instant of [at('2026-10-31T15:00:00Z'), at('2026-11-11T11:11:11Z')]) {
      expect(monthsCovering({ from: instant, to: instant }, seoul)).toEqual([]);
    }
  });

  test('are at most 15 for the longest window', () => {
    const from = at('2026-01-31T14:59:59Z');
    expect(monthsCovering({ from, to: from + MAX_WINDOW_DAYS * DAY }, seoul)).toHaveLength(15);
  });

  test.each([
    ['America/St_Johns', '2009-11-01T02:40:00Z', '2009-11', 'clocks put back from one past midnight on the first'],
    ['Africa/Monrovia', '1970-12-01T00:44:10Z', '1970-11', 'an offset with seconds'],
    ['America/New_York', '1970-01-01T00:00:00Z', '1969-12', 'the first instant, west of Greenwich'],
    ['Asia/Seoul', '2199-12-31T23:59:59Z', '2200-01', 'the last instant, east of it'],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12', 'a day that never was'],
    ['Asia/Amman', '2022-04-01T12:00:00Z', '2022-04', 'a month that began at one'],
  ])('in %s at %s: %s (%s)', (zone, instant, name) => {
    const months = monthsCovering({ from: at(instant), to: at(instant) + 1 }, parseZone(zone));
    expect(namesOf(months)).toEqual([name]);
  });

  test('have no gap and no overlap in every zone, and lie within the window', () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone')).map(parseZone);
    const from = fc.oneof(fc.integer({ min: 0, max: LAST_INSTANT - 1 }), nearMonthEdge());
    fc.assert(
      fc.property(zone, from, fc.integer({ min: 1, max: MAX_WINDOW_DAYS * DAY }), (home, start, length) => {
        expectTiled(home, { from: start, to: Math.min(start + length, LAST_INSTANT) });
      }),
      { numRuns: 100 },
    );
  });
});

/** Within a day of where a month begins somewhere. */
function nearMonthEdge() {
  return fc
    .tuple(fc.integer({ min: 1, max: 2_759 }), fc.integer({ min: -DAY, max: DAY }))
    .map(([month, around]) => Date.UTC(1970, month, 1) + around);
}

function expectTiled(zone: Zone, window: { from: number; to: number }): void {
  const months = monthsCovering(window, zone);
  const [first, last] = [months[0], months.at(-1)];
  expect(first !== undefined && first.from <= window.from && window.from < first.to).toBe(true);
  expect(last !== undefined && last.from < window.to && window.to <= last.to).toBe(true);
  expect(months.slice(1).map((month) => month.from)).toEqual(months.slice(0, -1).map((month) => month.to));
  expect(new Set(namesOf(months)).size).toBe(months.length);
}

function refusalOf(run: () => unknown): Error & { extensions: unknown } {
  try {
    run();
  } catch (error) {
    return error as Error & { extensions: unknown };
  }
  throw new Error('it was taken');
}
