// A feed that sends the messages a test gives it.
import type { ChangeFeed, FeedMessage } from '../../../src/calendar/freshness/feed.ts';
import { Inbox } from '../../../src/calendar/freshness/inbox.ts';
import { EVENT_KINDS, type EventKind } from '../../../src/calendar/model/event.ts';
import { settled } from '../../harness/clock.ts';

export interface ScriptedFeed extends ChangeFeed {
  /** Says it, and lets it be heard. */
  say(...events: FeedMessage[]): Promise<void>;
}

/** A feed that speaks for these sources. */
export function scriptedFeed(kinds: readonly EventKind[] = EVENT_KINDS): ScriptedFeed {
  const inbox = new Inbox<FeedMessage>();
  return {
    name: 'scripted',
    kinds,
    async *changes(signal) {
      signal.addEventListener('abort', () => inbox.fail(new Error('over')), { once: true });
      try {
        for (;;) yield* await inbox.take();
      } catch {
        // The signal has ended.
      }
    },
    async say(...events) {
      for (const event of events) inbox.put(event);
      await settled();
      await settled();
    },
  };
}

/** What a feed says each second. */
export const beat = (kinds: readonly EventKind[] = EVENT_KINDS): FeedMessage => ({ type: 'HEARTBEAT', kinds });

/** Changes, none of them malformed. */
export const changes = (...said: Extract<FeedMessage, { type: 'CHANGES' }>['changes']): FeedMessage => ({
  type: 'CHANGES',
  changes: said,
  malformed: 0,
});
