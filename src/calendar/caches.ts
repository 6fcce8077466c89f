// The caches of the request path, which are invalidated together: each user's audiences, the
// slices, and each user's relationships and memberships, whose copies are never old, because
// permissions follow from them.
import type { Clock } from '../clock.ts';
import { EVENT_KINDS, type EventKind, RELATIONS_KIND, serviceOf } from '../event-kinds.ts';
import { DEFAULT_LIFETIMES, FreshCache, type FreshCacheOptions, type Lifetimes } from './cache/fresh-cache.ts';
import type { Invalidations } from './cache/invalidations.ts';
import { bytesOfEntry, bytesOfText } from './cache/store.ts';
import { isUserAudience } from './model/ern.ts';
import { keysOfAudienceList, keysOfMemberships, keysOfSlice } from './model/invalidation-key.ts';
import {
  type HeldAudiences,
  type HeldSlice,
  hasAudiences,
  isPacked,
  type Packed,
  packAudiences,
  packSlice,
} from './model/packed.ts';
import type { Relations } from './model/relations.ts';
import { type AudienceKey, bytesOf, type SliceKey, scopedAudience, WHOLE, withinScope } from './model/slice.ts';
import type { Zone } from './model/zone.ts';
import { RELATION_LIFETIMES } from './read/find-access.ts';
import { monthsCovering } from './read/window.ts';
import type { ReloadOptions, RevalidationOptions } from './revalidation/revalidate.ts';
import type { ResultOf, SourceQuery } from './sources/entities.ts';

/**
 * One query to one source, for this request. Queries made at the same time are sent in one call.
 */
export type Ask = <Q extends SourceQuery>(kind: EventKind, query: Q, requestId?: string) => Promise<ResultOf[Q['ask']]>;

/** Options of {@link createCaches}. */
export interface CacheOptions {
  readonly ask: Ask;
  readonly invalidations: Invalidations;
  readonly clock: Clock;
  /** Maximum bytes of all caches together, and of the parsed validators. */
  readonly cacheBytes: number;
  readonly lifetimes?: Partial<Lifetimes>;
  /** TTL in milliseconds while a feed reports the source's changes. Default 10 min. */
  readonly liveTtlMs?: number;
  /** The audience that consists of this user alone. */
  readonly ownAudience: (userId: string) => string;
  /** Whether a feed reports this source's changes now. */
  readonly hasLiveFeed: (kind: EventKind) => boolean;
}

/** Default TTL in milliseconds while a feed reports the source's changes. */
export const LIVE_TTL_MS = 600_000;

/** Makes the caches. They load nothing before the first read. */
export function createCaches(options: CacheOptions) {
  const { ask, invalidations, clock, cacheBytes, ownAudience } = options;
  const shared = { invalidations, clock, lifetimes: lifetimesWithFeeds(options) };
  const audiences: Omit<FreshCacheOptions<AudienceKey, HeldAudiences>, 'name'> = {
    ...shared,
    sourceOf: ({ kind }) => serviceOf(kind),
    load: async ({ kind, userId }, requestId) =>
      packAudiences(await ask(kind, { ask: 'audiences', userId }, requestId)),
    id: ({ kind, userId }) => `${kind}|${userId}`,
    invalidationKeys: ({ kind, userId }) => keysOfAudienceList(kind, ownAudience(userId)),
    isEmpty: (held) => !hasAudiences(held),
    sizeOf: (value, { kind, userId }) => bytesOfEntry(`${kind}|${userId}`) + bytesOfAudiences(value),
    maxBytes: Math.ceil(cacheBytes * AUDIENCES_SHARE),
  };
  const ofUser = {
    ...shared,
    lifetimes: RELATION_LIFETIMES,
    sourceOf: () => serviceOf(RELATIONS_KIND),
    id: (userId: string) => userId,
    maxBytes: Math.ceil(cacheBytes * OTHERS_SHARE),
  };
  return {
    audiences: new FreshCache({ ...audiences, name: 'audiences' }),
    // For readers who may not see everything, and whose answers do not show how old a list is.
    foreignAudiences: new FreshCache({
      ...audiences,
      name: 'foreign-audiences',
      maxBytes: Math.ceil(cacheBytes * OTHERS_SHARE),
      invalidationKeys: ({ kind, userId }) => keysOfMemberships(kind, ownAudience(userId)),
      lifetimes: { ...shared.lifetimes, staleWhileRevalidate: 0 },
    }),
    memberships: new FreshCache<string, HeldAudiences>({
      ...ofUser,
      name: 'memberships',
      load: async (userId, requestId) =>
        packAudiences(await ask(RELATIONS_KIND, { ask: 'audiences', userId }, requestId)),
      invalidationKeys: (userId) => keysOfMemberships(RELATIONS_KIND, ownAudience(userId)),
      isEmpty: (held) => !hasAudiences(held),
      sizeOf: (value, userId) => bytesOfEntry(userId) + bytesOfAudiences(value),
    }),
    slices: new FreshCache(ofSlices(options, shared)),
    relations: new FreshCache<string, Relations>({
      ...ofUser,
      name: 'relations',
      load: (userId, requestId) => ask(RELATIONS_KIND, { ask: 'relations', userId }, requestId),
      invalidationKeys: (userId) => keysOfAudienceList(RELATIONS_KIND, ownAudience(userId)),
      isEmpty: ({ teaches, observes }) => teaches.length === 0 && observes.length === 0,
      sizeOf: ({ teaches, observes }, userId) => bytesOfEntry(userId) + bytesOfLists(teaches, observes),
    }),
  };
}

