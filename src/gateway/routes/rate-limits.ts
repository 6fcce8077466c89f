// How many requests a minute, and how many at a time, one user may make of this gateway, and how
// many one client address a minute: 429 with Retry-After beyond. A user's requests all count. Of an
// address only those count that are refused, because a campus has one address for thousands of
// users: they stay signed in while one of them tries tokens or subscription addresses. Beyond the
// limit no further token has its signature checked, unless it verified before.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import { onReplyClosed } from '../../http/server/event-stream.ts';
import { sendError } from '../../http/server/json-error.ts';
import { TokenBuckets } from '../../token-buckets.ts';

/** A check answers with 429 and gives the reply, or undefined if the request may go on. */
export interface RateLimits {
  /** Counts a request of a signed-in user. */
  readonly ofUser: (userId: string, reply: FastifyReply) => FastifyReply | undefined;
  /**
   * Whether the client's address still has refusals. Counts nothing. `wasBeyond`: it had none a
   * moment ago, which was decided by.
   */
  readonly ofAddress: (request: FastifyRequest, reply: FastifyReply, wasBeyond?: boolean) => FastifyReply | undefined;
  /** Whether it has none left. */
  readonly isAddressBeyond: (request: FastifyRequest) => boolean;
  /** Counts a refused request: one without a valid token or subscription address. */
  readonly refused: (request: FastifyRequest) => void;
}

/** Options of {@link createRateLimits}. `perUser`, `perAddress`: a minute; 0: no limit. */
export interface RateLimitOptions {
  readonly perUser: number;
  /** How many requests of a user may be in flight now; not limited if `perUser` is 0. */
  readonly atOnce: () => number;
  readonly perAddress: number;
}

/** Counts from now on. */
export function createRateLimits({ perUser, atOnce, perAddress }: RateLimitOptions, clock: Clock): RateLimits {
  const users = perUser === 0 ? null : new TokenBuckets(perUser, clock);
  const running = new Map<string, number>();
  const count = (userId: string, change: 1 | -1) => {
    const now = (running.get(userId) ?? 0) + change;
    if (now === 0) running.delete(userId);
    else running.set(userId, now);
  };
  const addresses = perAddress === 0 ? null : new TokenBuckets(perAddress, clock);
  return {
    ofUser(userId, reply) {
      if (users === null) return undefined;
      const waitMs = users.take(userId);
      if (waitMs > 0) return refuse(reply, `At most ${perUser} requests a minute for each user.`, waitMs);
      const most = atOnce();
      if ((running.get(userId) ?? 0) >= most) {
        return refuse(reply, `At most ${most} requests at a time for each user.`, 1_000);
      }
      count(userId, 1);
      onReplyClosed(reply, () => count(userId, -1));
      return undefined;
    },
    ofAddress({ ip }, reply, wasBeyond = false) {
      const waitMs = (addresses?.wait(ip) ?? 0) || (wasBeyond ? 1 : 0);
      const limit = `At most ${perAddress} refused requests a minute for each client address.`;
      return waitMs === 0 ? undefined : refuse(reply, limit, waitMs);
    },
    isAddressBeyond: (request) => addresses !== null && addresses.wait(request.ip) > 0,
    refused({ ip }) {
      addresses?.take(ip);
    },
  };
}

function refuse(reply: FastifyReply, limit: string, waitMs: number): FastifyReply {
  const retryAfter = Math.ceil(waitMs / 1000);
  return sendError(
    reply.header('retry-after', String(retryAfter)),
    429,
    'OVERLOADED',
    `${limit} Try again in ${retryAfter} s.`,
  );
}
