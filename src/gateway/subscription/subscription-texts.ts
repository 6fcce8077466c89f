// The texts of subscriptions. A stored text is served when the calendar confirms it; otherwise it
// is read again, in a queue of its own. When that fails, or the queue is long, the last whole text
// of the address is served: clients take a missing event for a deleted one, and an error for no
// events. It is not served when the calendar cannot say whether the address was ended.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.ts';
import { reportError } from '../../diagnostics.ts';
import { ApiError } from '../../errors.ts';
import { type Asker, type Revalidate, revalidated } from '../response-cache/revalidator.ts';
import { UnknownOwner } from './read-calendar.ts';
import { etagOf, StoredText } from './stored-text.ts';
import { Turns } from './turns.ts';

/** A text that was read now. */
export interface WholeText {
  readonly text: string;
  /** What its ETag is made of: the text without what no client shows. */
  readonly content: string;
  /** Null: the calendar cannot confirm it. */
  readonly validator: string | null;
  /** The text is for this period only: see {@link TextRequest}. */
  readonly period: string;
}

/** What is asked for. */
export interface TextRequest {
  /** The address with its parameters. An address gets only texts that were made for it. */
  readonly key: string;
  /** A text of another period is read again. */
  readonly period: string;
  readonly asker: Asker;
  /**
   * The address's owner; null for an address that is not valid. Rejects when nobody can say.
   */
  readonly owner: () => Promise<string | null>;
  /**
   * Reads the text; null when it is not whole, `GONE` when the owner may not read it. `patient`:
   * there is no other text to serve.
   */
  readonly read: (owner: string, patient: boolean) => Promise<WholeText | 'GONE' | null>;
}

/** A text to send. */
export interface TextOutcome {
  readonly stored: StoredText;
  /** When the gateway first had this content, in milliseconds since 1970. */
  readonly since: number;
  /** Seconds since it was last known to be right; 0: now. */
  readonly age: number;
  /** The parameters of `Cache-Status` (RFC 9211 §2). */
  readonly cacheStatus: string;
}

/** Options of {@link SubscriptionTexts}. Times in milliseconds. */
export interface SubscriptionTextsOptions {
  /** Maximum bytes of the texts. */
  readonly maxBytes: number;
  /** How long a whole text may be served after it was last known to be right. */
  readonly maxAgeMs: number;
  readonly revalidate: Revalidate;
  readonly lastWriteAge: (userId: string) => number | undefined;
  readonly clock: Clock;
}

interface Held {
  readonly stored: StoredText;
  readonly owner: string;
  readonly validator: string | null;
  readonly period: string;
  readonly since: number;
  /** When it was last known to be right, on the clock that never goes back. */
  confirmedAt: number;
}

/** `GONE`: the owner may not read it; null: not whole. */
type Result = Held | 'GONE' | null;

/**
 * Requests that are checked and read at a time: few, so that a page which comes meanwhile waits for
 * few of them. A read keeps the calendar busy for about 20 ms, a check for about 2.
 */
const CONCURRENCY = { checks: 4, reads: 3 };
const MAX_WAITING = 5_000;
/** Clients wait for 30 s or longer. */
const MAX_WAIT_MS = 28_000;
/** From this number of waiting reads on, an address that has a text gets that one. */
const LONG_QUEUE = 8;

/** See the head of this file. */
export class SubscriptionTexts {
  readonly #options: SubscriptionTextsOptions;
  readonly #texts: LRUCache<string, Held>;
  readonly #checks: Turns;
  readonly #reads: Turns;
  readonly #running = new Map<string, Promise<Result>>();

  constructor(options: SubscriptionTextsOptions) {
    const { maxBytes, clock } = options;
    this.#options = options;
    this.#texts = new LRUCache({ maxSize: maxBytes });
    const turns = (concurrency: number) =>
      new Turns({ concurrency, maxWaiting: MAX_WAITING, maxWaitMs: MAX_WAIT_MS, clock });
    this.#checks = turns(CONCURRENCY.checks);
    this.#reads = turns(CONCURRENCY.reads);
  }