/** Slices of courses are held once for all users, as they are; a user's own ones are packed. */
function ofSlices(
  { ask, cacheBytes }: CacheOptions,
  shared: Pick<FreshCacheOptions<SliceKey, HeldSlice>, 'invalidations' | 'clock'> & {
    readonly lifetimes: ReturnType<typeof lifetimesWithFeeds>;
  },
): FreshCacheOptions<SliceKey, HeldSlice> {
  return {
    ...shared,
    name: 'slices',
    lifetimes: { ...shared.lifetimes, fresh: freshOfSlice(shared.lifetimes.fresh) },
    sourceOf: ({ kind }) => serviceOf(kind),
    load: async ({ kind, audience, month, scope }, requestId) => {
      const slice = withinScope(await ask(kind, { ask: 'slice', audience, month }, requestId), scope);
      return isUserAudience(audience) ? packSlice(slice) : slice;
    },
    id: idOfSlice,
    invalidationKeys: keysOfSlice,
    isComplete: (held) => isPacked(held) || held.dropped === 0,
    sizeOf: (held, key) =>
      bytesOfEntry(idOfSlice(key)) + (isPacked(held) ? bytesOfPacked(held) : bytesOf(held, bytesOfText)),
    maxBytes: Math.ceil(cacheBytes * SLICES_SHARE),
  };
}

/**
 * Reads values by the identities of their keys, as the caches above write them, without a load. The
 * months of slices have a name only: that is enough to find one.
 */
export function peekersById(caches: ReturnType<typeof createCaches>): RevalidationOptions['peeker'] {
  return (cache, id) => {
    if (cache === 'relations' || cache === 'memberships') return caches[cache].peeker(id);
    const [first, last] = [id.indexOf('|'), id.lastIndexOf('|')];
    const kind = EVENT_KINDS.find((one) => one === id.slice(0, first));
    if (kind === undefined) return undefined;
    if (cache === 'audiences') return caches.audiences.peeker({ kind, userId: id.slice(first + 1) });
    const month = { name: id.slice(last + 1), from: 0, to: 0 };
    return last > first ? caches.slices.peeker({ kind, audience: id.slice(first + 1, last), month }) : undefined;
  };
}

/** Reads values by the same identities, and loads those that are not fresh. */
export function loadersById(caches: ReturnType<typeof createCaches>, homeZone: Zone): ReloadOptions['loader'] {
  return (cache, id, options) => {
    if (cache === 'relations' || cache === 'memberships') return caches[cache].read(id, options);
    const [first, last] = [id.indexOf('|'), id.lastIndexOf('|')];
    const kind = EVENT_KINDS.find((one) => one === id.slice(0, first));
    if (kind === undefined) return undefined;
    if (cache === 'audiences') return caches.audiences.read({ kind, userId: id.slice(first + 1) }, options);
    const middle = Date.parse(`${id.slice(last + 1)}-15T12:00:00Z`);
    if (last <= first || Number.isNaN(middle)) return undefined;
    const [month] = monthsCovering({ from: middle, to: middle + 1 }, homeZone);
    return month && caches.slices.read({ kind, audience: id.slice(first + 1, last), month }, options);
  };
}

/**
 * Shares of the bytes: slices and lists of audiences as students need them (test/bench/memory.ts),
 * each of the three other caches, and parsed validators.
 */
const SLICES_SHARE = 0.5;
const AUDIENCES_SHARE = 0.26;
const OTHERS_SHARE = 0.06;
export const VALIDATORS_SHARE = 0.06;

const idOfSlice = (key: SliceKey): string => `${key.kind}|${scopedAudience(key)}|${key.month.name}`;

function bytesOfAudiences(held: HeldAudiences): number {
  return isPacked(held) ? bytesOfPacked(held) : bytesOfLists();
}

function bytesOfPacked({ packed }: Packed<unknown>): number {
  return PACKED_BYTES + bytesOfText(packed);
}

function bytesOfLists(...lists: readonly (readonly string[])[]): number {
  return lists.flat().reduce((sum, text) => sum + POINTER_BYTES + bytesOfText(text), LISTS_BYTES);
}

/** An object with a text in it. */
const PACKED_BYTES = 32;
/** An object with two empty lists. */
const LISTS_BYTES = 110;
const POINTER_BYTES = 8;

/**
 * A part of a user's own audience has a short TTL, because a change of the user's memberships does
 * not invalidate it: which other courses a user joins is not for those who see this part.
 */
function freshOfSlice(fresh: Lifetimes<SliceKey>['fresh']): Lifetimes<SliceKey>['fresh'] {
  return (key) => {
    const isPart = key.scope !== undefined && key.scope !== WHOLE;
    return isPart ? Math.min(fresh(key), OWN_PART_TTL_MS) : fresh(key);
  };
}

const OWN_PART_TTL_MS = 25_000;

/** The long TTL while a feed reports changes, the configured one otherwise. */
function lifetimesWithFeeds({ lifetimes, liveTtlMs = LIVE_TTL_MS, hasLiveFeed }: CacheOptions) {
  const withoutFeed = lifetimes?.fresh ?? DEFAULT_LIFETIMES.fresh;
  const fresh = (key: { readonly kind: EventKind }) =>
    hasLiveFeed(key.kind) ? Math.max(liveTtlMs, withoutFeed(key)) : withoutFeed(key);
  return { ...lifetimes, fresh };
}
