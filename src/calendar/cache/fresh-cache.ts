// The cache that replaces a synced table. Loads and invalidations share one counter. A cached value
// is fresh only if its load number is higher than the last invalidation of each of its keys, and
// only within its TTL. This is checked on every read, so storing an answer that arrives after an
// invalidation is safe. README.md in this folder has the decision table and the rules. This file
// uses no calendar types.
import type { Clock } from '../../clock.ts';
import { type FailureReason, SourceError } from '../../errors.ts';
import type { Reading } from '../model/status.ts';
import { BackOffTable } from './back-off.ts';
import type { Invalidation, Invalidations } from './invalidations.ts';
import { SingleFlight } from './single-flight.ts';
import { Store } from './store.ts';

/** Lifetimes of a value in milliseconds; each begins where the one before it ends (RFC 5861). */
export interface Lifetimes<K = unknown> {
  /**
   * TTL, counted from the start of the load (±10 % for each value). Called at every read, so it may
   * change.
   */
  fresh: (key: K) => number;
  /** After the TTL: served STALE while a newer value is loaded. */
  staleWhileRevalidate: number;
  /** Counted from the end of the TTL: served STALE if the source fails or is too slow. */
  staleIfError: number;
  /**
   * A load that starts within this time after an invalidation is suspect: it may have read old
   * data.
   */
  suspectWithin: number;
  /** TTL of a suspect or incomplete value. */
  suspectTtl: number;
}

/** TTL 30 s, stale-while-revalidate 60 s, stale-if-error 1 h; suspect within 2 s, for 1 s. */
export const DEFAULT_LIFETIMES: Lifetimes = {
  fresh: () => 30_000,
  staleWhileRevalidate: 60_000,
  staleIfError: 3_600_000,
  suspectWithin: 2_000,
  suspectTtl: 1_000,
};

export interface FreshCacheOptions<K, V> {
  /** Given to `onRead` of each read. Default empty. */
  name?: string;
  /**
   * Loads the value. A {@link SourceError} names the reason of a failure; any other error counts as
   * BAD_RESPONSE. `requestId`: of the first read that needs it.
   */
  load: (key: K, requestId: string | undefined) => Promise<V>;
  /** Where the value of a key comes from, for `counts`. Default empty. */
  sourceOf?: (key: K) => string;
  /** Identity of a key. */
  id: (key: K) => string;
  /** The invalidation keys of a value. */
  invalidationKeys: (key: K) => readonly string[];
  /**
   * Whether nothing of the value had to be left out. An incomplete value never replaces a complete
   * one within stale-if-error; without one it is stored, for a short time. Default: always
   * complete.
   */
  isComplete?: (value: V) => boolean;
  /**
   * Whether the value says that there is nothing. Of such values few are held, so that unknown
   * keys evict no others. Default: never.
   */
  isEmpty?: (value: V) => boolean;
  /** Estimated bytes of a value with all that is held for it. */
  sizeOf: (value: V, key: K) => number;
  /** Maximum estimated bytes; the least recently used values are evicted first. */
  maxBytes: number;
  /** Shared by the caches that are invalidated together. */
  invalidations: Invalidations;
  clock: Clock;
  lifetimes?: Partial<Lifetimes<K>>;
  /** Returns a number in [0, 1); spreads expiry and back-off. Default Math.random. */
  random?: () => number;
}

/** Options of one read. */
export interface ReadOptions {
  /** Maximum age of the value in milliseconds; 0 requires a load that starts after this call. */
  readonly maxAge?: number | undefined;
  /** Resolves when the reader stops waiting. It never cancels the load, which others may share. */
  readonly deadline?: Promise<unknown> | undefined;
  /** The request that reads, for those who load. */
  readonly requestId?: string | undefined;
  /** Called with the cache's name, the key's identity, and what the reader is given. */
  readonly onRead?: ((cache: string, id: string, reading: Reading<unknown>) => void) | undefined;
  /** The same with more, which costs more. */
  readonly onDetails?: ((details: ReadDetails) => void) | undefined;
}

/** What there is to say of one read. */
export interface ReadDetails {
  /** The cache's name, and the key's identity. */
  readonly cache: string;
  readonly id: string;
  readonly reading: Reading<unknown>;
  /** Whether the reader has waited for a load. */
  readonly isLoaded: boolean;
  /** The last one of the key. */
  readonly invalidation: Invalidation;
}

