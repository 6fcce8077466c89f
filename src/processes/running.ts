// A running part of the deployment, and how parts are closed.
import { type Clock, pausing } from '../clock.ts';

/** A part, started. */
export interface Running {
  /** URLs by name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Closes it gracefully: running requests finish, for at most 5 s. */
  close(): Promise<void>;
}

type Closing = { close(): Promise<void> };

/** A part that takes longer to close no longer keeps the next one from it, in milliseconds. */
const IN_TURN_MS = 2_000;

/**
 * Closes parts that call each other, callers first: each begins when the one before has closed, or
 * after 2 s, so that all of them are closed within 10 s. All are closed also if some fail; then
 * throws the first failure.
 */
export async function closeAll(parts: readonly Closing[], clock: Clock): Promise<void> {
  const failures: unknown[] = [];
  const closings: Promise<unknown>[] = [];
  for (const part of parts) {
    const closing = part.close().catch((error: unknown) => failures.push(error));
    closings.push(closing);
    const over = new AbortController();
    await Promise.race([closing, pausing(clock, IN_TURN_MS, over.signal)]);
    over.abort();
  }
  await Promise.all(closings);
  if (failures.length > 0) throw failures[0];
}

/** Parts that do not call each other, as one: they are closed side by side. */
export function together(parts: readonly Closing[]): Closing {
  return {
    async close() {
      const results = await Promise.allSettled(parts.map((part) => part.close()));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}
