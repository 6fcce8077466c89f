// When each user last wrote through this gateway, so that their next reads can ask for nothing
// older, whatever hears of changes: a copy the calendar read before the write is not used for
// whoever made it, and goes on serving everybody else. It is this process's own knowledge. With
// several gateways in front, a client whose next read may reach another one asks for
// `calendar(maxAge: 0)`, or the balancer keeps a user with a gateway.
import type { Clock } from '../../clock.ts';

/** Most users remembered; of more, those whose writes are oldest are forgotten first. */
const MAX_USERS = 100_000;

/** Remembers writes for as long as a copy from before them may be served. */
export class LastWrites {
  /** In the order of the writes. Milliseconds since 1970. */
  readonly #at = new Map<string, number>();
  readonly #clock: Clock;
  readonly #rememberMs: number;

  constructor(clock: Clock, rememberMs: number) {
    this.#clock = clock;
    this.#rememberMs = rememberMs;
  }

  /** The user's write has been answered, or will not be: either way it may have been made. */
  wrote(user: string): void {
    const now = this.#clock.now();
    this.#at.delete(user);
    this.#at.set(user, now);
    for (const [oldest, at] of this.#at) {
      if (this.#at.size <= MAX_USERS && now - at < this.#rememberMs) break;
      this.#at.delete(oldest);
    }
  }

  /**
   * How old, in milliseconds, a copy may be that the user reads now; undefined: as old as any. It
   * is one less than the age of the write: of a read and a write within one millisecond nobody
   * knows which came first.
   */
  maxAge(user: string): number | undefined {
    const at = this.#at.get(user);
    if (at === undefined) return undefined;
    const age = this.#clock.now() - at;
    return age < this.#rememberMs ? Math.max(0, age - 1) : undefined;
  }
}