interface Entry<V> {
  readonly value: V;
  readonly seq: number;
  readonly startedAt: number;
  /** The same instant as it is shown, in milliseconds since 1970. */
  readonly fetchedAt: number;
  readonly suspect: boolean;
  readonly isComplete: boolean;
  /** Factor on the TTL, in [0.9, 1.1]. */
  readonly jitter: number;
  /** Token bucket of the loads that invalidations may cause; from the first one on. */
  reloadLimit: ReloadLimit | undefined;
}

type LoadStart = Pick<Entry<unknown>, 'seq' | 'startedAt' | 'fetchedAt' | 'suspect'>;

/** A value to load: its key with the identity of that, and the request that reads it first. */
interface Wanted<K> extends Pick<ReadOptions, 'requestId'> {
  readonly id: string;
  readonly key: K;
}

/** One read, and which load numbers are sufficient for it. */
interface ReadRequest<K> extends Wanted<K>, Pick<ReadOptions, 'maxAge' | 'deadline'> {
  readonly now: number;
  /** Number of the key's last invalidation when the read started. */
  readonly invalidation: number;
  /** Loads that start after the read have higher numbers. */
  readonly arrival: number;
  /** The cached value, or a load to join, must have a higher number. */
  readonly least: number;
}

/** Why a value was loaded: there was none, it was too old, or invalidated, or a reader asked. */
export type LoadReason = 'miss' | 'expired' | 'invalidated' | 'asked';

/** How many values of a source were loaded for a reason. */
export interface LoadCount {
  readonly source: string;
  readonly reason: LoadReason;
  readonly count: number;
}

interface ReloadLimit {
  tokens: number;
  at: number;
  /** Whether a load waits for the next token. */
  isScheduled: boolean;
}

type Outcome<V> = { readonly entry: Entry<V> } | { readonly failure: FailureReason };

/**
 * Number of loads that invalidations may cause at once; then one a second. A person edits twice, a
 * flood of changes thousands of times.
 */
const RELOAD_BURST = 3;
const RELOAD_REFILL_MS = 1_000;
const GAVE_UP: unique symbol = Symbol('the reader waits no longer');

/**
 * See the head of this file. Use one instance for each type of value, and share `invalidations`.
 */
export class FreshCache<K, V> {
  readonly #options: FreshCacheOptions<K, V>;
  readonly #lifetimes: Lifetimes<K>;
  readonly #random: () => number;
  readonly #entries: Store<Entry<V>>;
  readonly #flights = new SingleFlight<Outcome<V>>();
  readonly #backOffs: BackOffTable;
  readonly #reads = { FRESH: 0, STALE: 0, UNAVAILABLE: 0 };
  readonly #loads = new Map<string, LoadCount>();

  constructor(options: FreshCacheOptions<K, V>) {
    this.#options = options;
    this.#lifetimes = { ...DEFAULT_LIFETIMES, ...options.lifetimes };
    this.#random = options.random ?? Math.random;
    this.#backOffs = new BackOffTable(this.#random);
    this.#entries = new Store(options.maxBytes);
  }

  /** The value if it is fresh now, without waiting; otherwise undefined. */
  peek(key: K, readOptions: ReadOptions = {}): Reading<V> | undefined {
    return this.peeker(key)(readOptions);
  }

