// One call for many keys: all queries that any users and requests make to a source within a moment
// are sent as one batch. It caches nothing; the cache in front of it does.
import { performance } from 'node:perf_hooks';
import DataLoader from 'dataloader';
import { requestsOf } from '../../diagnostics.ts';
import { failSpan, here, type TracePlace, within, withSharedSpan } from '../../tracing.ts';

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
  /**
   * How long it waits at most in a process that has no time to spare, while another one is in
   * flight or after one that many requests shared; a part of the time that its requests have.
   * Default `busyGatherMs`.
   */
  maxGatherMs?: number;
  /** Begins to measure which part of the time the process works. Default: its event loop's. */
  measureLoad?: () => () => number;
}

/** So many requests that share a batch are a burst, of which more may come. */
const MANY = 4;
/** The part of its time in which a process works that has no time to spare. */
const SATURATED = 0.8;

function measureEventLoop(): () => number {
  const begin = performance.eventLoopUtilization();
  return () => performance.eventLoopUtilization(begin).utilization;
}

/** A key, the request that needs it, and where that is in its trace. */
interface Wanted<K> {
  readonly key: K;
  readonly requestId: string | undefined;
  readonly place: TracePlace | undefined;
}

/**
 * A loader of single keys over `fetch`, which takes many keys and returns the results in the same
 * order, with an Error for each key that failed; `requestIds`: requests that share the batch. A
 * batch has a span with this name and source, to which every request that shares it has a link.
 */
export function createBatchLoader<K, V>(
  fetch: (keys: readonly K[], requestIds: readonly string[]) => Promise<readonly (V | Error)[]>,
  options: BatchOptions,
  source = '',
): (key: K, requestId?: string) => Promise<V> {
  let underWay = 0;
  let sharedAt = Number.NEGATIVE_INFINITY;
  const isBurst = () => underWay > 0 || performance.now() - sharedAt < (options.maxGatherMs ?? 0);
  const send = async (wanted: readonly Wanted<K>[]) => {
    underWay += 1;
    const attributes = { 'calendar.source': source, 'calendar.batch.size': wanted.length };
    const keys = wanted.map(({ key }) => key);
    const requestIds = requestsOf(wanted.map(({ requestId }) => requestId));
    const places = wanted.map(({ place }) => place);
    if (requestIds.length >= MANY) sharedAt = performance.now();
    try {
      return await withSharedSpan('source.batch', attributes, places, async (span, place) => {
        const results = await within(place, () => fetch(keys, requestIds));
        const failure = results.find((result) => result instanceof Error);
        if (failure !== undefined) failSpan(span, failure);
        return [...results];
      });
    } finally {
      underWay -= 1;
    }
  };
  const loader = new DataLoader<Wanted<K>, V>(send, {
    cache: false,
    maxBatchSize: options.maxBatch,
    batchScheduleFn: (dispatch) => gather(dispatch, { isUnderWay: () => underWay > 0, isBurst }, options),
  });
  return (key, requestId) => loader.load({ key, requestId, place: here() });
}

/** Whether another batch is in flight, and whether many requests share the batches of this time. */
interface Others {
  readonly isUnderWay: () => boolean;
  readonly isBurst: () => boolean;
}

/**
 * Calls `dispatch` after the window. In a process without time to spare requests come in slowly:
 * there it looks again during a burst.
 */
function gather(dispatch: () => void, { isUnderWay, isBurst }: Others, options: BatchOptions): void {
  const { batchWindowMs, busyGatherMs, maxGatherMs = 0, measureLoad = measureEventLoop } = options;
  const begin = performance.now();
  const load = measureLoad();
  const look = () => {
    const mayWait = performance.now() - begin < maxGatherMs;
    if (mayWait && isBurst() && load() > SATURATED) setTimeout(look, busyGatherMs);
    else dispatch();
  };
  setTimeout(look, isUnderWay() ? busyGatherMs : batchWindowMs);
}
