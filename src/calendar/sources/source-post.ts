// How the calendar calls a source: as itself and never as a user, within a deadline, through the
// breaker and the bulkhead.
import type { SignInternal } from '../../auth/internal-token.ts';
import type { Clock } from '../../clock.ts';
import { type GuardSettings, guard } from '../../http/client/guard.ts';
import type { Transport } from '../../http/client/transport.ts';
import type { Post } from './source.ts';

/** One source on the wire. */
export interface SourceConnection {
  /** The service's name: the audience of our token. */
  readonly service: string;
  readonly transport: Transport;
  readonly sign: SignInternal;
  readonly clock: Clock;
  /** Milliseconds for one call, its retry included. */
  readonly deadlineMs: number;
  /**
   * Limits of the breaker and the bulkhead; the breaker opens for at most 4 s, so that a source
   * that is back is used within 5 s.
   */
  readonly limits?: GuardSettings;
}

const MAX_OPEN_MS = 4_000;

/**
 * Sends batches to the source. Reads only, so a call whose connection is lost may be made once
 * more.
 */
export function createSourcePost({ service, transport, sign, clock, deadlineMs, limits }: SourceConnection): Post {
  const post = guard(
    (body: string, authorization: string) =>
      transport.post({ body, headers: { authorization }, deadlineMs, retry: true }),
    clock,
    { maxOpenMs: MAX_OPEN_MS, ...limits },
  );
  return async (body) => {
    const token = await sign({ audience: service, scopes: ['schedule:read'] });
    return (await post(body, `Bearer ${token}`)).body;
  };
}
