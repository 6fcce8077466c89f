// Reads a value of a cache. Fresh values are returned without waiting.
import type { FreshCache, ReadOptions } from '../cache/fresh-cache.ts';
import type { Reading } from '../model/status.ts';

/** The value with its state. Never rejects. */
export async function readThrough<K, V>(
  cache: Pick<FreshCache<K, V>, 'peek' | 'read'>,
  key: K,
  readOptions: ReadOptions,
): Promise<Reading<V>> {
  return cache.peek(key, readOptions) ?? cache.read(key, readOptions);
}
