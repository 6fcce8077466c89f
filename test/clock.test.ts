// The system clock: what its numbers are, since they become headers and options of timers.
import { expect, test } from '@jest/globals';
import { systemClock } from '../src/clock.ts';

test('both times are whole milliseconds, and the elapsed time never goes back', () => {
  let before = systemClock.elapsed();
  for (let reads = 0; reads < 1_000; reads += 1) {
    const elapsed = systemClock.elapsed();
    expect([Number.isInteger(elapsed), Number.isInteger(systemClock.now()), elapsed >= before]).toEqual([
      true,
      true,
      true,
    ]);
    before = elapsed;
  }
});
