// The calendar subgraph's composition root: it reads as the request path, from the wire to the
// sources and back. Everything it needs of the world comes in through its options; it listens when
// told to.

import type { VerifyInternal } from '../auth/internal-token.ts';
import type { Clock } from '../clock.ts';
import { ConfigError } from '../errors.ts';
import { type ByKind, byKind } from '../event-kinds.ts';
import { readSchema } from '../schema.ts';
import { createSubgraph, type Subgraph } from '../subgraph/subgraph.ts';
import type { Lifetimes } from './cache/fresh-cache.ts';
import { Invalidations } from './cache/invalidations.ts';
import { type Ask, createCaches } from './caches.ts';
import type { ChangeFeed } from './freshness/feed.ts';
import { type FeedState, Invalidator } from './freshness/invalidator.ts';
import { eventUrlFrom } from './graphql/event-view.ts';
import type { RequestMemo } from './graphql/prepare-read.ts';
import { createResolvers } from './graphql/resolvers.ts';
import { ChangeLog } from './live/change-log.ts';
import { createChangeStream } from './live/change-stream.ts';
import { userAudience } from './model/ern.ts';
import { EVENT_KINDS, type EventKind } from './model/event.ts';
import { Zone } from './model/zone.ts';
import { findAccess, findObserved, findTaughtCourses } from './read/find-access.ts';
import { type ItemSources, readEvent } from './read/read-event.ts';
import { monthsCovering } from './read/window.ts';
import { type BatchOptions, createBatchLoader } from './sources/batch-loader.ts';
import type { ResultOf, SourceQuery, SourceResult } from './sources/entities.ts';
import { SOURCE_ADAPTERS } from './sources/kinds.ts';
import { createSource, type Post } from './sources/source.ts';
import type { SubscriptionAddresses } from './subscription/address.ts';

/** What a calendar is made of. Times in milliseconds, sizes in bytes. */
export interface CalendarOptions {
  readonly verify: VerifyInternal;
  /** How each source is called: with its deadline, limits and credentials already seen to. */
  readonly post: ByKind<Post>;
  readonly clock: Clock;
  /**
   * IANA name; its months are the cached unit, and calendars are drawn in it unless asked
   * otherwise.
   */
  readonly homeZone: string;
  /** The tenant in the resource names of users' own audiences. */
  readonly tenant: string;
  /** Where a click on an event goes, with {ern} in it. */
  readonly eventUrl: string;
  /** Most bytes of slices held. A tenth as much is held of audiences. */
  readonly cacheBytes: number;
  readonly lifetimes?: Partial<Lifetimes>;
  /** Where changes are heard of. Default none: then only the lifetimes tell. */
  readonly feeds?: readonly ChangeFeed[];
  /** Longest a reader waits. */
  readonly deadlineMs: number;
  /** How many queries go in one call to a source, and how long it gathers them. */
  readonly batch: BatchOptions;
  /** Makes and recognises the addresses of iCalendar feeds. */
  readonly addresses: SubscriptionAddresses;
  /** Where clients find the gateway, without a slash at the end. */
  readonly publicUrl: string;
  readonly introspection?: boolean;
}

/** A calendar subgraph, with the means to tell its caches that something changed. */
export interface Calendar extends Subgraph {
  /**
   * Everything with this key (`model/invalidation-key.ts`) is read again before it is served as
   * fresh.
   */
  invalidate(name: string): void;
  invalidateAll(): void;
  /** How the feeds are, which are listened to from `listen` to `close`. */
  readonly feeds: readonly FeedState[];
}

/**
 * Builds the calendar subgraph; nothing is called or listens before `listen`. Throws ConfigError.
 */
export function createCalendar(options: CalendarOptions): Calendar {
  const homeZone = Zone.named(options.homeZone);
  if (homeZone === null) throw new ConfigError('HOME_ZONE', 'an IANA time zone name', options.homeZone);
  const signals = createSignalPath(options, homeZone);
  const subgraph = createRequestPath(options, homeZone, signals);
  const { invalidator } = signals;
  return {
    async listen(at) {
      const endpoint = await subgraph.listen(at);
      invalidator.start();
      return endpoint;
    },
    async close() {
      await Promise.all([subgraph.close(), invalidator.stop()]);
    },
    invalidate: signals.invalidate,
    invalidateAll() {
      signals.invalidations.recordAll();
      for (const kind of EVENT_KINDS) signals.changeLog.append(kind);
    },
    get feeds() {
      return invalidator.states;
    },
  };
}

type SignalPath = ReturnType<typeof createSignalPath>;

/** From the change feeds to what the caches and `/live` are told. */
function createSignalPath({ clock, feeds = [] }: CalendarOptions, homeZone: Zone) {
  const invalidations = new Invalidations({ now: () => clock.now() });
  const changeLog = new ChangeLog();
  const invalidate = (name: string) => {
    invalidations.record(name);
    changeLog.append(name);
  };
  const invalidator = new Invalidator({
    feeds,
    clock,
    invalidate,
    monthsOf: ({ from, to }) => monthsCovering({ from, to: to + 1 }, homeZone).map((month) => month.name),
  });
  return { invalidations, changeLog, invalidate, invalidator };
}

/** From the wire through the caches to the sources. */
function createRequestPath(options: CalendarOptions, homeZone: Zone, signals: SignalPath) {
  const { clock, tenant, deadlineMs } = options;
  const { invalidations, invalidator, changeLog } = signals;
  const ask = askSources(options);
  const ownAudience = (userId: string) => userAudience(tenant, userId);
  const hasLiveFeed = (kind: EventKind) => invalidator.hasLiveFeed(kind);
  const caches = createCaches({ ...options, ask, invalidations, ownAudience, hasLiveFeed });
  const items: ItemSources = {
    audiences: (kind, userId) => ask(kind, { ask: 'audiences', userId }),
    item: (kind, ern, audience) => ask(kind, { ask: 'item', ern, audience }),
  };
  const resolvers = createResolvers({
    read: {
      accessOf: (viewer, userId, readOptions) => findAccess(caches, viewer, userId, readOptions),
      taughtBy: (viewer, userId, readOptions) => findTaughtCourses(caches, viewer, userId, readOptions),
      clock,
      homeZone,
      eventUrl: eventUrlFrom(options.eventUrl),
      deadlineMs,
    },
    through: { ...caches, homeZone, ownAudience },
    observedBy: (viewer, readOptions) => findObserved(caches, viewer, readOptions),
    readEvent: (ref, deadline) => readEvent(items, ref, ownAudience(ref.userId), deadline),
    addresses: options.addresses,
    publicUrl: options.publicUrl,
    pollNow: (kind) => invalidator.pollNow(kind),
  });
  return createSubgraph<RequestMemo>({
    name: 'calendar',
    typeDefs: readSchema('calendar'),
    resolvers,
    verify: options.verify,
    clock,
    context: () => ({ access: new Map() }),
    introspection: options.introspection ?? false,
    streams: { '/changes': createChangeStream({ caches, changeLog, clock, deadlineMs, ownAudience }) },
    details: () => ({ feeds: invalidator.states }),
  });
}

function askSources({ post, batch }: CalendarOptions): Ask {
  const loaders = byKind((kind) => {
    const source = createSource(SOURCE_ADAPTERS[kind], post[kind]);
    return createBatchLoader<SourceQuery, SourceResult>((queries) => source.ask(queries), batch);
  });
  // A source answers each query in its own kind: the one thing the batch in between cannot express.
  return (kind, query) => loaders[kind](query) as Promise<ResultOf[(typeof query)['ask']]>;
}
