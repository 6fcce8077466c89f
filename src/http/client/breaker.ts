// A circuit breaker: closed it counts calls, open it lets none through, and after a pause one probe
// decides. While the probe runs other calls fail at once: a hanging probe delays nobody.
import type { Clock } from '../../clock.ts';
import { doublingPause } from '../../durations.ts';
import { SourceError } from '../../errors.ts';
import { createTripRule } from './trip-rule.ts';

/** Options of {@link createBreaker}; times in milliseconds. */
export interface BreakerOptions {
  readonly clock: Clock;
  /**
   * How long it stays open at first; doubles with every failed probe, minus up to half at random.
   */
  readonly openMs: number;
  readonly maxOpenMs: number;
  /** Whether an error shows that the target does not work. Others count as answers. */
  readonly isFailure: (error: unknown) => boolean;
  /** Called when it opens and when it closes again. */
  readonly onState?: (state: 'open' | 'closed') => void;
  /** From 0 to 1. Default: Math.random. */
  readonly random?: () => number;
}

/** Throws SourceError CIRCUIT_OPEN instead of calling; otherwise gives what the call gives. */
export interface Breaker {
  /** Throws CIRCUIT_OPEN while a call would not be allowed. */
  assertClosed(): void;
  execute<T>(call: () => Promise<T>): Promise<T>;
}

/** A closed breaker. */
export function createBreaker(options: BreakerOptions): Breaker {
  const { clock, openMs, maxOpenMs, isFailure, onState, random = Math.random } = options;
  const rule = createTripRule(() => clock.elapsed());
  // How often it opened in a row: 0 is closed.
  let openings = 0;
  let openUntil = 0;
  let isProbing = false;

  const open = () => {
    openings += 1;
    const pause = doublingPause(openings, openMs, maxOpenMs);
    openUntil = clock.elapsed() + pause * (0.5 + 0.5 * random());
    onState?.('open');
  };
  const assertClosed = () => {
    if (isProbing) throw new SourceError('CIRCUIT_OPEN', 'a probe is under way');
    if (openings > 0 && clock.elapsed() < openUntil) throw new SourceError('CIRCUIT_OPEN', 'the breaker is open');
  };
  const probe = async <T>(call: () => Promise<T>): Promise<T> => {
    isProbing = true;
    try {
      const result = await call();
      close();
      return result;
    } catch (error) {
      if (isFailure(error)) open();
      else close();
      throw error;
    } finally {
      isProbing = false;
    }
  };
  const close = () => {
    openings = 0;
    rule.reset();
    rule.succeeded();
    onState?.('closed');
  };
  const count = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      const result = await call();
      rule.succeeded();
      return result;
    } catch (error) {
      // A call that began before it opened does not open it a second time.
      if (isFailure(error) && rule.failed() && openings === 0) open();
      throw error;
    }
  };
  return {
    assertClosed,
    execute(call) {
      assertClosed();
      return openings > 0 ? probe(call) : count(call);
    },
  };
}
