// A circuit breaker, a limit on calls in flight, and Retry-After, in front of one target. Calls
// that are not allowed fail at once with a SourceError.
import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import type { Clock } from '../../clock.ts';
import { type FailureReason, SourceError } from '../../errors.ts';
import { createBreaker } from './breaker.ts';
import { isTooLarge } from './exchange.ts';

/** Limits of one target. */
export interface GuardSettings {
  /**
   * How long the breaker stays open at first, in milliseconds; doubles with every failed probe,
   * minus up to half at random. Default 1 s.
   */
  readonly openMs?: number;
  /** Maximum time it stays open, in milliseconds. Default 30 s. */
  readonly maxOpenMs?: number;
  /** Called when the breaker opens and when it closes again. */
  readonly onBreaker?: (state: 'open' | 'closed') => void;
  /** Maximum number of calls in flight. Default 32. */
  readonly inFlight?: number;
  /** Maximum number of waiting calls; a further one is OVERLOADED. Default 64. */
  readonly waiting?: number;
}

/**
 * Failures that open the breaker. FORBIDDEN is none: the service works but refuses us; nor is an
 * answer that is too large, which is asked for in parts.
 */
const FAILURES: ReadonlySet<FailureReason> = new Set(['TIMEOUT', 'UNREACHABLE', 'OVERLOADED', 'BAD_RESPONSE']);

/**
 * Wraps `call`. Adds the SourceErrors CIRCUIT_OPEN (the breaker is open, or its probe is in flight)
 * and OVERLOADED (too many waiting calls, or within a Retry-After). Waiting time does not count as
 * the call's.
 */
export function guard<A extends readonly unknown[], T>(
  call: (...args: A) => Promise<T>,
  clock: Clock,
  settings: GuardSettings = {},
): (...args: A) => Promise<T> {
  const { inFlight = 32, waiting = 64, openMs = 1_000, maxOpenMs = 30_000 } = settings;
  const breaker = createBreaker({
    clock,
    openMs,
    maxOpenMs,
    isFailure,
    ...(settings.onBreaker === undefined ? {} : { onState: settings.onBreaker }),
  });
  const gate = bulkhead(inFlight, waiting);
  let pausedUntil = 0;

  const assertAllowed = () => {
    const quietMs = pausedUntil - clock.elapsed();
    if (quietMs > 0) throw new SourceError('OVERLOADED', 'asked to be left alone', { retryAfterMs: quietMs });
    breaker.assertClosed();
  };
  const obeyRetryAfter = (error: unknown) => {
    if (!(error instanceof SourceError) || error.retryAfterMs === undefined) return;
    pausedUntil = Math.max(pausedUntil, clock.elapsed() + error.retryAfterMs);
  };
  const run = async (args: A) => {
    assertAllowed();
    return breaker.execute(() =>
      call(...args).catch((error: unknown) => {
        obeyRetryAfter(error);
        throw error;
      }),
    );
  };
  return async (...args) => {
    assertAllowed();
    return gate
      .execute(() => run(args))
      .catch((error: unknown) => {
        throw translate(error);
      });
  };
}

function isFailure(error: unknown): boolean {
  return error instanceof SourceError && FAILURES.has(error.reason) && !isTooLarge(error);
}

function translate(error: unknown): unknown {
  if (error instanceof BulkheadRejectedError) {
    return new SourceError('OVERLOADED', 'too many calls waiting', { cause: error });
  }
  return error;
}
