// The entrants without installation: our cache, lru-cache's `fetch()`, and common hand-written
// code.
import { LRUCache } from 'lru-cache';
import { FreshCache } from '../../src/calendar/cache/fresh-cache.ts';
import { Invalidations } from '../../src/calendar/cache/invalidations.ts';
import { type Entrant, type Key, keysOf, type Name, namesOf, unlabelled, versionOf } from './contender.ts';

/** Longer than a life of the race: nothing expires by itself, here and for the peers. */
export const TTL_MS = 3_600_000;

/** The cache of this repository, with its defaults but for the TTL. */
export const ours: Entrant = {
  name: 'FreshCache (ours)',
  version: versionOf('.', new URL('../../', import.meta.url)),
  calls: '`read`, `invalidations.record(name)`',
  create({ load, clock }) {
    const invalidations = new Invalidations({ now: () => clock.elapsed() });
    const cache = new FreshCache<Key, number>({
      load,
      id: (key) => key,
      invalidationKeys: namesOf,
      sizeOf: () => 8,
      maxBytes: 1_000,
      invalidations,
      clock,
      lifetimes: { fresh: () => TTL_MS },
      random: () => 0.5,
    });
    return {
      async read(key) {
        const { value, state } = await cache.read(key);
        return value === null ? undefined : { version: value, labelled: state === 'STALE' };
      },
      invalidate: async (name) => invalidations.record(name),
      close: async () => {},
    };
  },
};

type FetchOptions = Partial<
  Pick<LRUCache.OptionsBase<Key, number, unknown>, 'ignoreFetchAbort' | 'allowStaleOnFetchAbort'>
>;

/**
 * `fetch()` loads what is missing; deleting is its only way to invalidate. The options are those of
 * its README and typings.
 */
const lruFetch = (calls: string, options: FetchOptions): Entrant => ({
  name: 'lru-cache `fetch()`',
  version: versionOf('lru-cache', new URL('../../node_modules/', import.meta.url)),
  calls,
  create({ load }) {
    const cache = new LRUCache<Key, number>({ max: 1_000, ttl: TTL_MS, fetchMethod: load, ...options });
    return {
      read: async (key) => unlabelled(await cache.fetch(key)),
      async invalidate(name) {
        for (const key of keysOf(name)) cache.delete(key);
      },
      close: async () => cache.clear(),
    };
  },
});

/**
 * lru-cache by itself: as it comes, and with the two documented settings for a load that is
 * aborted.
 */
export const lruEntrants: readonly Entrant[] = [
  lruFetch('defaults, `delete`', {}),
  lruFetch('`ignoreFetchAbort`, `delete`', { ignoreFetchAbort: true }),
  lruFetch('`ignoreFetchAbort` + `allowStaleOnFetchAbort`, `delete`', {
    ignoreFetchAbort: true,
    allowStaleOnFetchAbort: true,
  }),
];

/**
 * Get, else load and set; an index of the keys under each tag; invalidating deletes them. The race
 * as it is mostly lost.
 */
export const naive: Entrant = {
  name: 'naive tag index',
  version: 'by hand',
  calls: '`get`/`set`, tag → keys, `delete`',
  create({ load }) {
    const values = new LRUCache<Key, number>({ max: 1_000 });
    const index = new Map<Name, Set<Key>>();
    return {
      async read(key) {
        const held = values.get(key);
        if (held !== undefined) return unlabelled(held);
        const version = await load(key);
        values.set(key, version);
        for (const name of namesOf(key)) index.set(name, (index.get(name) ?? new Set()).add(key));
        return unlabelled(version);
      },
      async invalidate(name) {
        for (const key of index.get(name) ?? []) values.delete(key);
        index.delete(name);
      },
      close: async () => values.clear(),
    };
  },
};
