// How late the event loop is, and whether it is overloaded: its timers are late all the time, not
// once. As in CoDel (RFC 8289) the smallest delay of a while counts: one long task or one burst is
// no overload.
import { performance } from 'node:perf_hooks';
import type { Clock } from '../../clock.ts';

const TICK_MS = 20;
const TICKS = 5;
/** The part of a tick in the means: about the last ten count. */
const WEIGHT = 0.2;
/** An event loop that waits for more of its time than the rest is late for the sake of others. */
const BUSY = 0.9;

/** The header in which a part tells its callers its mean delay. */
export const LOOP_DELAY_HEADER = 'x-loop-delay-ms';

/** Measures from its start to `stop`. */
export interface LoopDelay {
  /** Whether each of the last five ticks was later than the maximum. */
  readonly isOverloaded: () => boolean;
  /**
   * How late the last ticks were on average, in milliseconds; 0 while the event loop has time left:
   * then it was another process that took the processor.
   */
  readonly meanMs: () => number;
  readonly stop: () => void;
}

/**
 * Starts to measure. `maxMs`: how late, in milliseconds, a timer may be. `busyShare`: the part of
 * the time since its last call in which the event loop had work.
 */
export function watchLoopDelay(clock: Clock, maxMs: number, busyShare = utilization()): LoopDelay {
  let lateInRow = 0;
  let meanMs = 0;
  let meanBusy = 0;
  let cancel = () => {};
  const wait = () => {
    const dueAt = clock.elapsed() + TICK_MS;
    cancel = clock.after(TICK_MS, () => {
      const lateMs = clock.elapsed() - dueAt;
      lateInRow = lateMs > maxMs ? lateInRow + 1 : 0;
      meanMs += WEIGHT * (lateMs - meanMs);
      meanBusy += WEIGHT * (busyShare() - meanBusy);
      wait();
    });
  };
  wait();
  return { isOverloaded: () => lateInRow >= TICKS, meanMs: () => (meanBusy < BUSY ? 0 : meanMs), stop: () => cancel() };
}

function utilization(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization: share } = performance.eventLoopUtilization(now, last);
    last = now;
    return share;
  };
}
