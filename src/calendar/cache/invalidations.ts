// The logical clock of invalidation. Loads and invalidations draw numbers from one sequence, so "which came first"
// never depends on a wall clock: a value is valid while its load's number is above the invalidations of all its names.

/** The height of an invalidation: its number in the sequence, and when it was, in milliseconds. */
export interface Invalidation {
  readonly seq: number;
  readonly at: number;
}

const NEVER: Invalidation = { seq: 0, at: Number.NEGATIVE_INFINITY };

/**
 * Invalidations by name. At most `limit` are kept: the oldest is folded into the base, which stands under every name,
 * so forgetting can only invalidate too much, never too little.
 */
export class Invalidations {
  readonly #invalidations = new Map<string, Invalidation>();
  readonly #now: () => number;
  readonly #limit: number;
  #seq = 0;
  #base = NEVER;

  constructor(options: { now: () => number; limit?: number }) {
    this.#now = options.now;
    this.#limit = options.limit ?? 50_000;
  }

  /** The next number of the sequence. A load draws one when it starts, before it waits for anything. */
  next(): number {
    this.#seq += 1;
    return this.#seq;
  }

  /** Everything that bears this name and was loaded before now is no longer fresh. */
  record(name: string): void {
    this.#invalidations.delete(name);
    this.#invalidations.set(name, { seq: this.next(), at: this.#now() });
    if (this.#invalidations.size > this.#limit) this.#foldOldest();
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

  #foldOldest(): void {
    const oldest = this.#invalidations.entries().next().value;
    if (oldest === undefined) return;
    this.#invalidations.delete(oldest[0]);
    // Insertion order is order of seq (record re-inserts, recordAll clears), so the oldest is above the base.
    this.#base = oldest[1];
  }
}
