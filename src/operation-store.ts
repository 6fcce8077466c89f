// What Apollo keeps of every distinct operation, its document or its plan: those used last, up to a
// size. Apollo's own default, 30 MiB of JSON each, takes some hundred MiB of memory, which any user
// could fill.
import { LRUCache } from 'lru-cache';

/** In characters of JSON: the page's own operations many times over. */
const MAX_CHARACTERS = 4 * 2 ** 20;

/** A store as Apollo wants it. */
export interface OperationStore<V> {
  readonly get: (key: string) => Promise<V | undefined>;
  readonly set: (key: string, value: V) => Promise<void>;
  readonly delete: (key: string) => Promise<boolean>;
  readonly clear: () => void;
}

/** An empty store. */
export function operationStore<V extends object>(maxSize = MAX_CHARACTERS): OperationStore<V> {
  const held = new LRUCache<string, V>({ maxSize, sizeCalculation: (value) => JSON.stringify(value).length });
  return {
    get: async (key) => held.get(key),
    set: async (key, value) => void held.set(key, value),
    delete: async (key) => held.delete(key),
    clear: () => held.clear(),
  };
}
