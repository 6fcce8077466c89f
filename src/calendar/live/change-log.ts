// The latest invalidation keys in order, for streams that report changes. Bounded: a client that
// comes back with an offset that is no longer held, or that of another process, is told so and must
// treat everything as changed.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A log of keys. An offset names the process that wrote it and the number of keys before it. */
export class ChangeLog {
  readonly #process = randomBytes(6).toString('base64url');
  readonly #secret = randomBytes(32);
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

  /**
   * The offset for clients, encrypted: the number in it would tell how much others do between two
   * events.
   */
  idOf(offset: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#secret, iv);
    const sealed = Buffer.concat([cipher.update(offset), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** The offset in an id; one that is not held when the id is not from this process. */
  offsetOf(id: string): string {
    const bytes = Buffer.from(id, 'base64url');
    try {
      const [head, sealed] = [IV_BYTES + TAG_BYTES, bytes.subarray(IV_BYTES + TAG_BYTES)];
      const decipher = createDecipheriv(CIPHER, this.#secret, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, head));
      return Buffer.concat([decipher.update(sealed), decipher.final()]).toString();
    } catch {
      return '';
    }
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
