// Mutants: caches with one rule switched off, which prove that each invariant's test can fail. The
// plain cache is the shortest cache that keeps all invariants; where a rule can be removed through
// the parts given to the real cache (invalidations, lifetimes), the real cache is the mutant.

import { FreshCache, type Lifetimes, type ReadOptions } from '../../../src/calendar/cache/fresh-cache.ts';
import { type Invalidation, Invalidations } from '../../../src/calendar/cache/invalidations.ts';
import type { Reading, SourceReason } from '../../../src/calendar/model/status.ts';
import type { Clock } from '../../../src/clock.ts';
import { SourceError } from '../../../src/errors.ts';
import { type Create, FRESH, type Name, namesOf, type Seen, SIE, type Subject, SWR } from './fresh-cache-model.ts';
import type { Key } from './fresh-cache-schedules.ts';

const LIFETIMES: Partial<Lifetimes> = { fresh: () => FRESH, staleWhileRevalidate: SWR, staleIfError: SIE };

/** The cache under test, on few enough invalidations that folding happens all the time. */
export function real(
  lifetimes: Partial<Lifetimes> = {},
  InvalidationsOf: typeof Invalidations = Invalidations,
): Create {
  return ({ load, clock }) => {
    const invalidations = new InvalidationsOf({ now: () => clock.elapsed(), limit: 2 });
    const cache = new FreshCache<Key, Seen>({
      load,
      clock,
      invalidations,
      id: (key) => key,
      invalidationKeys: namesOf,
      sizeOf: () => 1,
      maxBytes: 1_000,
      lifetimes: { ...LIFETIMES, ...lifetimes },
    });
    return {
      read: (key, readOptions) => cache.read(key, readOptions),
      invalidate: (name) => (name === null ? invalidations.recordAll() : invalidations.record(name)),
    };
  };
}

/** Invalidations that are never found. */
export class IgnoredInvalidations extends Invalidations {
  override latest(): Invalidation {
    return { seq: 0, at: Number.NEGATIVE_INFINITY, by: null };
  }
}

/** What the plain cache does right, each to be switched off. */
export interface Rules {
  /**
   * A value is judged by the invalidations at every read; else an invalidation deletes it and what
   * lands later counts.
   */
  judgedWhenRead: boolean;
  /** A load draws its number when it starts; else when it ends. */
  numberedAtStart: boolean;
  /** Only loads above the invalidation are joined; else any. */
  joinsOnlyLateEnough: boolean;
  /** At most two loads of a key run. */
  atMostTwo: boolean;
  /** Those who wait are served in spite of an invalidation; else they are rejected. */
  neverRejects: boolean;
  /** Stale-while-revalidate is for valid values; else for invalidated ones too. */
  revalidatesOnlyValid: boolean;
  /** A failed load leaves the value; else removes it. */
  failureKeeps: boolean;
  /** A failed load leaves its key alone for a moment. */
  backsOff: boolean;
}

const ALL: Rules = {
  judgedWhenRead: true,
  numberedAtStart: true,
  joinsOnlyLateEnough: true,
  atMostTwo: true,
  neverRejects: true,
  revalidatesOnlyValid: true,
  failureKeeps: true,
  backsOff: true,
};

/** A plain cache with all the rules but those switched off. */
export const plain =
  (off: Partial<Rules> = {}): Create =>
  (source) =>
    new PlainCache(source, { ...ALL, ...off });

interface Entry {
  readonly value: Seen;
  readonly seq: number;
  readonly startedAt: number;
}

interface Running {
  readonly seq: number;
  readonly settled: Promise<Entry>;
  readonly interrupt: (error: Error) => void;
}

class PlainCache implements Subject {
  readonly #source: { load: (key: Key) => Promise<Seen>; clock: Clock };
  readonly #rules: Rules;
  readonly #entries = new Map<Key, Entry>();
  readonly #running: Record<Key, Running[]> = { a: [], b: [] };
  readonly #invalidations: Record<Key, number> = { a: 0, b: 0 };
  readonly #alone: Record<Key, number> = { a: 0, b: 0 };
  #seq = 0;

  constructor(source: { load: (key: Key) => Promise<Seen>; clock: Clock }, rules: Rules) {
    this.#source = source;
    this.#rules = rules;
  }