  /**
   * {@link peek} of one key that is asked for often: what follows from the key is computed once.
   */
  peeker(key: K): (readOptions: ReadOptions) => Reading<V> | undefined {
    const id = this.#options.id(key);
    let names: readonly string[] | undefined;
    return (readOptions) => {
      if (readOptions.maxAge === 0) return undefined;
      const entry = this.#entries.get(id);
      if (entry === undefined) return undefined;
      const { clock, invalidations, invalidationKeys } = this.#options;
      names ??= invalidationKeys(key);
      if (entry.seq <= invalidations.latest(names).seq) return undefined;
      if (!this.#isFresh(key, entry, clock.elapsed(), readOptions.maxAge)) return undefined;
      this.#reads.FRESH += 1;
      return this.#given(id, key, fresh(entry), readOptions, false);
    };
  }

  /**
   * The best value that the options allow, with its state (decision table: README.md). Never
   * rejects.
   */
  async read(key: K, readOptions: ReadOptions = {}): Promise<Reading<V>> {
    const request = this.#requestOf(key, readOptions);
    const held = this.#withoutWaiting(request);
    const reading = held ?? (await this.#afterLoading(request));
    this.#reads[reading.state] += 1;
    return this.#given(request.id, key, reading, readOptions, held === undefined);
  }

  #given(id: string, key: K, reading: Reading<V>, { onRead, onDetails }: ReadOptions, isLoaded: boolean): Reading<V> {
    const { name: cache = '', invalidations, invalidationKeys } = this.#options;
    onRead?.(cache, id, reading);
    onDetails?.({ cache, id, reading, isLoaded, invalidation: invalidations.latest(invalidationKeys(key)) });
    return reading;
  }

  #requestOf(key: K, { maxAge, deadline, requestId }: ReadOptions): ReadRequest<K> {
    const { invalidations, invalidationKeys, clock } = this.#options;
    const invalidation = invalidations.latest(invalidationKeys(key)).seq;
    const arrival = maxAge === undefined ? invalidation : invalidations.next();
    const least = maxAge === 0 ? arrival : invalidation;
    const now = clock.elapsed();
    return { id: this.#options.id(key), key, now, maxAge, deadline, requestId, invalidation, arrival, least };
  }

  /** The rows of the decision table that need no load; undefined for the others. */
  #withoutWaiting(request: ReadRequest<K>): Reading<V> | undefined {
    const { id, key, now, invalidation } = request;
    const entry = this.#entries.get(id);
    const backOff = this.#backOffs.at(id, now);
    if (entry !== undefined && this.#canServeFresh(request, entry)) return fresh(entry);
    if (entry !== undefined && this.#canServeWhileRevalidating(request, entry)) {
      if (backOff === undefined) void this.#loadAfter(request, invalidation);
      return stale(entry, backOff?.reason ?? 'REVALIDATING');
    }
    if (backOff !== undefined) return this.#fallBack(id, key, backOff.reason);
    if (entry !== undefined && this.#mustWaitForReload(request, entry)) return this.#revalidating(request, entry);
    return undefined;
  }

  #canServeFresh({ key, now, maxAge, least }: ReadRequest<K>, entry: Entry<V>): boolean {
    return entry.seq > least && this.#isFresh(key, entry, now, maxAge);
  }

  /**
   * A suspect value may be older than the invalidation, and an incomplete one lacks items: readers
   * wait for a newer one.
   */
  #canServeWhileRevalidating({ key, now, maxAge, least }: ReadRequest<K>, entry: Entry<V>): boolean {
    if (entry.seq <= least || maxAge !== undefined || entry.suspect || !entry.isComplete) return false;
    return now < this.#freshUntil(key, entry) + this.#lifetimes.staleWhileRevalidate;
  }

  /**
   * Whether the value is invalidated and its reload limit is used up: then it is served as STALE.
   */
  #mustWaitForReload({ id, key, now, maxAge, invalidation }: ReadRequest<K>, entry: Entry<V>): boolean {
    if (entry.seq > invalidation || maxAge !== undefined || !this.#isWithinStaleIfError(key, entry, now)) return false;
    return !this.#mayStart(id, entry, invalidation, now);
  }

