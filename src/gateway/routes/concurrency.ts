// How many requests at a time the gateway takes: fewer while an event loop on their way is late,
// its own or that of a part that it calls, and step by step more when all are in time again. So a
// short queue keeps the processor busy, and what is admitted is answered about as fast as under
// normal load. A source that answers slowly makes no event loop late, so it sheds nothing. The rule
// is that of TCP (RFC 5681): decrease by a factor, increase slowly.
import type { Clock } from '../../clock.ts';

/** The limit is looked at so often, in milliseconds. */
const STEP_MS = 100;
/** While an event loop is late: the part that is admitted of what was in flight. */
const DECREASE = 0.8;
/** While it is not: how much more in each step, and one more. */
const INCREASE = 1.05;
/** So many are always admitted: a page and what it loads, on a machine that is busy otherwise. */
const MIN = 12;
/** What another part reported counts for so long. */
const REPORTED_MS = 1_000;

/** Options of {@link createConcurrency}; times in milliseconds. */
export interface ConcurrencyOptions {
  readonly max: number;
  /** An event loop that is later than this on average is late. */
  readonly lateMs: number;
  /** How late the own event loop is on average. */
  readonly ownDelayMs: () => number;
  readonly clock: Pick<Clock, 'elapsed'>;
}

/** The limit. */
export interface Concurrency {
  /** How many requests may be in flight now. `inFlight`: how many are. */
  readonly limit: (inFlight: number) => number;
  /** A part that was called reports how late its event loop is on average. */
  readonly report: (delayMs: number) => void;
}

/** Begins with `max`. */
export function createConcurrency({ max, lateMs, ownDelayMs, clock }: ConcurrencyOptions): Concurrency {
  const min = Math.min(MIN, max);
  let limit = max;
  let peak = 0;
  let steppedAt = clock.elapsed();
  let reported = { delayMs: 0, at: 0 };
  const delayMs = () => Math.max(ownDelayMs(), clock.elapsed() - reported.at < REPORTED_MS ? reported.delayMs : 0);
  const step = () => {
    const steps = Math.floor((clock.elapsed() - steppedAt) / STEP_MS);
    if (steps === 0) return;
    steppedAt = clock.elapsed();
    const late = delayMs();
    if (late > lateMs) limit = Math.max(min, DECREASE * Math.min(limit, peak));
    // Between half and all of it the limit stays as it is.
    else if (late <= lateMs / 2) limit = Math.min(max, limit * INCREASE ** steps + steps);
    peak = 0;
  };
  return {
    limit(inFlight) {
      peak = Math.max(peak, inFlight);
      step();
      return Math.floor(limit);
    },
    report(ms) {
      // Of several calendars the one that is latest counts in a step.
      const isLess = clock.elapsed() - reported.at < STEP_MS && ms < reported.delayMs;
      if (!isLess) reported = { delayMs: ms, at: clock.elapsed() };
    },
  };
}
