// Revalidation: whether stored answers are still what the calendar would answer now. It starts no
// load unless it is told to: what is not fresh in the cache at this moment is not valid. Nothing is
// remembered of an earlier check but the parsed validator.
import { LRUCache } from 'lru-cache';
import type { ReadOptions } from '../cache/fresh-cache.ts';
import type { Reading } from '../model/status.ts';
import { digestOf } from './digest.ts';
import { type CacheName, parseValidator, type RecordedRead, type Validator } from './validator.ts';

/** A validator, and how old in milliseconds the copies may be that it names; absent: any age. */
export interface Check {
  readonly validator: string;
  readonly maxAge?: number | undefined;
  /** Whether values that are not fresh are loaded first: dearer, and still cheaper than a read. */
  readonly load?: boolean | undefined;
}

/** The value if it is fresh now, without a load. */
type Peek = (options: ReadOptions) => Reading<object> | undefined;

/** Options of {@link createRevalidation}. */
export interface RevalidationOptions {
  /** Returns a function that reads one value; undefined for an id that is malformed. */
  readonly peeker: (cache: CacheName, id: string) => Peek | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly realm: string;
  /** Maximum bytes of validators that are kept in their parsed form. */
  readonly maxBytes: number;
}

/** Options of {@link createReload}. */
export interface ReloadOptions {
  /** Reads one value, loading it if need be; undefined for an id that is malformed. */
  readonly loader: (cache: CacheName, id: string, options: ReadOptions) => Promise<unknown> | undefined;
  readonly now: () => number;
  readonly realm: string;
  /** Returns a promise that resolves when the loads are not waited for any longer. */
  readonly deadline: () => Promise<unknown>;
}

/** Loads, for this request, what is not fresh of a validator that may still be valid. */
export type Reload = (check: Check, requestId?: string) => Promise<void>;

/** See {@link Reload}. */
export function createReload({ loader, now, realm, deadline }: ReloadOptions): Reload {
  return async ({ validator: text, maxAge = Number.MAX_SAFE_INTEGER }, requestId) => {
    const validator = parseValidator(text);
    const instant = now();
    if (validator?.realm !== realm || !(instant >= validator.since && instant < validator.until)) return;
    // With a maximum age, a stale value is not served while it is loaded: the load is waited for.
    const options = { maxAge, deadline: deadline(), requestId };
    await Promise.all(validator.reads.map(async ({ cache, id }) => loader(cache, id, options)));
  };
}

interface Prepared extends Pick<Validator, 'since' | 'until'> {
  readonly peeks: readonly (Pick<RecordedRead, 'digest' | 'fetchedAt'> & { readonly peek: Peek })[];
}

/** Bytes of one read in a parsed validator: measured on Node 20. */
const READ_BYTES = 760;

/** Returns a function that says for one stored answer whether it is valid now. */
export function createRevalidation({ peeker, now, realm, maxBytes }: RevalidationOptions): (check: Check) => boolean {
  const prepared = new LRUCache<string, Prepared>({ maxSize: maxBytes });
  const prepare = (text: string): Prepared | null => {
    const known = prepared.get(text);
    if (known !== undefined) return known;
    const validator = parseValidator(text);
    if (validator === null || validator.realm !== realm) return null;
    const peeks = validator.reads.flatMap(({ cache, id, digest, fetchedAt }) => {
      const peek = peeker(cache, id);
      return peek === undefined ? [] : { digest, fetchedAt, peek };
    });
    if (peeks.length < validator.reads.length) return null;
    const made = { since: validator.since, until: validator.until, peeks };
    prepared.set(text, made, { size: text.length + READ_BYTES * (1 + peeks.length) });
    return made;
  };
  return ({ validator: text, maxAge }) => {
    const validator = prepare(text);
    const instant = now();
    if (validator === null || !(instant >= validator.since && instant < validator.until)) return false;
    return validator.peeks.every(({ digest, fetchedAt, peek }) => {
      const reading = peek({ maxAge });
      if (reading === undefined || reading.value === null || digestOf(reading.value) !== digest) return false;
      return fetchedAt === null || fetchedAt === reading.fetchedAt;
    });
  };
}