  invalidate(name: Name | null): void {
    this.#seq += 1;
    for (const key of ['a', 'b'] as const) {
      if (name !== null && !namesOf(key).includes(name)) continue;
      this.#invalidations[key] = this.#seq;
      if (!this.#rules.judgedWhenRead) this.#entries.delete(key);
      if (!this.#rules.neverRejects) for (const load of this.#running[key]) load.interrupt(new Error('invalidated'));
    }
  }

  async read(key: Key, readOptions: ReadOptions): Promise<Reading<Seen>> {
    const now = this.#source.clock.now();
    if (readOptions.maxAge === 0) this.#seq += 1;
    const least = readOptions.maxAge === 0 ? this.#seq : this.#invalidations[key];
    const held = this.#withoutWaiting(key, readOptions, now, least);
    return held ?? this.#afterLoading(key, readOptions, now, least);
  }

  #withoutWaiting(key: Key, { maxAge }: ReadOptions, now: number, least: number): Reading<Seen> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (this.#isFresh(key, entry, now, maxAge)) return fresh(entry);
    const mayRevalidate = this.#isValid(key, entry) || !this.#rules.revalidatesOnlyValid;
    if (maxAge !== undefined || !mayRevalidate || now >= entry.startedAt + FRESH + SWR) return undefined;
    this.#loadAfter(key, least).catch(() => undefined);
    return stale(entry, 'REVALIDATING');
  }

  async #afterLoading(key: Key, { maxAge, deadline }: ReadOptions, now: number, least: number): Promise<Reading<Seen>> {
    try {
      const timeout = deadline?.then(() => Promise.reject(new SourceError('TIMEOUT', 'the reader waits no longer')));
      const load = this.#loadAfter(key, least);
      const loaded = await (timeout === undefined ? load : Promise.race([load, timeout]));
      const isFresh = loaded.startedAt >= now || this.#isFresh(key, loaded, now, maxAge);
      return isFresh && this.#isValid(key, loaded) ? fresh(loaded) : stale(loaded, 'REVALIDATING');
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      const held = this.#entries.get(key);
      if (held !== undefined && now < held.startedAt + FRESH + SIE) return stale(held, error.reason);
      return { state: 'UNAVAILABLE', value: null, fetchedAt: null, reason: error.reason };
    }
  }

  #isValid(key: Key, entry: Entry): boolean {
    return !this.#rules.judgedWhenRead || entry.seq > this.#invalidations[key];
  }

  #isFresh(key: Key, entry: Entry, now: number, maxAge: number | undefined): boolean {
    const age = now - entry.startedAt;
    return maxAge !== 0 && this.#isValid(key, entry) && age < FRESH && age <= (maxAge ?? age);
  }

  async #loadAfter(key: Key, least: number): Promise<Entry> {
    for (;;) {
      const running = this.#running[key];
      const joinable = running.find(({ seq }) => seq > least || !this.#rules.joinsOnlyLateEnough);
      if (joinable !== undefined) return joinable.settled;
      if (this.#source.clock.now() < this.#alone[key]) throw new SourceError('OVERLOADED', 'left alone');
      if (running.length < 2 || !this.#rules.atMostTwo) return this.#start(key);
      await Promise.race(running.map(({ settled }) => settled)).catch(() => undefined);
    }
  }

  #start(key: Key): Promise<Entry> {
    this.#seq += 1;
    const seq = this.#seq;
    const startedAt = this.#source.clock.now();
    let interrupt: (error: Error) => void = () => undefined;
    const interrupted = new Promise<never>((_, reject) => {
      interrupt = reject;
    });
    const settled = Promise.race([this.#land(key, seq, startedAt), interrupted]).finally(() => {
      this.#running[key] = this.#running[key].filter((load) => load.seq !== seq);
    });
    this.#running[key] = [...this.#running[key], { seq, settled, interrupt }];
    return settled;
  }

  async #land(key: Key, number: number, startedAt: number): Promise<Entry> {
    try {
      const value = await this.#source.load(key);
      if (!this.#rules.numberedAtStart) this.#seq += 1;
      const entry = { value, seq: this.#rules.numberedAtStart ? number : this.#seq, startedAt };
      const held = this.#entries.get(key);
      if (held !== undefined && held.seq > entry.seq && this.#rules.judgedWhenRead) return held;
      this.#entries.set(key, entry);
      return entry;
    } catch (error) {
      if (!this.#rules.failureKeeps) this.#entries.delete(key);
      if (this.#rules.backsOff && error instanceof SourceError && error.reason !== 'CIRCUIT_OPEN') {
        const until = this.#source.clock.now() + Math.max(1_000, error.retryAfterMs ?? 0);
        this.#alone[key] = Math.max(this.#alone[key], until);
      }
      throw error;
    }
  }
}

const fresh = ({ value, startedAt }: Entry): Reading<Seen> => ({
  state: 'FRESH',
  value,
  fetchedAt: startedAt,
  reason: null,
});

const stale = ({ value, startedAt }: Entry, reason: SourceReason): Reading<Seen> => ({
  state: 'STALE',
  value,
  fetchedAt: startedAt,
  reason,
});
