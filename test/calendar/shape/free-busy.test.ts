// Busy time is never shown as free, free time never as busy, and intervals do not touch.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { busyIntervals } from '../../../src/calendar/shape/free-busy.ts';
import { events, numbered } from '../arbitrary.ts';

test('an instant of the window is busy exactly during a lecture', () => {
  fc.assert(
    fc.property(events(0, 40, 1, 20), fc.nat(40), fc.nat(40), (all, from, length) => {
      const window = { from, to: from + length };
      const busy = busyIntervals(all, window);
      const shown = (moment: number) => busy.some(({ startsAt, endsAt }) => startsAt <= moment && moment < endsAt);
      const real = (moment: number) =>
        all.some((one) => one.kind === 'LECTURE' && one.startsAt <= moment && moment < one.endsAt);
      for (let moment = from - 2; moment < window.to + 2; moment += 1) {
        const isIn = moment >= window.from && moment < window.to;
        expect([moment, shown(moment)]).toEqual([moment, isIn && real(moment)]);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('intervals are in order, have a length, and do not touch', () => {
  fc.assert(
    fc.property(events(0, 40, 1, 20), (all) => {
      const busy = busyIntervals(all, { from: 5, to: 35 });
      busy.forEach(({ startsAt, endsAt }, index) => {
        expect(startsAt).toBeLessThan(endsAt);
        expect(startsAt).toBeGreaterThan(busy[index - 1]?.endsAt ?? Number.NEGATIVE_INFINITY);
      });
    }),
  );
});

test('consecutive lectures are one interval; checks and assignments take no time', () => {
  const all = [
    numbered('LECTURE', 1, { startsAt: 0, endsAt: 10 }),
    numbered('ASSIGNMENT', 2, { startsAt: 0, endsAt: 90 }),
    numbered('LECTURE', 3, { startsAt: 10, endsAt: 20 }),
    numbered('ATTENDANCE', 4, { startsAt: 30, endsAt: 40 }),
  ];
  expect(busyIntervals(all, { from: 0, to: 100 })).toEqual([{ startsAt: 0, endsAt: 20 }]);
});
