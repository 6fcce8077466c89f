// Promise: with FRESHNESS=redis a change shows through a real Redis, the services' relays and the
// calendar's feed.
import { afterAll } from '@jest/globals';
import { describeWith, type RealServer } from '../../harness/child-server.ts';
import { REDIS, startRedis } from '../../harness/redis-server.ts';
import { describeFreshness } from './suite.ts';

describeWith(REDIS, 'a Redis stream', () => {
  let redis: RealServer | undefined;
  describeFreshness(async () => {
    redis = await startRedis();
    return { FRESHNESS: 'redis', REDIS_URL: redis.url };
  });
  afterAll(() => redis?.close());
});
