// The logical clock of invalidations. Loads and invalidations take numbers from one sequence, so
// their order never depends on a wall clock: a value is valid while its load number is higher than
// the invalidations of all its keys.
import { BoundedMap } from '../../bounded-map.ts';

/**
 * One invalidation: its number in the sequence, its time in milliseconds, and what has caused it,
 * if that is known.
 */
export interface Invalidation {
  readonly seq: number;
  readonly at: number;
  readonly by: string | null;
}

const NEVER: Invalidation = { seq: 0, at: Number.NEGATIVE_INFINITY, by: null };

/**
 * Invalidations by key. At most `limit` are held. The oldest one is merged into the base, which
 * applies to every key: dropping an entry can only invalidate too much.
 */
export class Invalidations {
  readonly #invalidations: BoundedMap<string, Invalidation>;
  readonly #now: () => number;
  #seq = 0;
  #base = NEVER;

  constructor(options: { now: () => number; limit?: number }) {
    this.#now = options.now;
    // Entries are in the order of their numbers (`record` sets, `recordAll` clears), so the dropped
    // entry is higher than the base.
    this.#invalidations = new BoundedMap(options.limit ?? 50_000, (_, oldest) => {
      this.#base = { ...oldest, by: 'too many invalidations' };
    });
  }

  /**
   * The next number of the sequence. A load takes one when it starts, before it waits for anything.
   */
  next(): number {
    this.#seq += 1;
    return this.#seq;
  }

  /** Values with this key that were loaded before now are no longer fresh. */
  record(name: string, by: string | null = null): void {
    this.#invalidations.set(name, { seq: this.next(), at: this.#now(), by });
  }

  /** All values loaded before now are no longer fresh. */
  recordAll(by: string | null = null): void {
    this.#invalidations.clear();
    this.#base = { seq: this.next(), at: this.#now(), by };
  }

  /** The latest invalidation of any of the keys. */
  latest(names: readonly string[]): Invalidation {
    let highest = this.#base;
    for (const name of names) {
      const invalidation = this.#invalidations.get(name);
      if (invalidation !== undefined && invalidation.seq > highest.seq) highest = invalidation;
    }
    return highest;
  }

  /** Number of keys held; never above the limit. */
  get size(): number {
    return this.#invalidations.size;
  }
}
