// When the circuit breaker opens: after five failures in a row with a second without success, or
// when half of at least twenty calls in ten seconds failed. The second without success keeps a slow
// service from opening the breaker all the time: at 30 calls a second of which a third time out,
// five in a row alone would open it five times a minute.

const IN_ROW = 5;
const SINCE_SUCCESS_MS = 1_000;
const SHARE = 0.5;
const MIN_CALLS = 20;
const WINDOW_S = 10;

/** Counts calls and decides when to open. */
export interface TripRule {
  succeeded(): void;
  /** True when the breaker must open now. */
  failed(): boolean;
  /** Clears all counts, when the service is back. */
  reset(): void;
}

/** The calls of one second. */
interface Bucket {
  readonly second: number;
  calls: number;
  failures: number;
}

/** `now`: milliseconds on a clock that never goes back. */
export function createTripRule(now: () => number): TripRule {
  let inRow = 0;
  let lastSuccess = Number.NEGATIVE_INFINITY;
  let buckets: Bucket[] = [];

  const count = (failures: number) => {
    const second = Math.floor(now() / 1000);
    if (buckets.at(-1)?.second !== second) {
      buckets = [...buckets.filter((bucket) => bucket.second > second - WINDOW_S), { second, calls: 0, failures: 0 }];
    }
    const current = buckets.at(-1) as Bucket;
    current.calls += 1;
    current.failures += failures;
  };
  const sum = (of: 'calls' | 'failures') => buckets.reduce((total, bucket) => total + bucket[of], 0);

  return {
    succeeded() {
      inRow = 0;
      lastSuccess = now();
      count(0);
    },
    failed() {
      inRow += 1;
      count(1);
      const isSilent = inRow >= IN_ROW && now() - lastSuccess >= SINCE_SUCCESS_MS;
      return isSilent || (sum('calls') >= MIN_CALLS && sum('failures') >= SHARE * sum('calls'));
    },
    reset() {
      inRow = 0;
      buckets = [];
    },
  };
}
