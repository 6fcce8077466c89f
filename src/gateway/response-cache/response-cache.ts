// The response cache: finished answers as bytes. It knows no invalidations: at every hit the
// calendar is asked whether the answer is still valid, so a stored answer is given only when the
// usual way would give the same one now. Equal requests that wait for one execution ask too.
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { BoundedMap } from '../../bounded-map.ts';
import type { Clock } from '../../clock.ts';
import { type ResponseCacheReport, reportError } from '../../diagnostics.ts';
import { bytesInMemory } from './own-bytes.ts';
import type { Asker, Revalidate, Said } from './revalidator.ts';
import { StoredAnswer } from './stored-answer.ts';

/** What the graph answered. */
export interface Executed {
  readonly status: number;
  readonly contentType: string;
  /** A text, or its bytes in UTF-8. */
  readonly content: string | Buffer;
  /** From the calendar, if nothing else was asked and it was asked once; otherwise null. */
  readonly validator: string | null;
}

/** An answer to send. */
export interface Outcome {
  readonly answer: StoredAnswer | Executed;
  /** The parameters of `Cache-Status` (RFC 9211 §2). */
  readonly cacheStatus: string;
  /** The same in a word. */
  readonly status: ResponseCacheReport['status'];
}

/** Options of {@link ResponseCache}. */
export interface ResponseCacheOptions {
  /** Maximum bytes of answers, keys and validators. */
  readonly maxBytes: number;
  readonly revalidate: Revalidate;
  /** Milliseconds since the user's last write; undefined if there is none to be remembered. */
  readonly lastWriteAge: (userId: string) => number | undefined;
  readonly clock: Clock;
}

/** How long a request waits for an equal one, in milliseconds; then it is executed itself. */
const JOIN_MS = 50;
/** How many keys are remembered whose answers cannot be stored: for them no request waits. */
const UNSTORABLE = 10_000;

/**
 * A calendar that is late is busy, and an execution keeps it busy for as long as hundreds of
 * questions: if every late answer began one, it would be late for ever. So many run at a time, and
 * so often a request asks.
 */
const MAX_LATE = 4;
const MAX_ASKED = 10;

/** A request for an answer. */
export interface Wanted {
  /** Requests with one key get the same answer. */
  readonly key: string;
  readonly userId: string;
  readonly asker?: Asker | undefined;
  /** What to do without a stored answer. */
  readonly execute: () => Promise<Executed>;
}

/** A request, and whether it is one of those that do not wait for a late calendar. */
interface Asking extends Wanted {
  isLate: boolean;
}

/** A stored answer, and what the calendar has said of it when it was asked first. */
interface Unconfirmed {
  readonly held: StoredAnswer;
  readonly said: boolean | null;
}

const hitOf = (answer: StoredAnswer): Outcome => ({ answer, cacheStatus: 'hit', status: 'hit' });

/** A long key, which variables can make as long as a body, as its digest. */
function shortened(key: string): string {
  return key.length <= 64 ? key : createHash('sha256').update(key).digest('base64url');
}

/** See the head of this file. */
export class ResponseCache {
  readonly #options: ResponseCacheOptions;
  readonly #answers: LRUCache<string, StoredAnswer>;
  readonly #running = new Map<string, Promise<StoredAnswer | null>>();
  #late = 0;
  readonly #unstorable = new BoundedMap<string, true>(UNSTORABLE);

  constructor(options: ResponseCacheOptions) {
    this.#options = options;
    this.#answers = new LRUCache({ maxSize: options.maxBytes });
  }

