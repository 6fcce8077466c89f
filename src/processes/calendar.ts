// Starts the calendar subgraph over its sources.

import { createInternalSigner, createInternalVerifier } from '../auth/internal-token.ts';
import { type Calendar, type CalendarOptions, createCalendar } from '../calendar/calendar.ts';
import { createSourcePost } from '../calendar/sources/source-post.ts';
import { memoryRotations, noRotations, SubscriptionAddresses } from '../calendar/subscription/address.ts';
import { redisRotations } from '../calendar/subscription/redis-rotations.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { listen } from '../diagnostics.ts';
import { byKind, serviceOf } from '../event-kinds.ts';
import { createTransport, type Transport } from '../http/client/transport.ts';
import type { WarmUp } from '../subgraph/subgraph.ts';
import { urlFrom } from './connections-from.ts';
import { feedsFrom } from './feeds.ts';
import { madeUpSources } from './made-up-sources.ts';
import { closeAll, type Running } from './running.ts';

/**
 * How long a call to a source waits for more queries, how long while another call is in flight, and
 * how long at most in a process without time to spare, in milliseconds.
 */
const BATCH_WINDOW_MS = 2;
const BUSY_GATHER_MS = 20;
const MAX_GATHER_MS = 250;

/**
 * Starts listening; the sources may start later. It is ready when `warmUp` has ended. Rejects when
 * the port is in use.
 */
export async function startCalendar(config: Config, clock: Clock, warmUp?: WarmUp): Promise<Running> {
  const secret = config.secrets.internal;
  const sign = createInternalSigner({ secret, service: 'calendar', clock });
  const transports: Transport[] = [];
  const connect = (service: string, url: string) => {
    const transport = createTransport({ url, clock, maxBytes: config.MAX_SOURCE_ANSWER });
    transports.push(transport);
    return (use: 'reads' | 'changes') =>
      createSourcePost({ service, use, transport, sign, clock, deadlineMs: config.SOURCE_TIMEOUT });
  };
  const connected = byKind((kind) => connect(serviceOf(kind), config[`${kind}_URL`]));
  // Change feeds have breakers of their own: when they fail, reads go on.
  const posts = (use: 'reads' | 'changes') => byKind((kind) => connected[kind](use));
  const rotations = rotationsFrom(config);
  const options: CalendarOptions = {
    ...settingsOf(config),
    verify: createInternalVerifier({ secret, audience: 'calendar', clock }),
    post: posts('reads'),
    feeds: feedsFrom(config, clock, posts('changes')),
    clock,
    addresses: new SubscriptionAddresses(config.secrets.subscription, rotations, config.TENANT),
    tellsLoopDelay: true,
  };
  const calendar = createCalendar({
    ...options,
    warmUp:
      warmUp &&
      (async (url) => {
        await rehearse(options, warmUp);
        await warmUp(url);
      }),
  });
  const { url } = await calendar.listen({ port: config.CALENDAR_PORT, host: config.HOST });
  const stopGauges = giveGauges(calendar, clock);
  return {
    addresses: { calendar: url },
    close() {
      stopGauges();
      return closeAll([calendar, ...transports, rotations], clock);
    },
  };
}

/** What the settings say as they are. */
function settingsOf(config: Config) {
  return {
    homeZone: config.HOME_ZONE,
    tenant: config.TENANT,
    eventUrl: config.EVENT_URL,
    cacheBytes: config.SLICE_CACHE_BYTES,
    lifetimes: {
      fresh: () => config.SLICE_TTL,
      staleWhileRevalidate: config.STALE_WHILE_REVALIDATE,
      staleIfError: config.STALE_IF_ERROR,
    },
    liveTtlMs: config.SLICE_TTL_LIVE,
    freeBusyFor: config.FREE_BUSY_FOR,
    freeBusyLimit: config.FREE_BUSY_LIMIT,
    staffSeesReasons: config.STAFF_SEES_REASONS,
    auditedReaders: config.AUDIT_READS,
    deadlineMs: config.CALENDAR_TIMEOUT,
    batch: {
      maxBatch: config.SOURCE_BATCH,
      batchWindowMs: BATCH_WINDOW_MS,
      busyGatherMs: BUSY_GATHER_MS,
      maxGatherMs: MAX_GATHER_MS,
    },
    publicUrl: config.PUBLIC_URL,
  };
}

/** Warms up another calendar with the same code and made-up sources, which is then closed. */
async function rehearse(options: CalendarOptions, warmUp: WarmUp): Promise<void> {
  const calendar = createCalendar({ ...options, post: madeUpSources(options.tenant), feeds: [] });
  const { url } = await calendar.listen({ port: 0, host: 'localhost' });
  await warmUp(url);
  await calendar.close();
}

/** Tells of caches and feeds whenever it is asked. */
function giveGauges(calendar: Calendar, clock: Clock): () => void {
  return listen('calendar:gauges-wanted', ({ add }) => {
    for (const [cache, gauge] of Object.entries(calendar.cacheGauges)) add({ of: 'cache', cache, ...gauge });
    for (const { name: feed, healthy: isLive, caughtUpAt } of calendar.feeds) {
      const heard = Object.entries(caughtUpAt).filter(([, at]) => at !== null);
      const ageMs = Object.fromEntries(heard.map(([kind, at]) => [kind, Math.max(0, clock.now() - Number(at))]));
      add({ of: 'feed', feed, isLive, ageMs });
    }
  });
}

/** The store of rotated subscription addresses: Redis if there is one, memory in development. */
function rotationsFrom(config: Config) {
  const { NODE_ENV, TENANT: tenant } = config;
  const url = urlFrom(config, 'REDIS_URL');
  if (url !== undefined) return redisRotations({ url, tenant });
  const store = NODE_ENV === 'development' ? memoryRotations() : noRotations();
  return { ...store, close: async () => {} };
}
