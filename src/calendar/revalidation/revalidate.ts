// Revalidation: whether stored answers are still what the calendar would answer now. It starts no
// load: what is not fresh in the cache at this moment is not valid.
import type { ReadOptions } from '../cache/fresh-cache.ts';
import type { Reading } from '../model/status.ts';
import { digestOf } from './digest.ts';
import { type CacheName, parseValidator, type RecordedRead } from './validator.ts';

/** A validator, and how old in milliseconds the copies may be that it names; absent: any age. */
export interface Check {
  readonly validator: string;
  readonly maxAge?: number | undefined;
}

/** Options of {@link createRevalidation}. */
export interface RevalidationOptions {
  /** The value if it is fresh now, without a load; undefined also for an id that is malformed. */
  readonly peek: (cache: CacheName, id: string, options: ReadOptions) => Reading<object> | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly realm: string;
}

/** Returns a function that says for one stored answer whether it is valid now. */
export function createRevalidation({ peek, now, realm }: RevalidationOptions): (check: Check) => boolean {
  const isUnchanged = ({ cache, id, digest, fetchedAt }: RecordedRead, options: ReadOptions) => {
    const reading = peek(cache, id, options);
    if (reading === undefined || reading.value === null || digestOf(reading.value) !== digest) return false;
    return fetchedAt === null || fetchedAt === reading.fetchedAt;
  };
  return ({ validator: text, maxAge }) => {
    const validator = parseValidator(text);
    const instant = now();
    if (validator === null || validator.realm !== realm) return false;
    if (!(instant >= validator.since && instant < validator.until)) return false;
    return validator.reads.every((read) => isUnchanged(read, { maxAge }));
  };
}
