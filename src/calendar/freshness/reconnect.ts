// How every feed handles a failure: it reports LOST, publishes the error for the log, and starts
// again after a pause that doubles with jitter, up to five seconds, until its signal ends.

import { type Clock, pausing } from '../../clock.ts';
import { publish } from '../../diagnostics.ts';
import { doublingPause } from '../../durations.ts';
import type { FeedMessage } from './feed.ts';

/**
 * The first and the longest pause between two attempts, in milliseconds, before jitter takes up to
 * half of it.
 */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

/** Clock and random numbers for pauses. `random` returns a number in [0, 1). */
export interface Pausing {
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Runs sessions one after the other until the signal ends. A session yields messages and throws
 * when it cannot continue. A heartbeat resets the pause.
 */
export async function* reconnecting(
  feed: string,
  session: () => AsyncIterable<FeedMessage>,
  { clock, random }: Pausing,
  signal: AbortSignal,
): AsyncGenerator<FeedMessage> {
  for (let failed = 0; !signal.aborted; failed += 1) {
    try {
      for await (const event of session()) {
        if (signal.aborted) return;
        if (event.type === 'HEARTBEAT') failed = 0;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      publish('calendar:feed-failure', { feed, error });
      yield { type: 'LOST', reason: failureCode(error) };
    }
    const pause = doublingPause(failed + 1, FIRST_PAUSE_MS, MAX_PAUSE_MS);
    await pausing(clock, pause * (1 - random() / 2), signal);
  }
}

/**
 * The error's code without its text, which may name hosts and users: ECONNREFUSED, 28P01,
 * WRONGPASS; else FAILED.
 */
function failureCode(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code)) return code;
  // Redis begins its messages with a code: WRONGPASS, NOAUTH, NOPERM, READONLY.
  return /^[A-Z]{4,20}(?= )/.exec(error instanceof Error ? error.message : '')?.[0] ?? 'FAILED';
}
