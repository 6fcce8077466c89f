// What was lately invalidated, in order, for whoever wants to hear of it: names and places, nothing
// of what they stand for. Bounded: who comes back to a offset that is forgotten, or another
// process's, is told so and must take everything for changed.
import { randomBytes } from 'node:crypto';

/** A log of names. A offset in it says which process wrote it, and after how many names. */
export class ChangeLog {
  readonly #process = randomBytes(6).toString('base64url');
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #names: string[] = [];
  /** How many names came before the first that is kept. */
  #forgotten = 0;

  constructor(limit = 2_000) {
    this.#limit = limit;
  }

  /** Where the log stands now: to be given to `since` later. */
  get offset(): string {
    return `${this.#process}.${this.#forgotten + this.#names.length}`;
  }

  /** Adds an invalidation key (`model/invalidation-key.ts`). */
  append(name: string): void {
    this.#names.push(name);
    // Half at a time: a flood would otherwise move the whole log for every name.
    if (this.#names.length > this.#limit) this.#forget(this.#limit / 2);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** The names said since a offset; null when they are not known any more. */
  readSince(offset: string): readonly string[] | null {
    const [process, count] = offset.split('.');
    const from = Number(count) - this.#forgotten;
    const isKnown = process === this.#process && from >= 0 && from <= this.#names.length;
    return isKnown ? this.#names.slice(from) : null;
  }

  /** Calls back once, at the next name; the answer takes that back. */
  onNext(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  #forget(count: number): void {
    this.#names = this.#names.slice(count);
    this.#forgotten += count;
  }
}
