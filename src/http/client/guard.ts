// When to leave a service alone: a circuit breaker, a limit on calls in flight, and the service's
// own Retry-After. It stands in front of one target's calls and answers at once, with a
// SourceError, those it does not let through.
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  circuitBreaker,
  ExponentialBackoff,
  halfJitterGenerator,
  handleWhen,
  type IBreaker,
} from 'cockatiel';
import type { Clock } from '../../clock.ts';
import { type FailureReason, SourceError } from '../../errors.ts';
import { createTripRule } from './trip-rule.ts';

/** Limits of one target. */
export interface GuardSettings {
  /**
   * Milliseconds the breaker stays open at first; doubles with every failed probe, less up to half
   * by chance. Default 1 s.
   */
  readonly openMs?: number;
  /** Most milliseconds it stays open. Default 30 s. */
  readonly maxOpenMs?: number;
  /** Calls in flight at a time. Default 32. */
  readonly inFlight?: number;
  /** Calls waiting for a place; one more is OVERLOADED. Default 64. */
  readonly waiting?: number;
}

/** Signs of a broken service. FORBIDDEN is not one: it answers, only not us. */
const FAILURES: ReadonlySet<FailureReason> = new Set(['TIMEOUT', 'UNREACHABLE', 'OVERLOADED', 'BAD_RESPONSE']);

/**
 * Wraps `call`. Adds to its errors SourceError CIRCUIT_OPEN (the breaker is open, or its one probe
 * is under way) and OVERLOADED (too many calls waiting, or within a Retry-After). Time spent
 * waiting for a place is not `call`'s.
 */
export function guard<A extends readonly unknown[], T>(
  call: (...args: A) => Promise<T>,
  clock: Clock,
  settings: GuardSettings = {},
): (...args: A) => Promise<T> {
  const { inFlight = 32, waiting = 64 } = settings;
  const breaker = createBreaker(clock, settings);
  const gate = bulkhead(inFlight, waiting);
  let pausedUntil = 0;

  const assertAllowed = () => {
    const quietMs = pausedUntil - clock.now();
    if (quietMs > 0) throw new SourceError('OVERLOADED', 'asked to be left alone', { retryAfterMs: quietMs });
    // cockatiel lets everybody wait for the probe; a hanging probe would hold them all up.
    if (breaker.state === CircuitState.HalfOpen) throw new SourceError('CIRCUIT_OPEN', 'a probe is under way');
  };
  const obeyRetryAfter = (error: unknown) => {
    if (!(error instanceof SourceError) || error.retryAfterMs === undefined) return;
    pausedUntil = Math.max(pausedUntil, clock.now() + error.retryAfterMs);
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

function createBreaker(clock: Clock, { openMs = 1_000, maxOpenMs = 30_000 }: GuardSettings) {
  return circuitBreaker(
    handleWhen((error) => error instanceof SourceError && FAILURES.has(error.reason)),
    {
      breaker: tripBreaker(clock),
      halfOpenAfter: new ExponentialBackoff({
        initialDelay: openMs,
        maxDelay: maxOpenMs,
        generator: halfJitterGenerator,
      }),
    },
  );
}

/** Our rule as cockatiel's breaker. */
function tripBreaker(clock: Clock): IBreaker {
  const rule = createTripRule(() => clock.now());
  return {
    state: undefined,
    success(state) {
      if (state === CircuitState.HalfOpen) rule.reset();
      rule.succeeded();
    },
    failure: () => rule.failed(),
  };
}

function translate(error: unknown): unknown {
  if (error instanceof BrokenCircuitError)
    return new SourceError('CIRCUIT_OPEN', 'the breaker is open', { cause: error });
  if (error instanceof BulkheadRejectedError) {
    return new SourceError('OVERLOADED', 'too many calls waiting', { cause: error });
  }
  return error;
}
