// A queue with limited concurrency: a task gets its turn in order of arrival, or is refused when it
// has waited too long.
import type { Clock } from '../../clock.ts';
import { ApiError } from '../../errors.ts';

/** Options of {@link Turns}. */
export interface TurnsOptions {
  /** How many tasks run at a time. */
  readonly concurrency: number;
  /** Maximum number of waiting tasks. */
  readonly maxWaiting: number;
  /** How long a task may wait, in milliseconds. */
  readonly maxWaitMs: number;
  readonly clock: Clock;
}

/** See the head of this file. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Number of tasks that wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Runs the task in its turn. Rejects with UNAVAILABLE, or as the task does. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.#options.concurrency) this.#running += 1;
    else await this.#turn();
    try {
      return await task();
    } finally {
      // The place passes on to the next one, or becomes free.
      const [next] = this.#waiting;
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #turn(): Promise<void> {
    const { maxWaiting, maxWaitMs, clock } = this.#options;
    return new Promise((resolve, reject) => {
      const refuse = () => reject(new ApiError('UNAVAILABLE', 'The queue of subscriptions is long.'));
      if (this.#waiting.size >= maxWaiting) return refuse();
      const start = () => {
        cancel();
        this.#waiting.delete(start);
        resolve();
      };
      const cancel = clock.after(maxWaitMs, () => {
        this.#waiting.delete(start);
        refuse();
      });
      this.#waiting.add(start);
    });
  }
}
