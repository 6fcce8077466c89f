// The clock, given once at the composition root, so that tests can control time.

/** The current time and a timer; all numbers are milliseconds. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z, for what is shown. It can be set, also back. */
  now(): number;
  /** Whole milliseconds on a clock that never goes back and is never set, for durations. */
  elapsed(): number;
  /**
   * Runs `run` once after `ms`; the returned function cancels it. Never keeps the process alive.
   */
  after(ms: number, run: () => void): () => void;
}

/** The system clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => Math.floor(performance.now()),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or when one of the signals is aborted. */
export function pausing(clock: Clock, ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    if (signals.some((signal) => signal.aborted)) return resolve();
    const done = () => {
      cancel();
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    for (const signal of signals) signal.addEventListener('abort', done);
  });
}
