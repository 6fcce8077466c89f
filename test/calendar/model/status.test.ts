// The combined status of several readings: never better than the worst, never newer than the
// oldest.
import { describe, expect, test } from '@jest/globals';
import { combine, completenessOf, type Reading } from '../../../src/calendar/model/status.ts';

const fresh = (fetchedAt: number): Reading<string> => ({ state: 'FRESH', value: 'v', fetchedAt, reason: null });
const stale = (fetchedAt: number): Reading<string> => ({ state: 'STALE', value: 'v', fetchedAt, reason: 'TIMEOUT' });
const none: Reading<string> = { state: 'UNAVAILABLE', value: null, fetchedAt: null, reason: 'UNREACHABLE' };

describe('several readings combined', () => {
  test('have the worst state with its reason, and the oldest load time', () => {
    expect(combine([fresh(20), fresh(10)])).toEqual({ status: 'FRESH', fetchedAt: 10, reason: null });
    expect(combine([fresh(10), stale(20)])).toEqual({ status: 'STALE', fetchedAt: 10, reason: 'TIMEOUT' });
    expect(combine([stale(20), none, fresh(30)])).toEqual({
      status: 'UNAVAILABLE',
      fetchedAt: 20,
      reason: 'UNREACHABLE',
    });
  });

  test('are fresh without a load time if there are none', () => {
    expect(combine([])).toEqual({ status: 'FRESH', fetchedAt: null, reason: null });
  });
});

describe('an answer', () => {
  const [FRESH, STALE, UNAVAILABLE] = (['FRESH', 'STALE', 'UNAVAILABLE'] as const).map((status) => ({
    status,
    dropped: 0,
    truncated: false,
  }));
  const DROPPED = { status: 'FRESH' as const, dropped: 1, truncated: false };
  const CUT = { status: 'FRESH' as const, dropped: 0, truncated: true };

  test.each([
    ['COMPLETE', [FRESH, FRESH]],
    ['COMPLETE', []],
    ['STALE', [FRESH, STALE]],
    ['PARTIAL', [FRESH, UNAVAILABLE]],
    ['PARTIAL', [STALE, UNAVAILABLE]],
    ['PARTIAL', [FRESH, DROPPED]],
    ['PARTIAL', [CUT]],
    ['PARTIAL', [UNAVAILABLE, DROPPED]],
    ['UNAVAILABLE', [UNAVAILABLE, UNAVAILABLE]],
    ['UNAVAILABLE', [UNAVAILABLE]],
  ])('is %s for %j', (completeness, sources) => {
    expect(completenessOf(sources.filter((source) => source !== undefined))).toBe(completeness);
  });
});
