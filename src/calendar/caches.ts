// The three caches of the request path, invalidated together: whose schedules a user sees, the
// slices, and who is tied to whom.
import type { Clock } from '../clock.ts';
import { DEFAULT_LIFETIMES, FreshCache, type Lifetimes } from './cache/fresh-cache.ts';
import type { Invalidations } from './cache/invalidations.ts';
import type { EventKind } from './model/event.ts';
import { keysOfAudienceList, keysOfSlice } from './model/invalidation-key.ts';
import type { Relations } from './model/relations.ts';
import type { AudienceKey, Slice, SliceKey } from './model/slice.ts';
import { RELATION_LIFETIMES } from './read/find-access.ts';
import type { ResultOf, SourceQuery } from './sources/entities.ts';

/** One query to one source. Questions of a moment leave together. */
export type Ask = <Q extends SourceQuery>(kind: EventKind, query: Q) => Promise<ResultOf[Q['ask']]>;

/** What the caches are made of. */
export interface CacheOptions {
  readonly ask: Ask;
  readonly invalidations: Invalidations;
  readonly clock: Clock;
  /** Most bytes of slices; a tenth as much of the other two. */
  readonly cacheBytes: number;
  readonly lifetimes?: Partial<Lifetimes>;
  /** The audience that is this user alone. */
  readonly ownAudience: (userId: string) => string;
  /** Whether some feed would tell of the source's changes now. */
  readonly hasLiveFeed: (kind: EventKind) => boolean;
}

/** How long, in milliseconds, a value counts as fresh while a feed would tell of its changes. */
const LIVE_TTL_MS = 600_000;

/** Makes the caches; nothing is read before somebody asks. */
export function createCaches(options: CacheOptions) {
  const { ask, invalidations, clock, cacheBytes, ownAudience } = options;
  const shared = { invalidations, clock, lifetimes: lifetimesWithFeeds(options) };
  return {
    audiences: new FreshCache<AudienceKey, readonly string[]>({
      ...shared,
      load: ({ kind, userId }) => ask(kind, { ask: 'audiences', userId }),
      id: ({ kind, userId }) => `${kind}|${userId}`,
      invalidationKeys: ({ kind, userId }) => keysOfAudienceList(kind, ownAudience(userId)),
      sizeOf: (audiences) => 200 + 100 * audiences.length,
      maxBytes: Math.ceil(cacheBytes / 10),
    }),
    slices: new FreshCache<SliceKey, Slice>({
      ...shared,
      load: ({ kind, audience, month }) => ask(kind, { ask: 'slice', audience, month }),
      id: ({ kind, audience, month }) => `${kind}|${audience}|${month.name}`,
      invalidationKeys: keysOfSlice,
      sizeOf: (slice) => 200 + 500 * slice.items.length,
      maxBytes: cacheBytes,
    }),
    relations: new FreshCache<string, Relations>({
      ...shared,
      lifetimes: RELATION_LIFETIMES,
      load: (userId) => ask('LECTURE', { ask: 'relations', userId }),
      id: (userId) => userId,
      invalidationKeys: (userId) => keysOfAudienceList('LECTURE', ownAudience(userId)),
      sizeOf: ({ teaches, observes }) => 200 + 100 * (teaches.length + observes.length),
      maxBytes: Math.ceil(cacheBytes / 10),
    }),
  };
}

/**
 * Fresh for long while a feed would tell of changes, and for as long as without feeds when it would
 * not.
 */
function lifetimesWithFeeds({ lifetimes, hasLiveFeed }: CacheOptions) {
  const withoutFeed = lifetimes?.fresh ?? DEFAULT_LIFETIMES.fresh;
  const fresh = (key: { readonly kind: EventKind }) =>
    hasLiveFeed(key.kind) ? Math.max(LIVE_TTL_MS, withoutFeed(key)) : withoutFeed(key);
  return { ...lifetimes, fresh };
}
