// The months of a subscription: they stay the same for a month, and fewer are shown when there are
// more events than clients take.
import { expect, test } from '@jest/globals';
import { fittingText, periodAt } from '../../../src/gateway/subscription/period.ts';
import { feedEvent, textOf, values } from '../../ics/examples.ts';

const NOW = Date.parse('2026-03-31T23:59:59.999Z');

test('three months before the current one and nine after it, in UTC', () => {
  const period = { from: '2025-12-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
  expect(periodAt(NOW)).toEqual(period);
  expect(periodAt(Date.parse('2026-03-01T00:00:00Z'))).toEqual(period);
  expect(periodAt(NOW + 1).from).toBe('2026-01-01T00:00:00.000Z');
});

/** `each` events in every month of 2026. */
const year = (each: number, title = 'x') =>
  Array.from({ length: 12 * each }, (_, index) => {
    const day = `2026-${String(1 + Math.floor(index / each)).padStart(2, '0')}-10`;
    const times = { startsAt: `${day}T09:00:00+09:00`, endsAt: `${day}T10:00:00+09:00` };
    return feedEvent({ ern: `ern:lms:course/1/lecture/${index}`, title, ...times });
  });
const months = (text: string) => [...new Set(values(text, 'DTSTART').map((start) => Number(start.slice(4, 6))))];

test.each([
  ['few events: all months', 83, 'x', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ['too many events: earlier months are left out first', 90, 'x', [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ['very many: then later ones', 200, 'x', [3, 4, 5, 6, 7]],
  ['too many bytes', 80, 'x'.repeat(780), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ['the current and the next month are always shown', 600, 'x', [3, 4]],
])('%s', (_, each, title, shown) => {
  const text = fittingText(year(each), NOW, (events) => textOf(events.map((event) => ({ ...event, title }))));
  expect(months(text)).toEqual(shown);
});
