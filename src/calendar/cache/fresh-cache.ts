// The cache that stands in for a synced table. Loads and invalidations share one counter. A cached
// value is fresh only if its load number is higher than the last invalidation of each of its keys,
// and within its TTL. This is checked on every read, so an answer that arrives after an
// invalidation is stored without harm. README.md beside this file has the decision table and the
// rules. It knows no calendar types.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.ts';
import { type FailureReason, SourceError } from '../../errors.ts';
import type { Reading } from '../model/status.ts';
import { BackOffTable } from './back-off.ts';
import type { Invalidations } from './invalidations.ts';
import { SingleFlight } from './single-flight.ts';

/**
 * How long a value serves, in milliseconds; each window begins where the one before it ends (RFC
 * 5861).
 */
export interface Lifetimes<K = unknown> {
  /**
   * Fresh for so long from the start of its load (±10 % per value). Asked at every read: it may
   * change.
   */
  fresh: (key: K) => number;
  /** Then served STALE while a newer one is fetched. */
  staleWhileRevalidate: number;
  /**
   * Counted from the end of fresh: served STALE when the source fails or does not answer in time.
   */
  staleIfError: number;
  /** A load that began so soon after an invalidation is suspect: it may have read old data... */
  suspectWithin: number;
  /** ...and is fresh only for so long. */
  suspectTtl: number;
}

/**
 * 30 s fresh, then 60 s stale-while-revalidate, then 1 h stale-if-error; suspect for 1 s within 2
 * s.
 */
export const DEFAULT_LIFETIMES: Lifetimes = {
  fresh: () => 30_000,
  staleWhileRevalidate: 60_000,
  staleIfError: 3_600_000,
  suspectWithin: 2_000,
  suspectTtl: 1_000,
};

export interface FreshCacheOptions<K, V> {
  /**
   * Reads the value from its source. A rejection with {@link SourceError} says why; anything else
   * is BAD_RESPONSE.
   */
  load: (key: K) => Promise<V>;
  /** Identity of a key. */
  id: (key: K) => string;
  /** The names by which it can be invalidated. */
  invalidationKeys: (key: K) => readonly string[];
  /** Estimated bytes of a value. */
  sizeOf: (value: V, key: K) => number;
  /** Most bytes held, by that estimate; the least recently read go first. */
  maxBytes: number;
  /** Shared with the caches that are invalidated together with this one. */
  invalidations: Invalidations;
  clock: Clock;
  lifetimes?: Partial<Lifetimes<K>>;
  /** In [0, 1): spreads expiry and back-off. Default Math.random. */
  random?: () => number;
}

/** What a reader asks for. */
export interface ReadOptions {
  /**
   * Oldest copy acceptable, in milliseconds; 0 = only what a load that starts after this call
   * brings.
   */
  readonly maxAge?: number | undefined;
  /**
   * Resolves when the reader will wait no longer. Never cancels the load, which others may be
   * waiting for.
   */
  readonly deadline?: Promise<unknown> | undefined;
}

interface Entry<V> {
  readonly value: V;
  readonly seq: number;
  readonly startedAt: number;
  readonly suspect: boolean;
  /** In [0.9, 1.1]. */
  readonly jitter: number;
  /** Loads caused by invalidations that may still start now; refilled at one a second. */
  readonly reloadLimit: ReloadLimit;
}

/** One read: what was asked, when, and which loads are late enough for it. */
interface ReadRequest<K> extends ReadOptions {
  readonly id: string;
  readonly key: K;
  readonly now: number;
  /** Number of the last invalidation of the key when the read began. */
  readonly invalidation: number;
  /** A load that begins after the read has a higher number. */
  readonly arrival: number;
  /** A held value, or a load that is joined, needs a higher number. */
  readonly least: number;
}

interface ReloadLimit {
  tokens: number;
  at: number;
}

type Outcome<V> = { readonly entry: Entry<V> } | { readonly failure: FailureReason };

/**
 * Invalidation-caused loads that may follow at once; then one a second. A person edits twice, a
 * flood thousands of times.
 */
const RELOAD_BURST = 3;
const RELOAD_REFILL_MS = 1_000;
const GAVE_UP: unique symbol = Symbol('the reader waits no longer');

/**
 * See the head of the file. One instance per kind of value; share `invalidations` between those
 * that are invalidated together.
 */
export class FreshCache<K, V> {
  readonly #options: FreshCacheOptions<K, V>;
  readonly #lifetimes: Lifetimes<K>;
  readonly #random: () => number;
  readonly #entries: LRUCache<string, Entry<V>>;
  readonly #flights = new SingleFlight<Outcome<V>>();
  readonly #backOffs: BackOffTable;

  constructor(options: FreshCacheOptions<K, V>) {
    this.#options = options;
    this.#lifetimes = { ...DEFAULT_LIFETIMES, ...options.lifetimes };
    this.#random = options.random ?? Math.random;
    this.#backOffs = new BackOffTable(this.#random);
    this.#entries = new LRUCache({ maxSize: options.maxBytes });
  }

