// One call for many keys: all queries that any users and requests make to a source within a moment
// are sent as one batch. It caches nothing; the cache in front of it does.
import DataLoader from 'dataloader';

export interface BatchOptions {
  /** Maximum number of keys in one batch. */
  maxBatch: number;
  /**
   * How long a batch waits for more keys, in milliseconds: enough for requests that arrive
   * together.
   */
  batchWindowMs: number;
  /**
   * How long it waits while another batch is in flight: a burst of requests then needs few batches.
   */
  busyGatherMs: number;
}

/**
 * A loader of single keys over `fetch`, which takes many keys and returns the results in the same
 * order, with an Error for each key that failed.
 */
export function createBatchLoader<K, V>(
  fetch: (keys: readonly K[]) => Promise<readonly (V | Error)[]>,
  options: BatchOptions,
): (key: K) => Promise<V> {
  let underWay = 0;
  const send = async (keys: readonly K[]) => {
    underWay += 1;
    try {
      return [...(await fetch(keys))];
    } finally {
      underWay -= 1;
    }
  };
  const loader = new DataLoader<K, V>(send, {
    cache: false,
    maxBatchSize: options.maxBatch,
    batchScheduleFn: (dispatch) => setTimeout(dispatch, underWay > 0 ? options.busyGatherMs : options.batchWindowMs),
  });
  return (key) => loader.load(key);
}
