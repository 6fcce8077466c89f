// The latest invalidation keys in order, for streams that report changes. Bounded: a client that
// comes back with an offset that is no longer held, or that of another process, is told so and must
// treat everything as changed.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { parseInvalidationKey } from '../model/invalidation-key.ts';

/** No audience has this name. */
const ANY = '';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A log of keys. An offset names the process that wrote it and the number of keys before it. */
export class ChangeLog {
  readonly #process = randomBytes(6).toString('base64url');
  readonly #secret = randomBytes(32);
  readonly #maxBytes: number;
  /** Those who wait, by the audience they wait for; ANY: for every key. */
  readonly #waiting = new Map<string, Set<() => void>>();
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
    const { audience } = parseInvalidationKey(name);
    const concerned =
      audience === null ? [...this.#waiting.values()] : [audience, ANY].map((one) => this.#waiting.get(one));
    for (const wakes of concerned) for (const wake of [...(wakes ?? [])]) wake();
  }

  /** The keys after an offset; null when they are no longer held. */
  readSince(offset: string): readonly string[] | null {
    const [process, count] = offset.split('.');
    const from = Number(count) - this.#forgotten;
    const isKnown = process === this.#process && from >= 0 && from <= this.#names.length;
    return isKnown ? this.#names.slice(from) : null;
  }

  /**
   * Calls back at the next keys that name one of these audiences or none; null: at any key. Streams
   * are many, and most keys concern few of them. The returned function ends it.
   */
  onNext(audiences: Iterable<string> | null, wake: () => void): () => void {
    const names = audiences === null ? [ANY] : [...audiences];
    for (const name of names) this.#waiting.set(name, (this.#waiting.get(name) ?? new Set()).add(wake));
    return () => {
      for (const name of names) {
        const wakes = this.#waiting.get(name);
        wakes?.delete(wake);
        if (wakes?.size === 0) this.#waiting.delete(name);
      }
    };
  }

  #forget(count: number): void {
    for (const name of this.#names.slice(0, count)) this.#bytes -= bytesOf(name);
    this.#names = this.#names.slice(count);
    this.#forgotten += count;
  }
}

/** Text, and what an array and a string cost besides. */
const bytesOf = (name: string): number => 32 + name.length;
