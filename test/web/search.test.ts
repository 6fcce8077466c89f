// What a search shows: the order of what was found, and what is said of it.
import { expect, test } from '@jest/globals';
import type { ScheduleEvent } from '../../src/web/page/graph-types.ts';
import { MESSAGES } from '../../src/web/page/messages.ts';
import { nearestFirst, resultText, searchWindow } from '../../src/web/page/search.ts';

const NOW = Date.parse('2026-11-23T03:00:00Z');
const event = (id: string, day: string, timing: ScheduleEvent['timing'] = 'INTERVAL') =>
  ({ id, timing, startsAt: `2026-${day}T09:00:00Z`, endsAt: `2026-${day}T10:00:00Z` }) as ScheduleEvent;

test('what is ahead comes first, the next first, then what is over, the last first', () => {
  const events = [event('old', '09-01'), event('next', '11-24'), event('last', '11-22'), event('later', '12-24')];
  expect(nearestFirst(events, NOW).map(({ id }) => id)).toEqual(['next', 'later', 'last', 'old']);
});

test('a search says how many it found, that some data is missing, or that it failed', () => {
  const found = (count: number, completeness: 'COMPLETE' | 'PARTIAL' = 'COMPLETE') =>
    resultText({ events: Array.from({ length: count }, () => event('a', '11-24')), completeness }, MESSAGES.en);
  expect(found(0)).toBe('0 found within six months of today.');
  expect(found(51)).toBe('51 found; the nearest 50 are shown.');
  expect(found(2, 'PARTIAL')).toBe(
    '2 found within six months of today. Some data could not be loaded: something may be missing.',
  );
  expect(resultText(null, MESSAGES.en)).toBe('The calendar cannot be reached right now.');
});

test('a search asks for no longer window than the API answers', () => {
  const { from, to } = searchWindow(NOW);
  expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBeLessThanOrEqual(400);
});
