// Where a relay writes with FRESHNESS=redis: the stream `ern:changes`, with the cursor and the sign
// of life of each source beside it.
import type { LiveUrl } from '../../live-url.ts';
import { connectSession, createRedisSession } from '../../redis.ts';
import type { RelayTarget } from './relay.ts';

/** Approximate maximum length of the stream. */
const KEPT = 100_000;
/** Without another sign of life a relay counts as alive for this time, in milliseconds. */
const ALIVE_FOR_MS = 2_000;

/** `url`: `redis://` or `rediss://`. `key`: of the stream. */
export function redisTarget(url: LiveUrl, schema: string, key = 'ern:changes'): RelayTarget {
  const redis = createRedisSession(url, `relay-${schema}`);
  const kind = schema.toUpperCase();
  const cursorKey = `${key}:cursor:${kind}`;
  return {
    connect: () => connectSession(redis),
    disconnect: () => redis.disconnect(),
    cursor: () => redis.get(cursorKey),
    /** One transaction: the entries, their cursor, and whether they are complete. */
    async write({ cursor, changes, hasGap }, isUpToDate) {
      const write = redis.multi();
      const add = (...fields: string[]) => write.xadd(key, 'MAXLEN', '~', KEPT, '*', 'kind', kind, ...fields);
      if (hasGap) add('gap', 'the relay does not know where it was');
      for (const { ern, audience, from, to, at } of changes) {
        add('ern', ern, 'audience', audience, 'from', from ?? '', 'to', to ?? '', 'at', at);
      }
      write.set(cursorKey, cursor);
      if (isUpToDate) write.set(`${key}:alive:${kind}`, '1', 'PX', ALIVE_FOR_MS);
      for (const [error] of (await write.exec()) ?? []) if (error !== null) throw error;
    },
  };
}
