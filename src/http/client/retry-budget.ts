// How many calls may be tried twice: a tenth of them, with a handful saved up. Retries never
// multiply an outage.

/** Retries at hand. */
export interface RetryBudget {
  /** A call was made: a tenth of a retry is earned. */
  earn(): void;
  /** Takes one retry; false when there is none. */
  spend(): boolean;
}

/**
 * A budget of one retry per ten calls that never holds, and starts with, more than `burst` of them.
 */
export function createRetryBudget(burst: number): RetryBudget {
  let tenths = burst * 10;
  return {
    earn() {
      tenths = Math.min(burst * 10, tenths + 1);
    },
    spend() {
      if (tenths < 10) return false;
      tenths -= 10;
      return true;
    },
  };
}