  /** The value, if it can be served fresh right now without waiting; else undefined. */
  peek(key: K, readOptions: ReadOptions = {}): Reading<V> | undefined {
    if (readOptions.maxAge === 0) return undefined;
    const entry = this.#entries.get(this.#options.id(key));
    if (entry === undefined) return undefined;
    const now = this.#options.clock.now();
    return this.#isValid(key, entry) && this.#isFresh(key, entry, now, readOptions.maxAge) ? fresh(entry) : undefined;
  }

  /**
   * The best value within the options, with its state (decision table: README.md). Never rejects.
   */
  async read(key: K, readOptions: ReadOptions = {}): Promise<Reading<V>> {
    const request = this.#requestOf(key, readOptions);
    return this.#withoutWaiting(request) ?? this.#afterLoading(request);
  }

  #requestOf(key: K, { maxAge, deadline }: ReadOptions): ReadRequest<K> {
    const { invalidations, invalidationKeys, clock } = this.#options;
    const invalidation = invalidations.latest(invalidationKeys(key)).seq;
    const arrival = maxAge === undefined ? invalidation : invalidations.next();
    const least = maxAge === 0 ? arrival : invalidation;
    return { id: this.#options.id(key), key, now: clock.now(), maxAge, deadline, invalidation, arrival, least };
  }

  /** What the decision table gives without waiting for a load; undefined in its rows that wait. */
  #withoutWaiting(request: ReadRequest<K>): Reading<V> | undefined {
    const { id, key, now, invalidation } = request;
    const entry = this.#entries.get(id);
    const backOff = this.#backOffs.at(id, now);
    if (entry !== undefined && this.#canServeFresh(request, entry)) return fresh(entry);
    if (entry !== undefined && this.#canServeWhileRevalidating(request, entry)) {
      if (backOff === undefined) void this.#loadAfter(id, key, invalidation);
      return stale(entry, backOff?.reason ?? 'REVALIDATING');
    }
    if (backOff !== undefined) return this.#fallBack(id, key, backOff.reason);
    if (entry !== undefined && this.#mustWaitForReload(request, entry)) return stale(entry, 'REVALIDATING');
    return undefined;
  }

  #canServeFresh({ key, now, maxAge, least }: ReadRequest<K>, entry: Entry<V>): boolean {
    return entry.seq > least && this.#isFresh(key, entry, now, maxAge);
  }

