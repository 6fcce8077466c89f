// Which keys are left alone for a moment after a failure, so that a failing source is not asked at
// every read.

import { BoundedMap } from '../../bounded-map.ts';
import { doublingPause } from '../../durations.ts';
import type { FailureReason } from '../../errors.ts';

/** A key's state after failures: why, and until when (milliseconds) it is left alone. */
export interface BackOff {
  readonly failures: number;
  readonly until: number;
  readonly reason: FailureReason;
}

const FIRST_MS = 1_000;
/** Low, so that everything is fresh again within 5 s of a source's return. */
const MAX_PAUSE_MS = 4_000;
const KEPT = 10_000;

/**
 * Exponential back-off per key: 1 s doubling to 4 s, less up to a quarter at random. At most 10,000
 * keys are remembered.
 */
export class BackOffTable {
  readonly #table = new BoundedMap<string, BackOff>(KEPT);
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The back-off in force, if any. */
  at(id: string, now: number): BackOff | undefined {
    const backOff = this.#table.get(id);
    return backOff !== undefined && now < backOff.until ? backOff : undefined;
  }

  /**
   * One more failure; `askedMs` is what the source asked for (Retry-After), if more than ours.
   * Never ends a back-off sooner.
   */
  failed(id: string, reason: FailureReason, now: number, askedMs = 0): void {
    const before = this.#table.get(id) ?? { failures: 0, until: now };
    // A load that fails while its key is left alone began before that: the same trouble, not one
    // more.
    const failures = now < before.until ? before.failures : before.failures + 1;
    const doubled = doublingPause(failures, FIRST_MS, MAX_PAUSE_MS);
    const wait = Math.max(askedMs, doubled * (1 - 0.25 * this.#random()));
    this.#table.set(id, { failures, until: Math.max(before.until, now + wait), reason });
  }

  succeeded(id: string): void {
    this.#table.delete(id);
  }

  /** Keys remembered; bounded. */
  get size(): number {
    return this.#table.size;
  }
}
