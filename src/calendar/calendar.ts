// Composition root of the calendar subgraph: it connects the request path and the signal path.
// Everything external comes in through the options; nothing listens before `listen`.

import type { VerifyInternal } from '../auth/internal-token.ts';
import type { Principal } from '../auth/principal.ts';
import type { Clock } from '../clock.ts';
import { ConfigError } from '../errors.ts';
import { type ByKind, byKind, serviceOf } from '../event-kinds.ts';
import { readSchema } from '../schema.ts';
import { createSubgraph, type Subgraph, type WarmUp } from '../subgraph/subgraph.ts';
import type { FreshCache, Lifetimes } from './cache/fresh-cache.ts';
import { Invalidations } from './cache/invalidations.ts';
import { type Ask, createCaches, LIVE_TTL_MS, loadersById, peekersById, VALIDATORS_SHARE } from './caches.ts';
import type { ChangeFeed } from './freshness/feed.ts';
import { type FeedState, Invalidator } from './freshness/invalidator.ts';
import type { AuditedReaders } from './graphql/audit.ts';
import { debugReadsFor } from './graphql/debug.ts';
import { eventUrlFrom } from './graphql/event-view.ts';
import type { FreeBusyFor, RequestMemo } from './graphql/prepare-read.ts';
import { createRateLimit } from './graphql/rate-limit.ts';
import { createResolvers } from './graphql/resolvers.ts';
import { ChangeLog } from './live/change-log.ts';
import { createChangeStream } from './live/change-stream.ts';
import { userAudience } from './model/ern.ts';
import { EVENT_KINDS } from './model/event.ts';
import { Zone } from './model/zone.ts';
import { findAccess, findObserved, haveCommonCourse } from './read/find-access.ts';
import { type ItemSources, readEvent } from './read/read-event.ts';
import { monthsCovering } from './read/window.ts';
import { digestOf } from './revalidation/digest.ts';
import { Recorder } from './revalidation/recorder.ts';
import { createReload, createRevalidation } from './revalidation/revalidate.ts';
import { revalidationPost } from './revalidation/revalidation-post.ts';
import { type BatchOptions, createBatchLoader } from './sources/batch-loader.ts';
import type { ResultOf, SourceQuery, SourceResult } from './sources/entities.ts';
import { SOURCE_ADAPTERS } from './sources/kinds.ts';
import { createSource, type Post } from './sources/source.ts';
import type { SubscriptionAddresses } from './subscription/address.ts';

/** Options of {@link createCalendar}. Times in milliseconds, sizes in bytes. */
export interface CalendarOptions {
  readonly verify: VerifyInternal;
  /** Calls to each source, already with deadline, limits and credentials. */
  readonly post: ByKind<Post>;
  readonly clock: Clock;
  /** IANA name. Slices are its calendar months, and it is the default zone of answers. */
  readonly homeZone: string;
  /** The tenant in the resource names of users' audiences. */
  readonly tenant: string;
  /** URL of an event, with {ern} as placeholder. */
  readonly eventUrl: string;
  /** Maximum bytes of all caches together. */
  readonly cacheBytes: number;
  readonly lifetimes?: Partial<Lifetimes>;
  /** TTL while a change feed of the source is live. Default 10 min. */
  readonly liveTtlMs?: number;
  /** Change feeds. Default none: then only the TTL limits how old a copy is. */
  readonly feeds?: readonly ChangeFeed[];
  /** How long one read may take. */
  readonly deadlineMs: number;
  /** Maximum number of queries in one call to a source, and how long it waits for more. */
  readonly batch: BatchOptions;
  /** Creates and checks the URLs of calendar subscriptions. */
  readonly addresses: SubscriptionAddresses;
  /** Public URL of the gateway, without a trailing slash. */
  readonly publicUrl: string;
  readonly introspection?: boolean;
  /** Who may ask when somebody else is busy. Default `related`. */
  readonly freeBusyFor?: FreeBusyFor;
  /** How often a viewer may ask when others are busy, a minute and process. Default 60. */
  readonly freeBusyLimit?: number;
  /** Whether staff see why a student's dates differ. Default no. */
  readonly staffSeesReasons?: boolean;
  /** Whose reads of other users' calendars are told of. Default `staff`. */
  readonly auditedReaders?: AuditedReaders;
  /** Called when it listens; it is ready when this has ended. Default nothing. */
  readonly warmUp?: WarmUp | undefined;
  /** Whether answers say how late the event loop is. Default false. */
  readonly tellsLoopDelay?: boolean;
}

/** Size and work of one cache. */
export type CacheGauge = FreshCache<unknown, unknown>['size'] & FreshCache<unknown, unknown>['counts'];

/** A calendar subgraph whose caches can be invalidated from outside. */
export interface Calendar extends Subgraph {
  /**
   * Values with this key (`model/invalidation-key.ts`) are loaded again before they are served as
   * fresh.
   */
  invalidate(name: string): void;
  invalidateAll(): void;
  /** What the caches hold and have done, by name. */
  readonly cacheGauges: Readonly<Record<string, CacheGauge>>;
  /** State of each feed. Feeds run from `listen` to `close`. */
  readonly feeds: readonly FeedState[];
}

/** Builds the calendar subgraph. It calls nothing before `listen`. Throws ConfigError. */
export function createCalendar(options: CalendarOptions): Calendar {
  const homeZone = Zone.named(options.homeZone);
  if (homeZone === null) throw new ConfigError('HOME_ZONE', 'an IANA time zone name', options.homeZone);
  const signals = createSignalPath(options, homeZone);
  const { subgraph, caches } = createRequestPath(options, homeZone, signals);
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
    invalidate: (name) => signals.invalidate(name),
    invalidateAll() {
      signals.invalidations.recordAll();
      for (const kind of EVENT_KINDS) signals.changeLog.append(kind);
    },
    get cacheGauges() {
      return Object.fromEntries(
        Object.entries(caches).map(([name, { size, counts }]) => [name, { ...size, ...counts }]),
      );
    },
    get feeds() {
      return invalidator.states;
    },
  };
}