  /**
   * A suspect value may be older than the invalidation: it is loaded again, and not served
   * meanwhile.
   */
  #canServeWhileRevalidating({ key, now, maxAge, least }: ReadRequest<K>, entry: Entry<V>): boolean {
    if (entry.seq <= least || maxAge !== undefined || entry.suspect) return false;
    return now < this.#freshUntil(key, entry) + this.#lifetimes.staleWhileRevalidate;
  }

  /** An invalidated value whose reload limit is used up is served as it is. */
  #mustWaitForReload({ id, key, now, maxAge, invalidation }: ReadRequest<K>, entry: Entry<V>): boolean {
    if (entry.seq > invalidation || maxAge !== undefined || !this.#isWithinStaleIfError(key, entry, now)) return false;
    return !this.#mayStart(id, entry, invalidation, now);
  }

  async #afterLoading(request: ReadRequest<K>): Promise<Reading<V>> {
    const { id, key, deadline } = request;
    const outcome = await withoutWaitingPast(deadline, this.#loadFor(request));
    if (outcome === GAVE_UP) return this.#fallBack(id, key, 'TIMEOUT');
    if ('failure' in outcome) return this.#fallBack(id, key, outcome.failure);
    // Judged like every read: an invalidation may have come meanwhile, and a load that was joined
    // may have begun long ago.
    const { entry } = outcome;
    return this.#isRecent(request, entry) && this.#isValid(key, entry) ? fresh(entry) : stale(entry, 'REVALIDATING');
  }

  /**
   * A load that was joined may have begun too long ago for a reader with a maxAge: then one that
   * begins after they came.
   */
  async #loadFor(request: ReadRequest<K>): Promise<Outcome<V>> {
    const { id, key, maxAge, least, arrival } = request;
    const first = await this.#loadAfter(id, key, least);
    if (maxAge === undefined || 'failure' in first || this.#isRecent(request, first.entry)) return first;
    return this.#loadAfter(id, key, arrival);
  }

  #isRecent({ key, now, maxAge }: ReadRequest<K>, entry: Entry<V>): boolean {
    return entry.startedAt >= now || this.#isFresh(key, entry, now, maxAge);
  }

  /** Loads under way, of one key or of all. */
  running(key?: K): number {
    return this.#flights.running(key === undefined ? undefined : this.#options.id(key));
  }

  /** Keys that are left alone after failures; bounded. */
  get backingOff(): number {
    return this.#backOffs.size;
  }

  /** Values held and their estimated bytes. */
  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#entries.size, bytes: this.#entries.calculatedSize };
  }

  #isValid(key: K, entry: Entry<V>): boolean {
    return entry.seq > this.#options.invalidations.latest(this.#options.invalidationKeys(key)).seq;
  }

  #freshUntil(key: K, entry: Entry<V>): number {
    const fresh = this.#lifetimes.fresh(key) * entry.jitter;
    return entry.startedAt + (entry.suspect ? Math.min(fresh, this.#lifetimes.suspectTtl) : fresh);
  }

  #isFresh(key: K, entry: Entry<V>, now: number, maxAge: number | undefined): boolean {
    return now < this.#freshUntil(key, entry) && (maxAge === undefined || now - entry.startedAt <= maxAge);
  }

  #isWithinStaleIfError(key: K, entry: Entry<V>, now: number): boolean {
    return now < this.#freshUntil(key, entry) + this.#lifetimes.staleIfError;
  }

  /**
   * Whatever is held, labelled; read anew, because another load may have stored something better
   * meanwhile.
   */
  #fallBack(id: string, key: K, reason: FailureReason): Reading<V> {
    const entry = this.#entries.get(id);
    if (entry !== undefined && this.#isWithinStaleIfError(key, entry, this.#options.clock.now()))
      return stale(entry, reason);
    return { state: 'UNAVAILABLE', value: null, fetchedAt: null, reason };
  }

  /**
   * Whether an invalidated value may be read anew at once: another reader's load can be joined, or
   * a token is left.
   */
  #mayStart(id: string, entry: Entry<V>, invalidation: number, now: number): boolean {
    if (this.#flights.has(id, invalidation)) return true;
    const { reloadLimit } = entry;
    const refilled = Math.floor((now - reloadLimit.at) / RELOAD_REFILL_MS);
    if (refilled > 0) {
      reloadLimit.tokens = Math.min(RELOAD_BURST, reloadLimit.tokens + refilled);
      reloadLimit.at += refilled * RELOAD_REFILL_MS;
    }
    if (reloadLimit.tokens === 0) return false;
    reloadLimit.tokens -= 1;
    return true;
  }

  #loadAfter(id: string, key: K, after: number): Promise<Outcome<V>> {
    return this.#flights.join(id, after, () => {
      const { invalidations, clock, invalidationKeys } = this.#options;
      const startedAt = clock.now();
      const suspect = startedAt - invalidations.latest(invalidationKeys(key)).at < this.#lifetimes.suspectWithin;
      const seq = invalidations.next();
      // A load that waited for one that failed finds the key left alone.
      const backOff = this.#backOffs.at(id, startedAt);
      if (backOff !== undefined) return { seq, result: Promise.resolve({ failure: backOff.reason }) };
      return { seq, result: this.#load(id, key, { seq, startedAt, suspect }) };
    });
  }

  async #load(id: string, key: K, start: Pick<Entry<V>, 'seq' | 'startedAt' | 'suspect'>): Promise<Outcome<V>> {
    try {
      return this.#succeeded(id, key, { value: await this.#options.load(key), ...start });
    } catch (error) {
      return this.#failed(id, start.seq, error);
    }
  }

  /**
   * Stores the value, unless a newer load was quicker: then that one's is the better answer for
   * everybody.
   */
  #succeeded(id: string, key: K, loaded: Omit<Entry<V>, 'jitter' | 'reloadLimit'>): Outcome<V> {
    const held = this.#entries.peek(id);
    const reloadLimit = held?.reloadLimit ?? { tokens: RELOAD_BURST, at: loaded.startedAt };
    const entry: Entry<V> = { ...loaded, jitter: 0.9 + 0.2 * this.#random(), reloadLimit };
    if (held !== undefined && held.seq > entry.seq) return { entry: held };
    this.#backOffs.succeeded(id);
    this.#entries.set(id, entry, { size: Math.max(1, Math.ceil(this.#options.sizeOf(entry.value, key))) });
    return { entry };
  }

  /**
   * Removes nothing; leaves the key alone for a moment, unless a newer load has succeeded or no
   * call was made.
   */
  #failed(id: string, seq: number, error: unknown): Outcome<V> {
    const known = error instanceof SourceError ? error : new SourceError('BAD_RESPONSE', String(error));
    const overtaken = (this.#entries.peek(id)?.seq ?? 0) > seq;
    if (!overtaken && known.reason !== 'CIRCUIT_OPEN') {
      this.#backOffs.failed(id, known.reason, this.#options.clock.now(), known.retryAfterMs);
    }
    return { failure: known.reason };
  }
}

const fresh = <V>(entry: Entry<V>): Reading<V> => ({
  state: 'FRESH',
  value: entry.value,
  fetchedAt: entry.startedAt,
  reason: null,
});

const stale = <V>(entry: Entry<V>, reason: FailureReason | 'REVALIDATING'): Reading<V> => ({
  state: 'STALE',
  value: entry.value,
  fetchedAt: entry.startedAt,
  reason,
});

async function withoutWaitingPast<T>(
  deadline: Promise<unknown> | undefined,
  load: Promise<T>,
): Promise<T | typeof GAVE_UP> {
  return deadline === undefined ? load : Promise.race([load, deadline.then((): typeof GAVE_UP => GAVE_UP)]);
}
