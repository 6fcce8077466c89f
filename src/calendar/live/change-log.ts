// The latest invalidation keys in order, for streams that report changes. Bounded: a client that
// comes back with an offset that is no longer held, or that of another process, is told so and must
// treat everything as changed.
import { randomBytes } from 'node:crypto';

/** A log of keys. An offset names the process that wrote it and the number of keys before it. */
export class ChangeLog {
  readonly #process = randomBytes(6).toString('base64url');
  readonly #maxBytes: number;
  readonly #waiting = new Set<() => void>();
  #names: string[] = [];
  /** The number of keys before the first one held. */
  #forgotten = 0;

  /** Bytes of the keys held. */
  #bytes = 0;

  /** `maxBytes`: of the keys; default 16 MiB, some hundred thousand keys. */
  constructor(maxBytes = 16 * 2 ** 20) {
    this.#maxBytes = maxBytes;
  }

  /** The current end of the log, to be given to `readSince` later. */
  get offset(): string {
    return `${this.#process}.${this.#forgotten + this.#names.length}`;
  }

  /** Adds an invalidation key (`model/invalidation-key.ts`). */
  append(name: string): void {
    this.#names.push(name);
    this.#bytes += bytesOf(name);
    // Half is dropped at a time, so that a flood does not move the whole log for every key.
    if (this.#bytes > this.#maxBytes) this.#forget(Math.ceil(this.#names.length / 2));
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** The keys after an offset; null when they are no longer held. */
  readSince(offset: string): readonly string[] | null {
    const [process, count] = offset.split('.');
    const from = Number(count) - this.#forgotten;
    const isKnown = process === this.#process && from >= 0 && from <= this.#names.length;
    return isKnown ? this.#names.slice(from) : null;
  }

  /** Calls back once, at the next key; the returned function cancels it. */
  onNext(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  #forget(count: number): void {
    for (const name of this.#names.slice(0, count)) this.#bytes -= bytesOf(name);
    this.#names = this.#names.slice(count);
    this.#forgotten += count;
  }
}

/** Text, and what an array and a string cost besides. */
const bytesOf = (name: string): number => 32 + name.length;
