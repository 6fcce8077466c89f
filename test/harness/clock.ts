// The manual clock: time stands still until a test moves it; timers due on the way run in order.
// Between timers all promises settle, so a timer's effects are complete before the next one runs.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/clock.ts';

/** A {@link Clock} moved by hand. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms` milliseconds; resolves when all timers due by then have run and promises
   * have settled.
   */
  advance(ms: number): Promise<void>;
  /**
   * Sets the time that is shown, also back. Timers and durations do not notice.
   */
  set(instant: number): void;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands at `start` (milliseconds since 1970; by default 2026-03-02T00:00:00Z). */
export function manualClock(start: number = Date.UTC(2026, 2, 2)): ManualClock {
  let now = start;
  let elapsed = 0;
  // In order of creation, so timers due at the same instant run as the machine's would.
  const timers = new Set<Timer>();
  return {
    now: () => now,
    elapsed: () => elapsed,
    after(ms, run) {
      const timer = { at: elapsed + Math.max(0, ms), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const end = elapsed + ms;
      await nextTurn();
      for (let timer = earliest(timers, end); timer !== undefined; timer = earliest(timers, end)) {
        timers.delete(timer);
        now += Math.max(0, timer.at - elapsed);
        elapsed = Math.max(elapsed, timer.at);
        timer.run();
        await nextTurn();
      }
      now += end - elapsed;
      elapsed = end;
    },
    set(instant) {
      now = instant;
    },
  };
}

/** Lets every promise that can settle now do so; no time passes on any injected clock. */
export async function settled(): Promise<void> {
  await nextTurn();
}

function earliest(timers: ReadonlySet<Timer>, end: number): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
  return first;
}
