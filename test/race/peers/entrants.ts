// The other libraries, each with its documented calls for "get or load" and for invalidation by key
// and by tag. Only these calls are typed.
import { type Entrant, type Key, keysOf, namesOf, unlabelled } from '../contender.ts';
import { TTL_MS } from '../entrants.ts';
import { importPeer, peerVersion } from './install.ts';

/** All rows of the peers, which must be installed. */
export async function peerEntrants(): Promise<readonly Entrant[]> {
  return [...(await bentocache()), ...(await cacheable()), ...(await asyncCacheDedupe())];
}

interface Bento {
  getOrSet(options: { key: Key; factory: () => Promise<number>; tags?: readonly string[] }): Promise<number>;
  delete(options: { key: Key }): Promise<boolean>;
  deleteByTag(options: { tags: readonly string[] }): Promise<boolean>;
  disconnect(): Promise<void>;
}

interface BentocacheModule {
  BentoCache: new (options: { default: string; ttl: number; stores: Record<string, unknown> }) => Bento;
  bentostore: () => { useL1Layer(driver: unknown): unknown };
}

/**
 * bentocache.dev/docs/methods (`getOrSet`, `delete`) and README, "Tagging" (`deleteByTag`). Without
 * grace, which only adds old answers.
 */
async function bentocache(): Promise<Entrant[]> {
  const { BentoCache, bentostore } = await importPeer<BentocacheModule>('bentocache');
  const { memoryDriver } = await importPeer<{ memoryDriver: () => unknown }>('bentocache/drivers/memory');
  const entrant = (calls: string, byTag: boolean): Entrant => ({
    name: 'bentocache',
    version: peerVersion('bentocache'),
    calls,
    create({ load }) {
      const stores = { memory: bentostore().useL1Layer(memoryDriver()) };
      const cache = new BentoCache({ default: 'memory', ttl: TTL_MS, stores });
      return {
        read: async (key) =>
          unlabelled(await cache.getOrSet({ key, factory: () => load(key), ...(byTag ? { tags: namesOf(key) } : {}) })),
        async invalidate(name) {
          if (byTag) await cache.deleteByTag({ tags: [name] });
          else for (const key of keysOf(name)) await cache.delete({ key });
        },
        close: () => cache.disconnect(),
      };
    },
  });
  return [entrant('`getOrSet`, `delete`', false), entrant('`getOrSet` with tags, `deleteByTag`', true)];
}

interface Cacheable {
  getOrSet(key: Key, load: () => Promise<number>, options: { ttl: number }): Promise<number | undefined>;
  get(key: Key): Promise<number | undefined>;
  set(key: Key, value: number, options: { ttl: number; tags: readonly string[] }): Promise<boolean>;
  delete(key: Key): Promise<boolean>;
  tags: { invalidateTag(tag: string): Promise<void> };
  disconnect(): Promise<void>;
}

interface CacheableModule {
  Cacheable: new (options?: { tags: boolean }) => Cacheable;
}

/**
 * README, "Get Or Set Memoization Function" and "Tag Based Invalidation"; `getOrSet` takes no tags,
 * `set` does.
 */
async function cacheable(): Promise<Entrant[]> {
  const { Cacheable } = await importPeer<CacheableModule>('cacheable');
  const about = { name: 'cacheable', version: peerVersion('cacheable') };
  const byKey: Entrant = {
    ...about,
    calls: '`getOrSet`, `delete`',
    create({ load }) {
      const cache = new Cacheable();
      return {
        read: async (key) => unlabelled(await cache.getOrSet(key, () => load(key), { ttl: TTL_MS })),
        async invalidate(name) {
          for (const key of keysOf(name)) await cache.delete(key);
        },
        close: () => cache.disconnect(),
      };
    },
  };
  const byTag: Entrant = {
    ...about,
    calls: '`get`/`set` with tags, `tags.invalidateTag`',
    create({ load }) {
      const cache = new Cacheable({ tags: true });
      return {
        async read(key) {
          const held = await cache.get(key);
          if (held !== undefined) return unlabelled(held);
          const version = await load(key);
          await cache.set(key, version, { ttl: TTL_MS, tags: namesOf(key) });
          return unlabelled(version);
        },
        invalidate: (name) => cache.tags.invalidateTag(name),
        close: () => cache.disconnect(),
      };
    },
  };
  return [byKey, byTag];
}

interface DedupeOptions {
  references: (key: Key) => readonly string[];
}

interface Dedupe {
  define(name: 'version', options: DedupeOptions, load: (key: Key) => Promise<number>): void;
  version(key: Key): Promise<number | undefined>;
  clear(name: 'version', key: Key): Promise<void>;
  invalidateAll(references: readonly string[]): Promise<void>;
}

interface DedupeModule {
  createCache: (options: { ttl: number; storage: { type: 'memory'; options: { invalidation: boolean } } }) => Dedupe;
}

/**
 * README, "cache.define", "cache.clear([name], [arg])" and "cache.invalidateAll(references)". Its
 * TTL is in seconds.
 */
async function asyncCacheDedupe(): Promise<Entrant[]> {
  const { createCache } = await importPeer<DedupeModule>('async-cache-dedupe');
  const entrant = (calls: string, byTag: boolean): Entrant => ({
    name: 'async-cache-dedupe',
    version: peerVersion('async-cache-dedupe'),
    calls,
    create({ load }) {
      const storage = { type: 'memory', options: { invalidation: true } } as const;
      const cache = createCache({ ttl: TTL_MS / 1_000, storage });
      cache.define('version', { references: namesOf }, load);
      return {
        read: async (key) => unlabelled(await cache.version(key)),
        async invalidate(name) {
          if (byTag) await cache.invalidateAll([name]);
          else for (const key of keysOf(name)) await cache.clear('version', key);
        },
        close: async () => {},
      };
    },
  });
  return [entrant('`define`, `clear(name, key)`', false), entrant('`define` with references, `invalidateAll`', true)];
}
