// What every feed does about failure: begin again after a pause that doubles, jittered, up to five seconds, for as long
// as somebody listens. A failure is published on the diagnostics channel `calendar:feed` and otherwise only silence.
import { channel } from 'node:diagnostics_channel';
import { type Clock, pausing } from '../../clock.ts';
import type { FeedMessage } from './feed.ts';

/** The shortest and the longest pause between two tries, in milliseconds, before jitter takes up to half of it. */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

/** What subscribers of `calendar:feed` get: which feed failed, and how. */
export interface FeedFailure {
  readonly feed: string;
  readonly error: unknown;
}

/** What pausing takes. `random`: in [0, 1). */
export interface Pausing {
  readonly clock: Clock;
  readonly random: () => number;
}

const failures = channel('calendar:feed');

/**
 * Runs sessions one after the other until the signal ends. A session says what it hears and throws when it cannot go on;
 * one that came as far as a heartbeat makes the next pause short again.
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
      if (!signal.aborted) failures.publish({ feed, error } satisfies FeedFailure);
    }
    const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failed);
    await pausing(clock, pause * (1 - random() / 2), signal);
  }
}