  /**
   * Gives `take` the stored answer if it is valid now, or what `execute` gives; it must not throw.
   * `failed` is called only if `execute` rejects. Nearly all requests are hits: they have no
   * promise.
   */
  answer(wanted: Wanted, take: (outcome: Outcome) => void, failed: (error: Error) => void): void {
    const held = this.#answers.get(wanted.key);
    if (held === undefined) {
      this.#otherwise(wanted).then(take).catch(failed);
      return;
    }
    this.#ask(held, wanted, (said) => {
      if (said === true) take(hitOf(held));
      else this.#otherwise(wanted, { held, said }).then(take).catch(failed);
    });
  }

  /** What is answered without a stored answer, or with one that was not confirmed at once. */
  async #otherwise(wanted: Wanted, first?: Unconfirmed): Promise<Outcome> {
    const asking: Asking = { ...wanted, isLate: false };
    try {
      const isHit = first !== undefined && (await this.#isValid(first.held, asking, first.said));
      return isHit ? hitOf(first.held) : await this.#miss(asking, first === undefined ? 'miss' : 'stale');
    } finally {
      if (asking.isLate) this.#late -= 1;
    }
  }

  async #miss(asking: Asking, status: 'miss' | 'stale'): Promise<Outcome> {
    const { key } = asking;
    const running = this.#running.get(key);
    const joined = running === undefined ? null : await this.#join(running);
    if (joined !== null && (await this.#isValid(joined, asking))) {
      return { answer: joined, cacheStatus: 'fwd=miss; collapsed', status: 'collapsed' };
    }
    const reason = `fwd=${status}`;
    const executed = asking.execute();
    const storing = executed.then(
      (answer) => this.#store(key, answer),
      () => null,
    );
    if (!this.#running.has(key) && !this.#unstorable.has(shortened(key))) {
      this.#running.set(key, storing);
      void storing.then(() => this.#running.delete(key));
    }
    const stored = await storing;
    return stored === null
      ? { answer: await executed, cacheStatus: reason, status }
      : { answer: stored, cacheStatus: `${reason}; stored`, status };
  }

  /** Compresses a stored answer in the background, for the next request of this key. */
  compress(key: string, answer: StoredAnswer, acceptEncoding: string | undefined): void {
    answer.compressFor(acceptEncoding).then((isLarger) => {
      if (isLarger && this.#answers.peek(key) === answer) this.#keep(key, answer);
    }, reportError);
  }

  /** Number of stored answers and their bytes. */
  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#answers.size, bytes: this.#answers.calculatedSize };
  }

  /** Asks the calendar whether it is valid now. */
  #ask({ validator }: StoredAnswer, { userId, asker }: Wanted, said: Said): void {
    const { revalidate, lastWriteAge } = this.#options;
    revalidate({ validator, maxAge: lastWriteAge(userId) }, said, asker);
  }

  /**
   * While the calendar is late a few requests are executed unconfirmed; the others ask again.
   * `said`: what the calendar has said already, if it was asked.
   */
  async #isValid(answer: StoredAnswer, asking: Asking, said?: boolean | null): Promise<boolean> {
    for (let asked = 0; asked < MAX_ASKED; asked += 1) {
      const isFirst = asked === 0 && said !== undefined;
      const isValid = isFirst
        ? said
        : await new Promise<boolean | null>((resolve) => this.#ask(answer, asking, resolve));
      if (isValid !== null) return isValid;
      if (asking.isLate) return false;
      if (this.#late >= MAX_LATE) continue;
      this.#late += 1;
      asking.isLate = true;
      return false;
    }
    return false;
  }

  #join(running: Promise<StoredAnswer | null>): Promise<StoredAnswer | null> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(JOIN_MS, () => resolve(null));
      void running.then((answer) => {
        cancel();
        resolve(answer);
      });
    });
  }

  #store(key: string, { status, content, contentType, validator }: Executed): StoredAnswer | null {
    if (validator === null || status !== 200) {
      this.#unstorable.set(shortened(key), true);
      return null;
    }
    this.#unstorable.delete(shortened(key));
    const answer = new StoredAnswer({ content, contentType, validator });
    this.#keep(key, answer);
    return answer;
  }

  #keep(key: string, answer: StoredAnswer): void {
    this.#answers.set(key, answer, { size: answer.size + bytesInMemory(key) });
  }
}
