// The logical clock of invalidation. Loads and invalidations draw numbers from one sequence, so "which came first"
// never depends on a wall clock: a value is valid while its load's number is above the floors of all its names.

/** The height of an invalidation: its number in the sequence, and when it was, in milliseconds. */
export interface Floor {
  readonly seq: number;
  readonly at: number;
}

const GROUND: Floor = { seq: 0, at: Number.NEGATIVE_INFINITY };

/**
 * Floors by name. At most `limit` are kept: the oldest is folded into the base, which stands under every name,
 * so forgetting can only invalidate too much, never too little.
 */
export class Floors {
  readonly #floors = new Map<string, Floor>();
  readonly #now: () => number;
  readonly #limit: number;
  #seq = 0;
  #base = GROUND;

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
  raise(name: string): void {
    this.#floors.delete(name);
    this.#floors.set(name, { seq: this.next(), at: this.#now() });
    if (this.#floors.size > this.#limit) this.#foldOldest();
  }

  /** Everything loaded before now is no longer fresh. */
  raiseAll(): void {
    this.#floors.clear();
    this.#base = { seq: this.next(), at: this.#now() };
  }

  /** The highest floor under any of the names. */
  under(names: readonly string[]): Floor {
    let highest = this.#base;
    for (const name of names) {
      const floor = this.#floors.get(name);
      if (floor !== undefined && floor.seq > highest.seq) highest = floor;
    }
    return highest;
  }

  /** How many names are held; never above the limit. */
  get size(): number {
    return this.#floors.size;
  }

  #foldOldest(): void {
    const oldest = this.#floors.entries().next().value;
    if (oldest === undefined) return;
    this.#floors.delete(oldest[0]);
    // Insertion order is order of seq (raise re-inserts, raiseAll clears), so the oldest is above the base.
    this.#base = oldest[1];
  }
}
