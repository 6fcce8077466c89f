// One call for many keys: whatever is asked of a source within a moment, by any number of users and requests,
// leaves as one batch. It remembers nothing; the cache in front of it does.
import DataLoader from 'dataloader';

export interface BatchOptions {
  /** Most keys in one batch. */
  maxBatch: number;
  /** How long a batch gathers keys, in milliseconds: long enough for requests that arrive together. */
  gatherMs: number;
}

/**
 * A loader of single keys over `fetch`, which takes them together and answers in the same order,
 * an Error in the place of each key that failed.
 */
export function createBatchLoader<K, V>(
  fetch: (keys: readonly K[]) => Promise<readonly (V | Error)[]>,
  options: BatchOptions,
): (key: K) => Promise<V> {
  const loader = new DataLoader<K, V>(async (keys) => [...(await fetch(keys))], {
    cache: false,
    maxBatchSize: options.maxBatch,
    batchScheduleFn: (dispatch) => setTimeout(dispatch, options.gatherMs),
  });
  return (key) => loader.load(key);
}
