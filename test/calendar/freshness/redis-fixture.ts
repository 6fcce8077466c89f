// A stream on a real Redis, written like a relay would, with faults on demand.
import { Redis } from 'ioredis';
import type { ChangeFeed } from '../../../src/calendar/freshness/feed.ts';
import { createRedisFeed } from '../../../src/calendar/freshness/redis.ts';
import { EVENT_KINDS } from '../../../src/calendar/model/event.ts';
import { systemClock } from '../../../src/clock.ts';
import { startRedis } from '../../harness/redis-server.ts';
import type { FeedFixture, Written } from './contract.ts';

export const KEY = 'ern:changes';

/** The contract's fixture, and the client behind it. */
export interface RedisFixture extends FeedFixture {
  readonly url: string;
  readonly redis: Redis;
  /** Makes every source's writer alive, for good. */
  revive(): Promise<void>;
}

/** A feed over the stream at this address. */
export function feedAt(url: string): ChangeFeed {
  return createRedisFeed({ url, clock: systemClock, random: Math.random });
}

/** The fields of a change as an entry holds them. */
export function fieldsOf({ audience, ern = audience, from, to }: Written): string[] {
  const span = from === null || to === null ? [] : ['from', from, 'to', to];
  return ['kind', 'LECTURE', 'ern', ern, 'audience', audience, ...span, 'at', new Date().toISOString()];
}

/** Starts a server; every source's writer is alive. */
export async function startRedisFixture(): Promise<RedisFixture> {
  const server = await startRedis();
  const redis = new Redis(server.url, { retryStrategy: () => 20 });
  redis.on('error', () => undefined);
  const revive = async () => {
    for (const kind of EVENT_KINDS) await redis.set(`${KEY}:alive:${kind}`, '1');
  };
  await revive();
  return {
    ...server,
    redis,
    revive,
    feed: () => feedAt(server.url),
    async write(...changes) {
      const pipeline = redis.pipeline();
      for (const change of changes) pipeline.xadd(KEY, '*', ...fieldsOf(change));
      await pipeline.exec();
    },
    async writeMalformed() {
      await redis.xadd(KEY, '*', 'kind', 'LECTURE', 'audience', 'no ern');
    },
    async lose() {
      await redis.multi().xadd(KEY, '*', 'audience', 'ern:lms:course/lost').xtrim(KEY, 'MAXLEN', 0).exec();
    },
    async connections() {
      return String(await redis.client('LIST')).match(/name=calendar-feed/g)?.length ?? 0;
    },
    async close() {
      redis.disconnect();
      await server.close();
    },
  };
}
