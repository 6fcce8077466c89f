// Somebody who listens to a feed and remembers what it said.
import type { ChangeFeed, FeedEvent } from '../../../src/calendar/freshness/feed.ts';
import type { Change } from '../../../src/calendar/model/change.ts';
import { eventually } from '../../harness/eventually.ts';

export interface Listener {
  readonly events: readonly FeedEvent[];
  /** All changes said so far. */
  readonly changes: readonly Change[];
  count(say: FeedEvent['say']): number;
  /** Waits until something of this kind is said after this call. */
  next(say: FeedEvent['say']): Promise<void>;
  /** Waits until a change of this audience has been said. */
  hears(audience: string): Promise<void>;
  /** Ends the feed's signal; resolves when the feed has ended. */
  stop(): Promise<void>;
}

/** Listens from now on. */
export function listenTo(feed: ChangeFeed): Listener {
  const controller = new AbortController();
  const events: FeedEvent[] = [];
  const ended = (async () => {
    for await (const event of feed.changes(controller.signal)) events.push(event);
  })();
  const changes = () => events.flatMap((event) => (event.say === 'CHANGES' ? event.changes : []));
  const count = (say: FeedEvent['say']) => events.filter((event) => event.say === say).length;
  return {
    events,
    get changes() {
      return changes();
    },
    count,
    async next(say) {
      const before = count(say);
      await eventually(`a ${say} of ${feed.name}`, () => count(say) > before);
    },
    async hears(audience) {
      await eventually(`a change of ${audience}`, () => changes().some((change) => change.audience === audience));
    },
    stop() {
      controller.abort();
      return ended;
    },
  };
}
