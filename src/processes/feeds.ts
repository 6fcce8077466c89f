// Creates the change feeds that the settings ask for.

import { createCdcFeed } from '../calendar/freshness/cdc.ts';
import type { ChangeFeed } from '../calendar/freshness/feed.ts';
import { createKafkaFeed } from '../calendar/freshness/kafka.ts';
import { createPollFeed } from '../calendar/freshness/poll.ts';
import { createRedisFeed } from '../calendar/freshness/redis.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { type ByKind, EVENT_KINDS, serviceOf } from '../event-kinds.ts';
import { kafkaFrom, urlFrom } from './connections-from.ts';

/** Calls to each source. */
type Posts = ByKind<(body: string) => Promise<string>>;

/** The feeds of FRESHNESS. The configuration has checked that their URLs are set. */
export function feedsFrom(config: Config, clock: Clock, post: Posts): readonly ChangeFeed[] {
  const { FRESHNESS, POLL_INTERVAL: intervalMs, KAFKA_TOPICS } = config;
  const [redis, cdc] = [urlFrom(config, 'REDIS_URL'), urlFrom(config, 'CDC_DATABASE_URL')];
  const kafka = kafkaFrom(config);
  const pausing = { clock, random: Math.random };
  if (FRESHNESS === 'redis' && redis !== undefined) return [createRedisFeed({ url: redis, ...pausing })];
  if (FRESHNESS === 'cdc' && cdc !== undefined) return [createCdcFeed({ url: cdc, ...pausing })];
  if (FRESHNESS === 'kafka' && kafka !== null) {
    return EVENT_KINDS.map((kind) => createKafkaFeed({ kafka, kind, topic: KAFKA_TOPICS[kind], ...pausing }));
  }
  if (FRESHNESS !== 'poll') return [];
  return EVENT_KINDS.map((kind) =>
    createPollFeed({ kind, field: `${serviceOf(kind)}Changes`, post: post[kind], intervalMs, ...pausing }),
  );
}