  async #afterLoading(request: ReadRequest<K>): Promise<Reading<V>> {
    const { id, key, deadline } = request;
    let outcome = await raceDeadline(deadline, this.#loadFor(request));
    // An invalidation arrived during the load: a reader with a maxAge, as after a write, waits for
    // one more.
    if (
      request.maxAge !== undefined &&
      outcome !== GAVE_UP &&
      'entry' in outcome &&
      !this.#isValid(key, outcome.entry)
    ) {
      outcome = await raceDeadline(deadline, this.#loadAfter(request, this.#invalidationOf(key)));
    }
    if (outcome === GAVE_UP) return this.#fallBack(id, key, 'TIMEOUT');
    if ('failure' in outcome) return this.#fallBack(id, key, outcome.failure);
    // Checked again: an invalidation may have arrived during the load, and a joined load may have
    // started long ago.
    const { entry } = outcome;
    if (this.#isRecent(request, entry) && this.#isValid(key, entry)) return fresh(entry);
    return this.#revalidating(request, entry);
  }

  /**
   * The entry as STALE, while a newer value is loaded, or will be as soon as the reload limit
   * allows.
   */
  #revalidating(wanted: Wanted<K>, entry: Entry<V>): Reading<V> {
    const { id, key } = wanted;
    const after = Math.max(entry.seq, this.#invalidationOf(key));
    const { clock } = this.#options;
    const reloadLimit = reloadLimitOf(entry);
    if (this.#mayStart(id, entry, after, clock.elapsed())) void this.#loadAfter(wanted, after);
    else if (!reloadLimit.isScheduled) {
      reloadLimit.isScheduled = true;
      clock.after(RELOAD_REFILL_MS, () => {
        reloadLimit.isScheduled = false;
        const held = this.#entries.peek(id);
        if (held !== undefined && !this.#isValid(key, held)) this.#revalidating(wanted, held);
      });
    }
    return stale(entry, 'REVALIDATING');
  }

  /**
   * A joined load may have started too early for this reader: more than `maxAge` ago, or so long
   * ago that its value is beyond stale-while-revalidate. Then a second load, which starts later, is
   * used.
   */
  async #loadFor(request: ReadRequest<K>): Promise<Outcome<V>> {
    const { maxAge, least, arrival } = request;
    const first = await this.#loadAfter(request, least);
    if ('failure' in first || this.#isRecent(request, first.entry)) return first;
    if (maxAge !== undefined) return this.#loadAfter(request, arrival);
    const { seq } = first.entry;
    return this.#canServeWhileRevalidating(request, first.entry) ? first : this.#loadAfter(request, seq);
  }

  #isRecent({ key, now, maxAge }: ReadRequest<K>, entry: Entry<V>): boolean {
    return entry.startedAt >= now || this.#isFresh(key, entry, now, maxAge);
  }

  /** Number of loads in flight, of one key or of all. */
  running(key?: K): number {
    return this.#flights.running(key === undefined ? undefined : this.#options.id(key));
  }

  /** Number of keys in back-off; bounded. */
  get backingOff(): number {
    return this.#backOffs.size;
  }

  /** Number of cached values and their estimated bytes. */
  get size(): { readonly entries: number; readonly bytes: number } {
    return this.#entries.size;
  }

  /** Reads by the state of what was given, and loads, since the start. */
  get counts(): {
    readonly reads: Readonly<Record<Reading<V>['state'], number>>;
    readonly loads: readonly LoadCount[];
  } {
    return { reads: { ...this.#reads }, loads: [...this.#loads.values()] };
  }

  #isValid(key: K, entry: Entry<V>): boolean {
    return entry.seq > this.#invalidationOf(key);
  }

  /** Number of the key's last invalidation. */
  #invalidationOf(key: K): number {
    return this.#options.invalidations.latest(this.#options.invalidationKeys(key)).seq;
  }

  #freshUntil(key: K, entry: Entry<V>): number {
    const fresh = this.#lifetimes.fresh(key) * entry.jitter;
    const isShort = entry.suspect || !entry.isComplete;
    return entry.startedAt + (isShort ? Math.min(fresh, this.#lifetimes.suspectTtl) : fresh);
  }

  #isFresh(key: K, entry: Entry<V>, now: number, maxAge: number | undefined): boolean {
    return now < this.#freshUntil(key, entry) && (maxAge === undefined || now - entry.startedAt <= maxAge);
  }

  #isWithinStaleIfError(key: K, entry: Entry<V>, now: number): boolean {
    return now < this.#freshUntil(key, entry) + this.#lifetimes.staleIfError;
  }

  /**
   * The cached value with a reason. It is read again, because another load may have stored a better
   * one.
   */
  #fallBack(id: string, key: K, reason: FailureReason): Reading<V> {
    const entry = this.#entries.get(id);
    if (entry !== undefined && this.#isWithinStaleIfError(key, entry, this.#options.clock.elapsed()))
      return stale(entry, reason);
    return { state: 'UNAVAILABLE', value: null, fetchedAt: null, reason };
  }

  /** Whether an invalidated value may be loaded now: a load can be joined, or a token is left. */
  #mayStart(id: string, entry: Entry<V>, invalidation: number, now: number): boolean {
    if (this.#flights.has(id, invalidation)) return true;
    const reloadLimit = reloadLimitOf(entry);
    const refilled = Math.floor((now - reloadLimit.at) / RELOAD_REFILL_MS);
    if (refilled > 0) {
      reloadLimit.tokens = Math.min(RELOAD_BURST, reloadLimit.tokens + refilled);
      reloadLimit.at += refilled * RELOAD_REFILL_MS;
    }
    if (reloadLimit.tokens === 0) return false;
    reloadLimit.tokens -= 1;
    return true;
  }

  #loadAfter(wanted: Wanted<K>, after: number): Promise<Outcome<V>> {
    const { id, key } = wanted;
    return this.#flights.join(id, after, () => {
      const { invalidations, clock, invalidationKeys } = this.#options;
      const startedAt = clock.elapsed();
      const fetchedAt = clock.now();
      const suspect = startedAt - invalidations.latest(invalidationKeys(key)).at < this.#lifetimes.suspectWithin;
      const seq = invalidations.next();
      // The load that this one waited for may have failed: then its back-off applies.
      const backOff = this.#backOffs.at(id, startedAt);
      if (backOff !== undefined) return { seq, result: Promise.resolve({ failure: backOff.reason }) };
      return { seq, result: this.#load(wanted, { seq, startedAt, fetchedAt, suspect }) };
    });
  }