/** To be raised when answers from the same values become others, so that stored ones end. */
const ANSWER_VERSION = 2;

type SignalPath = ReturnType<typeof createSignalPath>;

/** The signal path: from the change feeds to the caches and `/live`. */
function createSignalPath({ clock, feeds = [] }: CalendarOptions, homeZone: Zone) {
  const invalidations = new Invalidations({ now: () => clock.elapsed() });
  const changeLog = new ChangeLog();
  const invalidate = (name: string, by?: string) => {
    invalidations.record(name, by);
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

/** The request path: from HTTP through the caches to the sources. */
function createRequestPath(options: CalendarOptions, homeZone: Zone, signals: SignalPath) {
  const { clock, tenant, deadlineMs } = options;
  const { invalidations, invalidator, changeLog } = signals;
  const ask = askSources(options);
  const ownAudience = (userId: string) => userAudience(tenant, userId);
  const caches = createCaches({
    ask,
    invalidations,
    clock,
    cacheBytes: options.cacheBytes,
    lifetimes: options.lifetimes ?? {},
    liveTtlMs: options.liveTtlMs ?? LIVE_TTL_MS,
    ownAudience,
    hasLiveFeed: (kind) => invalidator.hasLiveFeed(kind),
  });
  const resolvers = createResolvers({
    read: {
      accessOf: (viewer, userId, readOptions) => findAccess(caches, viewer, userId, readOptions),
      haveCommonCourse: (viewer, userId, readOptions) => haveCommonCourse(caches, viewer, userId, readOptions),
      freeBusyFor: options.freeBusyFor ?? 'related',
      freeBusyLimit: createRateLimit(options.freeBusyLimit ?? 60, clock, 'questions when others are busy'),
      staffSeesReasons: options.staffSeesReasons ?? false,
      auditedReaders: options.auditedReaders ?? 'staff',
      clock,
      homeZone,
      eventUrl: eventUrlFrom(options.eventUrl),
      deadlineMs,
    },
    through: { ...caches, homeZone, ownAudience },
    observedBy: (viewer, readOptions) => findObserved(caches, viewer, readOptions),
    readEvent: (ref, deadline, requestId) =>
      readEvent(itemSources(ask, requestId), ref, ownAudience(ref.userId), deadline),
    addresses: options.addresses,
    publicUrl: options.publicUrl,
    pollNow: (kind) => invalidator.pollNow(kind),
  });
  // What answers depend on besides the cached values: the schema as it is now, and these settings.
  const { eventUrl, publicUrl } = options;
  const typeDefs = readSchema('calendar');
  const realm = digestOf({ typeDefs, version: ANSWER_VERSION, homeZone: homeZone.name, tenant, eventUrl, publicUrl });
  const subgraph = createSubgraph<RequestMemo>({
    name: 'calendar',
    typeDefs,
    resolvers,
    verify: options.verify,
    clock,
    context: ({ user }) => memoFor(user, clock),
    extensionsOf: ({ debug }) => (debug === null ? {} : { calendar: debug.details }),
    headersOf: ({ recorder }) => headerOf(recorder.validator(realm)),
    posts: { '/revalidate': revalidationOf(caches, options, homeZone, realm) },
    introspection: options.introspection ?? false,
    streams: { '/changes': createChangeStream({ caches, changeLog, clock, deadlineMs, ownAudience }) },
    details: () => ({ feeds: invalidator.states }),
    tellsLoopDelay: options.tellsLoopDelay,
    warmUp: options.warmUp,
  });
  return { subgraph, caches };
}

const headerOf = (validator: string | null) => (validator === null ? {} : { 'x-validator': validator });

function memoFor(viewer: Principal | null, clock: Clock): RequestMemo {
  const debug = debugReadsFor(viewer, clock);
  return { access: new Map(), counted: new Set(), startedAt: clock.elapsed(), recorder: new Recorder(), debug };
}

/** How stored answers are confirmed. */
function revalidationOf(
  caches: ReturnType<typeof createCaches>,
  { clock, deadlineMs, cacheBytes }: CalendarOptions,
  homeZone: Zone,
  realm: string,
) {
  const now = () => clock.now();
  const maxBytes = Math.ceil(cacheBytes * VALIDATORS_SHARE);
  const reload = createReload({
    loader: loadersById(caches, homeZone),
    now,
    realm,
    deadline: () => new Promise<void>((resolve) => clock.after(deadlineMs, resolve)),
  });
  return revalidationPost(createRevalidation({ peeker: peekersById(caches), now, realm, maxBytes }), reload);
}

function itemSources(ask: Ask, requestId: string): ItemSources {
  return {
    audiences: (kind, userId) => ask(kind, { ask: 'audiences', userId }, requestId),
    item: (kind, ern, audience) => ask(kind, { ask: 'item', ern, audience }, requestId),
  };
}

function askSources({ post, batch, clock }: CalendarOptions): Ask {
  const loaders = byKind((kind) => {
    const source = createSource(SOURCE_ADAPTERS[kind], post[kind], clock);
    return createBatchLoader<SourceQuery, SourceResult>(
      (queries, ids) => source.ask(queries, ids),
      batch,
      serviceOf(kind),
    );
  });
  // The type of a result follows from its query, which the batch loader's type cannot express.
  return (kind, query, requestId) => loaders[kind](query, requestId) as Promise<ResultOf[(typeof query)['ask']]>;
}
