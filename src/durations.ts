// Durations in milliseconds.

/** 24 hours. A calendar day of a time zone can be shorter or longer. */
export const DAY_MS = 86_400_000;

/**
 * The pause after `failures` ≥ 1 failures in a row: `first`, then twice the one before, at most
 * `max`. Milliseconds.
 */
export function doublingPause(failures: number, first: number, max: number): number {
  return Math.min(max, first * 2 ** (failures - 1));
}
