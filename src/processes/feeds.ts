// Creates the change feeds that the settings ask for.

import { createCdcFeed } from '../calendar/freshness/cdc.ts';
import type { ChangeFeed } from '../calendar/freshness/feed.ts';
import { createKafkaFeed } from '../calendar/freshness/kafka.ts';
import { createPollFeed } from '../calendar/freshness/poll.ts';
import { createRedisFeed } from '../calendar/freshness/redis.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { type ByKind, EVENT_KINDS, serviceOf } from '../event-kinds.ts';
import { kafkaFrom } from './kafka-from.ts';

/** Calls to each source. */
type Posts = ByKind<(body: string) => Promise<string>>;

/** The feeds of FRESHNESS. The configuration has checked that their URLs are set. */
export function feedsFrom(config: Config, clock: Clock, post: Posts): readonly ChangeFeed[] {
  const { FRESHNESS, POLL_INTERVAL: intervalMs, REDIS_URL, CDC_DATABASE_URL, KAFKA_TOPICS } = config;
  const kafka = kafkaFrom(config);
  const pausing = { clock, random: Math.random };
  if (FRESHNESS === 'redis' && REDIS_URL !== undefined) return [createRedisFeed({ url: REDIS_URL, ...pausing })];
  if (FRESHNESS === 'cdc' && CDC_DATABASE_URL !== undefined) {
    return [createCdcFeed({ url: CDC_DATABASE_URL, ...pausing })];
  }
  if (FRESHNESS === 'kafka' && kafka !== null) {
    return EVENT_KINDS.map((kind) => createKafkaFeed({ kafka, kind, topic: KAFKA_TOPICS[kind], ...pausing }));
  }
  if (FRESHNESS !== 'poll') return [];
  return EVENT_KINDS.map((kind) =>
    createPollFeed({ kind, field: `${serviceOf(kind)}Changes`, post: post[kind], intervalMs, ...pausing }),
  );
}
