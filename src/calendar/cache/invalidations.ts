// The logical clock of invalidation. Loads and invalidations draw numbers from one sequence, so
// "which came first" never depends on a wall clock: a value is valid while its load's number is
// above the invalidations of all its names.
import { BoundedMap } from '../../bounded-map.ts';

/** The height of an invalidation: its number in the sequence, and when it was, in milliseconds. */
export interface Invalidation {
  readonly seq: number;
  readonly at: number;
}

const NEVER: Invalidation = { seq: 0, at: Number.NEGATIVE_INFINITY };

/**
 * Invalidations by name. At most `limit` are kept: the oldest is folded into the base, which stands
 * under every name, so forgetting can only invalidate too much, never too little.
 */
export class Invalidations {
  readonly #invalidations: BoundedMap<string, Invalidation>;
  readonly #now: () => number;
  #seq = 0;
  #base = NEVER;

  constructor(options: { now: () => number; limit?: number }) {
    this.#now = options.now;
    // Entries are in the order of their numbers (`record` sets, `recordAll` clears), so the dropped
    // one is above the base.
    this.#invalidations = new BoundedMap(options.limit ?? 50_000, (_, oldest) => {
      this.#base = oldest;
    });
  }

  /**
   * The next number of the sequence. A load draws one when it starts, before it waits for anything.
   */
  next(): number {
    this.#seq += 1;
    return this.#seq;
  }

  /** Everything that bears this name and was loaded before now is no longer fresh. */
  record(name: string): void {
    this.#invalidations.set(name, { seq: this.next(), at: this.#now() });
  }

  /** Everything loaded before now is no longer fresh. */
  recordAll(): void {
    this.#invalidations.clear();
    this.#base = { seq: this.next(), at: this.#now() };
  }

  /** The highest invalidation under any of the names. */
  latest(names: readonly string[]): Invalidation {
    let highest = this.#base;
    for (const name of names) {
      const invalidation = this.#invalidations.get(name);
      if (invalidation !== undefined && invalidation.seq > highest.seq) highest = invalidation;
    }
    return highest;
  }

  /** How many names are held; never above the limit. */
  get size(): number {
    return this.#invalidations.size;
  }
}
