// Whether the event loop is overloaded: its timers are late all the time, not once. As in CoDel
// (RFC 8289) the smallest delay of a while counts: one long task or one burst is no overload.
import type { Clock } from '../../clock.ts';

const TICK_MS = 20;
const TICKS = 5;

/** Measures from its start to `stop`. */
export interface LoopDelay {
  /** Whether each of the last five ticks was later than the maximum. */
  readonly isOverloaded: () => boolean;
  readonly stop: () => void;
}

/** Starts to measure. `maxMs`: how late, in milliseconds, a timer may be. */
export function watchLoopDelay(clock: Clock, maxMs: number): LoopDelay {
  let lateInRow = 0;
  let cancel = () => {};
  const wait = () => {
    const dueAt = clock.elapsed() + TICK_MS;
    cancel = clock.after(TICK_MS, () => {
      lateInRow = clock.elapsed() - dueAt > maxMs ? lateInRow + 1 : 0;
      wait();
    });
  };
  wait();
  return { isOverloaded: () => lateInRow >= TICKS, stop: () => cancel() };
}
