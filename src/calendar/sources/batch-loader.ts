// One call for many keys: whatever is asked of a source within a moment, by any number of users and
// requests, leaves as one batch. It remembers nothing; the cache in front of it does.
import DataLoader from 'dataloader';

export interface BatchOptions {
  /** Most keys in one batch. */
  maxBatch: number;
  /**
   * How long a batch gathers keys, in milliseconds: long enough for requests that arrive together.
   */
  batchWindowMs: number;
  /**
   * How long while another batch is under way: a rush of requests then leaves as few batches,
   * however slowly it comes in.
   */
  busyGatherMs: number;
}

/**
 * A loader of single keys over `fetch`, which takes them together and answers in the same order,
 * an Error in the place of each key that failed.
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
