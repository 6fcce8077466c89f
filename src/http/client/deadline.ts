// The deadline of one call: what runs is told when it is over.
import type { Clock } from '../../clock.ts';

/** See {@link withDeadline}. */
export interface Deadline {
  readonly isOver: boolean;
  /** Runs when it is over; what was to run before does not. */
  onOver(run: () => void): void;
}

/** Runs with a deadline in `ms`, which does not come any more once it has ended. */
export async function withDeadline<T>(
  clock: Pick<Clock, 'after'>,
  ms: number,
  run: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  let end = () => {};
  const deadline = {
    isOver: false,
    onOver(then: () => void) {
      end = then;
    },
  };
  const cancel = clock.after(ms, () => {
    deadline.isOver = true;
    end();
  });
  try {
    return await run(deadline);
  } finally {
    cancel();
  }
}
