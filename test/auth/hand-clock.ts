// A manual clock for code that only reads the time.
import type { Clock } from '../../src/clock.ts';

/** Starts at 2026-11-22T00:00:00Z and moves only when told to, by milliseconds. */
export function handClock(): Clock & { advance(ms: number): void } {
  let now = Date.UTC(2026, 10, 22);
  return {
    now: () => now,
    elapsed: () => now,
    after: () => () => undefined,
    advance(ms) {
      now += ms;
    },
  };
}
