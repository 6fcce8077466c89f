// When feed addresses were last made anew, kept in Redis: it outlives every process, and all
// replicas see the same. While Redis does not answer nothing is guessed: an address is neither
// given nor taken.

import { reportError } from '../../diagnostics.ts';
import { ApiError } from '../../errors.ts';
import { createRedisClient } from '../../redis.ts';
import type { RotationStore } from './address.ts';

/** A store that has a connection. */
export interface RedisRotations extends RotationStore {
  close(): Promise<void>;
}

/** One hash for all users; the tenant is in its name, since tenants may share a Redis. */
const keyOf = (tenant: string) => `${tenant}:feed-rotations`;
/** Milliseconds one command may take. */
const COMMAND_MS = 500;

/** Later than any before: two rotations within a millisecond are two. */
const ROTATE = `
  local last = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%d', math.max(tonumber(ARGV[2]), last + 1)))
`;

/**
 * The store at `url` (redis:// or rediss://). Connects now and whenever the connection is lost.
 * Rejects with UNAVAILABLE.
 */
export function redisRotations({ url, tenant }: { url: string; tenant: string }): RedisRotations {
  const redis = createRedisClient(url, 'calendar-rotations', COMMAND_MS);
  return {
    async rotatedAt(userId) {
      return Number((await redis.hget(keyOf(tenant), userId).catch(unavailable)) ?? 0);
    },
    async rotate(userId, at) {
      await redis.eval(ROTATE, 1, keyOf(tenant), userId, at).catch(unavailable);
    },
    close: async () => redis.disconnect(),
  };
}

function unavailable(error: unknown): never {
  reportError(error);
  throw new ApiError('UNAVAILABLE', 'Feed addresses cannot be looked up at the moment.');
}
