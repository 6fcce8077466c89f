// When each user last wrote through this gateway, so that their next reads ask for nothing older,
// whatever the feeds report: a copy that the calendar loaded before the write is not used for that
// user, and still serves all others. Each gateway knows its own writes only. With several gateways,
// clients ask for `calendar(maxAge: 0)` after a write, or the load balancer keeps each user at one
// gateway.
import type { Clock } from '../../clock.ts';

/** Maximum number of users; those whose writes are oldest are dropped first. */
const MAX_USERS = 100_000;

/** Holds writes for as long as an older copy may be served. */
export class LastWrites {
  /** In the order of the writes, in milliseconds on the clock that never goes back. */
  readonly #at = new Map<string, number>();
  readonly #clock: Clock;
  readonly #rememberMs: number;

  constructor(clock: Clock, rememberMs: number) {
    this.#clock = clock;
    this.#rememberMs = rememberMs;
  }

  /** Records that the user's write was answered or failed: in both cases it may have been made. */
  wrote(user: string): void {
    const now = this.#clock.elapsed();
    this.#at.delete(user);
    this.#at.set(user, now);
    for (const [oldest, at] of this.#at) {
      if (this.#at.size <= MAX_USERS && now - at < this.#rememberMs) break;
      this.#at.delete(oldest);
    }
  }

  /**
   * Maximum age, in milliseconds, of a copy for the user's read now; undefined: no limit. It is one
   * less than the age of the write, because the order of a read and a write within one millisecond
   * is unknown.
   */
  maxAge(user: string): number | undefined {
    const at = this.#at.get(user);
    if (at === undefined) return undefined;
    const age = this.#clock.elapsed() - at;
    return age < this.#rememberMs ? Math.max(0, Math.floor(age) - 1) : undefined;
  }
}
