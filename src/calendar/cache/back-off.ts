// Exponential back-off for each key, so that a failing source is not called at every read.

import { BoundedMap } from '../../bounded-map.ts';
import { doublingPause } from '../../durations.ts';
import type { FailureReason } from '../../errors.ts';

/** The back-off of one key: its reason, and until when (milliseconds) it is not loaded. */
export interface BackOff {
  readonly failures: number;
  readonly until: number;
  readonly reason: FailureReason;
}

const FIRST_MS = 1_000;
/** Low, so that all keys are fresh again within 5 s after a source returns. */
const MAX_PAUSE_MS = 4_000;
const KEPT = 10_000;

/**
 * Back-off for each key: 1 s, doubling to 4 s, minus up to a quarter at random. Holds at most
 * 10,000 keys.
 */
export class BackOffTable {
  readonly #table = new BoundedMap<string, BackOff>(KEPT);
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The back-off that applies now, if any. */
  at(id: string, now: number): BackOff | undefined {
    const backOff = this.#table.get(id);
    return backOff !== undefined && now < backOff.until ? backOff : undefined;
  }

  /**
   * Records a failure. `askedMs`: the source's Retry-After, used if it is longer than our pause. It
   * never shortens a back-off.
   */
  failed(id: string, reason: FailureReason, now: number, askedMs = 0): void {
    const before = this.#table.get(id) ?? { failures: 0, until: now };
    // A load that fails during a back-off started before it: it does not count as a further
    // failure.
    const failures = now < before.until ? before.failures : before.failures + 1;
    const doubled = doublingPause(failures, FIRST_MS, MAX_PAUSE_MS);
    const wait = Math.max(askedMs, doubled * (1 - 0.25 * this.#random()));
    this.#table.set(id, { failures, until: Math.max(before.until, now + wait), reason });
  }

  succeeded(id: string): void {
    this.#table.delete(id);
  }

  /** Number of keys held; bounded. */
  get size(): number {
    return this.#table.size;
  }
}
