// Limits retries to a tenth of the calls, with a small reserve, so that retries never multiply an
// outage.

/** The available retries. */
export interface RetryBudget {
  /** Records a call, which earns a tenth of a retry. */
  earn(): void;
  /** Uses one retry; false when none is left. */
  spend(): boolean;
}

/** A budget of one retry for ten calls. It starts with `burst` retries and never holds more. */
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
