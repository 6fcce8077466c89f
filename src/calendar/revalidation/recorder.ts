// Records what one answer is made of: the cached values that were read, and the instants at which
// its time-relative fields change. From this follows the answer's validator, or that it has none.
import type { Reading } from '../model/status.ts';
import { digestOf } from './digest.ts';
import { formatValidator, isCacheName, type RecordedRead } from './validator.ts';

/** The recorder of one request. */
export class Recorder {
  readonly #reads = new Map<string, RecordedRead>();
  #since = Number.NEGATIVE_INFINITY;
  #until = Number.POSITIVE_INFINITY;
  #showsLoadTimes = false;
  #isRefused = false;

  /** A value was read. Only fresh ones, read once or with the same content, allow a validator. */
  readonly read = (cache: string, id: string, { state, value, fetchedAt }: Reading<unknown>): void => {
    if (state !== 'FRESH' || !isCacheName(cache) || typeof value !== 'object' || value === null) {
      this.refuse();
      return;
    }
    const key = `${cache} ${id}`;
    const digest = digestOf(value);
    const before = this.#reads.get(key);
    if (before === undefined) this.#reads.set(key, { cache, id, digest, fetchedAt });
    else if (before.digest !== digest || before.fetchedAt !== fetchedAt) this.refuse();
  };

  /** The answer is computed for `now` and changes at these instants, all in milliseconds. */
  changesAt(now: number, ...instants: readonly (number | null)[]): void {
    for (const instant of instants) {
      if (instant === null) continue;
      if (instant > now) this.#until = Math.min(this.#until, instant);
      else this.#since = Math.max(this.#since, instant);
    }
  }

  /** The answer shows when values were loaded. */
  showsLoadTimes(): void {
    this.#showsLoadTimes = true;
  }

  /** The answer has something that differs at each request, or that is not recorded. */
  refuse(): void {
    this.#isRefused = true;
  }

  /** The validator as text; null if the answer has none. */
  validator(realm: string): string | null {
    // An instant between two looks at the clock: the parts of the answer belong to different times.
    if (this.#isRefused || this.#since >= this.#until) return null;
    const reads = [...this.#reads.values()];
    return formatValidator({
      realm,
      since: this.#since,
      until: this.#until,
      reads: this.#showsLoadTimes ? reads : reads.map((one) => ({ ...one, fetchedAt: null })),
    });
  }
}