  async #load({ id, key, requestId }: Wanted<K>, start: LoadStart): Promise<Outcome<V>> {
    this.#countLoad(id, key);
    try {
      const value = await this.#options.load(key, requestId);
      return this.#succeeded(id, key, value, start);
    } catch (error) {
      return this.#failed(id, start.seq, error);
    }
  }

  #countLoad(id: string, key: K): void {
    const source = this.#options.sourceOf?.(key) ?? '';
    const reason = this.#reasonOf(key, this.#entries.peek(id));
    const name = `${source} ${reason}`;
    this.#loads.set(name, { source, reason, count: (this.#loads.get(name)?.count ?? 0) + 1 });
  }

  #reasonOf(key: K, held: Entry<V> | undefined): LoadReason {
    if (held === undefined) return 'miss';
    if (!this.#isValid(key, held)) return 'invalidated';
    return this.#isFresh(key, held, this.#options.clock.elapsed(), undefined) ? 'asked' : 'expired';
  }

  /**
   * Stores the value, unless a newer load has finished first, or unless it is incomplete and a
   * complete value is still within stale-if-error: then the held value is the better answer.
   */
  #succeeded(id: string, key: K, value: V, start: LoadStart): Outcome<V> {
    const held = this.#entries.peek(id);
    const entry = this.#entryOf(value, start, held?.reloadLimit);
    if (held !== undefined && held.seq > entry.seq) return { entry: held };
    const now = this.#options.clock.elapsed();
    if (entry.isComplete) this.#backOffs.succeeded(id);
    else this.#backOffs.failed(id, 'BAD_RESPONSE', now);
    if (!entry.isComplete && held?.isComplete && this.#isWithinStaleIfError(key, held, now)) {
      return { failure: 'BAD_RESPONSE' };
    }
    const { sizeOf, isEmpty } = this.#options;
    this.#entries.set(id, entry, sizeOf(entry.value, key), isEmpty?.(entry.value) ?? false);
    return { entry };
  }

  /** Written out: made by spreading, each entry would have a hidden class of its own in V8. */
  #entryOf(
    value: V,
    { seq, startedAt, fetchedAt, suspect }: LoadStart,
    reloadLimit: Entry<V>['reloadLimit'],
  ): Entry<V> {
    return {
      value,
      seq,
      startedAt,
      fetchedAt,
      suspect,
      isComplete: this.#options.isComplete?.(value) ?? true,
      jitter: 0.9 + 0.2 * this.#random(),
      reloadLimit,
    };
  }

  /**
   * A failure removes nothing. It starts a back-off, unless a newer load succeeded or no call was
   * made.
   */
  #failed(id: string, seq: number, error: unknown): Outcome<V> {
    const known = error instanceof SourceError ? error : new SourceError('BAD_RESPONSE', String(error));
    const overtaken = (this.#entries.peek(id)?.seq ?? 0) > seq;
    if (!overtaken && known.reason !== 'CIRCUIT_OPEN') {
      this.#backOffs.failed(id, known.reason, this.#options.clock.elapsed(), known.retryAfterMs);
    }
    return { failure: known.reason };
  }
}

function reloadLimitOf(entry: Entry<unknown>): ReloadLimit {
  entry.reloadLimit ??= { tokens: RELOAD_BURST, at: entry.startedAt, isScheduled: false };
  return entry.reloadLimit;
}

const fresh = <V>(entry: Entry<V>): Reading<V> => ({
  state: 'FRESH',
  value: entry.value,
  fetchedAt: entry.fetchedAt,
  reason: null,
});

const stale = <V>(entry: Entry<V>, reason: FailureReason | 'REVALIDATING'): Reading<V> => ({
  state: 'STALE',
  value: entry.value,
  fetchedAt: entry.fetchedAt,
  reason,
});

async function raceDeadline<T>(deadline: Promise<unknown> | undefined, load: Promise<T>): Promise<T | typeof GAVE_UP> {
  return deadline === undefined ? load : Promise.race([load, deadline.then((): typeof GAVE_UP => GAVE_UP)]);
}
