// A small memory for tokens: each value until a moment of its own, never more than `max` of them
// (the oldest goes first).
import type { Clock } from '../clock.ts';

/** Remembers values by string until they expire. */
export class ExpiringMap<V> {
  readonly #entries = new Map<string, { value: V; until: number }>();
  readonly #clock: Clock;
  readonly #max: number;

  constructor(clock: Clock, max: number) {
    this.#clock = clock;
    this.#max = max;
  }

  /** The value, unless its moment has come. */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#clock.now() < entry.until) return entry?.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** Remembers a value until `until`, in milliseconds since 1970. */
  set(key: string, value: V, until: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until });
    if (this.#entries.size <= this.#max) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  /** How many are held, expired ones not yet met included. */
  get size(): number {
    return this.#entries.size;
  }
}
