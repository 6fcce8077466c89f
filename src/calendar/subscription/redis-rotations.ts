// The times of rotations of subscription addresses, in Redis, so that they survive restarts and all
// replicas share them. While Redis does not answer, addresses are neither created nor accepted. A
// Redis that has lost them, by eviction or a restart without persistence, makes no address valid
// again that was ended: all addresses are replaced then.

import { randomBytes } from 'node:crypto';
import { reportError } from '../../diagnostics.ts';
import { ApiError } from '../../errors.ts';
import type { LiveUrl } from '../../live-url.ts';
import { createRedisClient } from '../../redis.ts';
import type { RotationStore } from './address.ts';

/** A store with a connection to close. */
export interface RedisRotations extends RotationStore {
  close(): Promise<void>;
}

/** One hash for all users of a tenant; several tenants may share a Redis. */
const keyOf = (tenant: string) => `${tenant}:feed-rotations`;
/** Maximum time of a command in milliseconds. */
const COMMAND_MS = 500;

/** The field of the hash that names the record; no user has this id. */
const RECORD = '\u0000record';

const READ = `
  local record = redis.call('HGET', KEYS[1], ARGV[2])
  if not record then
    record = ARGV[3]
    redis.call('HSET', KEYS[1], ARGV[2], record)
  end
  return { record, redis.call('HGET', KEYS[1], ARGV[1]) or '0' }
`;

/** Always later than the last one: two rotations within a millisecond are two. */
const ROTATE = `
  local last = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%d', math.max(tonumber(ARGV[2]), last + 1)))
`;

/**
 * The store at `url` (redis:// or rediss://). It connects now, and again after a lost connection.
 * Rejects with UNAVAILABLE.
 */
export function redisRotations({ url, tenant }: { url: LiveUrl; tenant: string }): RedisRotations {
  const redis = createRedisClient(url, 'calendar-rotations', COMMAND_MS);
  return {
    async rotationOf(userId) {
      const next = randomBytes(4).toString('hex');
      const answer = await redis.eval(READ, 1, keyOf(tenant), userId, RECORD, next).catch(unavailable);
      const [record, at] = answer as [string, string];
      return { at: Number(at), record };
    },
    async rotate(userId, at) {
      await redis.eval(ROTATE, 1, keyOf(tenant), userId, at).catch(unavailable);
    },
    close: async () => redis.disconnect(),
  };
}

function unavailable(error: unknown): never {
  reportError(error);
  throw new ApiError('UNAVAILABLE', 'Subscription URLs cannot be checked at the moment.');
}