  /** The text; null for an address that is not valid. Rejects when there is no whole text. */
  async answer(request: TextRequest): Promise<TextOutcome | null> {
    const { key } = request;
    const { requestId } = request.asker;
    const held = this.#held(key);
    const checked = await this.#checks
      .run(() => this.#check(request, held))
      .catch((error: unknown) => {
        if (held === undefined || error instanceof UnknownOwner) throw error;
        reportError(error, { requestId });
        return undefined;
      });
    if (checked === undefined) return this.#last(held as Held, 'calendar-away');
    const { owner, isValid } = checked;
    if (owner === null) {
      this.#texts.delete(key);
      return null;
    }
    if (held === undefined) {
      const first = await this.#patiently(request, owner);
      return first === 'GONE' ? null : outcomeOf(first, 'fwd=miss; stored');
    }
    if (isValid) return outcomeOf(held, 'hit');
    if (this.#reads.waiting >= LONG_QUEUE) return this.#last(held, 'long-queue');
    const again = await this.#read(request, owner, held).catch((error: unknown) => {
      reportError(error, { requestId });
      return null;
    });
    if (again === 'GONE') return null;
    return again === null ? this.#last(held, 'not-whole') : outcomeOf(again, 'fwd=stale; stored');
  }

  /** Whether there is a text of this address, so that it was valid not long ago. */
  holds(key: string): boolean {
    return this.#texts.has(key);
  }

  /** Number of texts and their bytes. */
  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#texts.size, bytes: this.#texts.calculatedSize };
  }

  #held(key: string): Held | undefined {
    const held = this.#texts.get(key);
    if (held === undefined || this.#ageOf(held) <= this.#options.maxAgeMs) return held;
    this.#texts.delete(key);
    return undefined;
  }

  #ageOf({ confirmedAt }: Held): number {
    return this.#options.clock.elapsed() - confirmedAt;
  }

  async #check(request: TextRequest, held: Held | undefined) {
    const owner = await request.owner();
    return { owner, isValid: owner !== null && held !== undefined && (await this.#isValid(held, request)) };
  }

  async #isValid(held: Held, { period, asker }: TextRequest): Promise<boolean> {
    const { revalidate, lastWriteAge, clock } = this.#options;
    if (held.validator === null || held.period !== period) return false;
    const question = { validator: held.validator, maxAge: lastWriteAge(held.owner) };
    const isValid = (await revalidated(revalidate, question, asker)) === true;
    if (isValid) held.confirmedAt = clock.elapsed();
    return isValid;
  }

  /** The last whole text, with its age: as in RFC 9211, `ttl` is negative. */
  #last(held: Held, reason: string): TextOutcome {
    const age = Math.max(0, Math.floor(this.#ageOf(held) / 1_000));
    return { ...held, age, cacheStatus: `hit; ttl=-${age}; detail="age=${age}, ${reason}"` };
  }

  async #patiently(request: TextRequest, owner: string): Promise<Held | 'GONE'> {
    const read = await this.#read(request, owner, undefined);
    if (read !== null) return read;
    throw new ApiError('UNAVAILABLE', 'The calendar cannot be read as a whole at the moment.');
  }

  /** Equal requests share one read. */
  #read(request: TextRequest, owner: string, held: Held | undefined): Promise<Result> {
    const running = this.#running.get(request.key);
    if (running !== undefined) return running;
    const reading = this.#reads
      .run(() => request.read(owner, held === undefined))
      .then((whole): Result | Promise<Held> => {
        if (whole === 'GONE') this.#texts.delete(request.key);
        return whole === null || whole === 'GONE' ? whole : this.#store(request.key, owner, whole);
      })
      .finally(() => this.#running.delete(request.key));
    this.#running.set(request.key, reading);
    return reading;
  }

  /** A text that says the same as the one before keeps that one's bytes. */
  async #store(key: string, owner: string, { text, content, validator, period }: WholeText): Promise<Held> {
    const { clock } = this.#options;
    const before = this.#texts.peek(key);
    const isSame = before !== undefined && before.stored.etag === etagOf(content);
    const stored = isSame ? before.stored : await StoredText.of(text, content);
    const second = Math.floor(clock.now() / 1_000) * 1_000;
    // Two contents of one second must differ in Last-Modified.
    const since = isSame ? before.since : Math.max(second, (before?.since ?? 0) + 1_000);
    const held = { stored, owner, validator, period, since, confirmedAt: clock.elapsed() };
    this.#texts.set(key, held, { size: stored.size + 2 * (key.length + (validator?.length ?? 0)) });
    return held;
  }
}

function outcomeOf({ stored, since }: Held, cacheStatus: string): TextOutcome {
  return { stored, since, age: 0, cacheStatus };
}
