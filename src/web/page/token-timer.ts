// When a token ends, by the browser's clock: says a minute before that a new one is needed, and
// says when it has ended.

/** How long before its end a new token is asked for, in milliseconds; at most half of the rest. */
const LEAD_MS = 60_000;

/** Runs `run` once after so many milliseconds; the returned function cancels it. */
type After = (ms: number, run: () => void) => () => void;

const byTheBrowser: After = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** The timers of one token at a time. */
export class TokenTimer {
  readonly #onNeeded: () => void;
  readonly #onEnded: () => void;
  readonly #after: After;
  #endsAt: number | null = null;
  #cancel: readonly (() => void)[] = [];

  constructor(onNeeded: () => void, onEnded: () => void, after: After = byTheBrowser) {
    this.#onNeeded = onNeeded;
    this.#onEnded = onEnded;
    this.#after = after;
  }

  /**
   * Watches a token that ends at `endsAt` by the server's clock, which shows `now`; both in
   * milliseconds. The token that is watched already is left as it is.
   */
  watch(endsAt: number | null, now: number): void {
    if (endsAt === this.#endsAt) return;
    this.#endsAt = endsAt;
    for (const cancel of this.#cancel) cancel();
    const left = endsAt === null ? null : Math.max(0, endsAt - now);
    this.#cancel =
      left === null
        ? []
        : [this.#after(left - Math.min(LEAD_MS, left / 2), this.#onNeeded), this.#after(left, this.#onEnded)];
  }
}
