// A token bucket for each key: how often something may happen, in this process. A full bucket has
// what is allowed in a minute, and it fills evenly, so there is no moment at which all may come
// again. Used instead of @fastify/rate-limit, which counts in fixed windows by a clock of its own.
import { BoundedMap } from './bounded-map.ts';
import type { Clock } from './clock.ts';

/** The key that was used longest ago is forgotten, which then has a full bucket. */
const MAX_KEYS = 50_000;
const MINUTE_MS = 60_000;

/** A bucket of `perMinute` tokens for each key. */
export class TokenBuckets {
  readonly #buckets = new BoundedMap<string, { readonly left: number; readonly at: number }>(MAX_KEYS);
  readonly #perMinute: number;
  readonly #clock: Pick<Clock, 'elapsed'>;

  constructor(perMinute: number, clock: Pick<Clock, 'elapsed'>) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Takes a token; 0, or the milliseconds until there will be one if there is none. */
  take(key: string): number {
    const left = this.#left(key);
    if (left >= 1) this.#buckets.set(key, { left: left - 1, at: this.#clock.elapsed() });
    return this.#waitMs(left);
  }

  /** The milliseconds until there is a token; 0 if there is one. Takes none. */
  wait(key: string): number {
    return this.#waitMs(this.#left(key));
  }

  #left(key: string): number {
    const { left, at } = this.#buckets.get(key) ?? { left: this.#perMinute, at: 0 };
    return Math.min(this.#perMinute, left + ((this.#clock.elapsed() - at) * this.#perMinute) / MINUTE_MS);
  }

  #waitMs(left: number): number {
    return left >= 1 ? 0 : ((1 - left) * MINUTE_MS) / this.#perMinute;
  }
}
