// How the calendar calls a source: with its own service token and never as a user, within a
// deadline, through circuit breaker and bulkhead.
import type { SignInternal } from '../../auth/internal-token.ts';
import type { Clock } from '../../clock.ts';
import { publish } from '../../diagnostics.ts';
import { type GuardSettings, guard } from '../../http/client/guard.ts';
import type { Transport } from '../../http/client/transport.ts';
import type { Post } from './source.ts';

/** The connection to one source. */
export interface SourceConnection {
  /** The service's name; it is the audience of the token. */
  readonly service: string;
  /** What it is for, in diagnostics. Default reads. */
  readonly use?: 'reads' | 'changes';
  readonly transport: Transport;
  readonly sign: SignInternal;
  readonly clock: Clock;
  /** Milliseconds for one call, its retry included. */
  readonly deadlineMs: number;
  /**
   * Limits of the breaker and the bulkhead. The breaker stays open for at most 4 s, so that a
   * source is used within 5 s after it returns.
   */
  readonly limits?: GuardSettings;
}

const MAX_OPEN_MS = 4_000;

/**
 * Sends batches to the source. They only read, so a call whose connection is lost is repeated once.
 */
export function createSourcePost(connection: SourceConnection): Post {
  const { service, use = 'reads', transport, sign, clock, deadlineMs, limits } = connection;
  const onBreaker = (state: 'open' | 'closed') => {
    publish('calendar:breaker', { service, use, isOpen: state === 'open' });
  };
  onBreaker('closed');
  const post = guard(
    (body: string, authorization: string) =>
      transport.post({
        body,
        headers: { authorization, 'x-deadline-ms': String(deadlineMs) },
        deadlineMs,
        retry: true,
      }),
    clock,
    { maxOpenMs: MAX_OPEN_MS, onBreaker, ...limits },
  );
  return async (body) => {
    const token = await sign({ audience: service, scopes: ['schedule:read'] });
    return (await post(body, `Bearer ${token}`)).body;
  };
}
