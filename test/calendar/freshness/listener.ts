// Listens to a feed and records its messages.
import type { ChangeFeed, FeedMessage } from '../../../src/calendar/freshness/feed.ts';
import type { Change } from '../../../src/calendar/model/change.ts';
import { eventually } from '../../harness/eventually.ts';

export interface Listener {
  /** Everything but LOST, in order. */
  readonly events: readonly FeedMessage[];
  /** The reasons of the lost connections, in order. */
  readonly lost: readonly string[];
  /** All changes said so far. */
  readonly changes: readonly Change[];
  count(type: FeedMessage['type']): number;
  /** Waits until something of this kind is said after this call. */
  next(type: FeedMessage['type']): Promise<void>;
  /** Waits until a change of this audience has been said. */
  hears(audience: string): Promise<void>;
  /** Ends the feed's signal; resolves when the feed has ended. */
  stop(): Promise<void>;
}

/** Listens from now on. */
export function listenTo(feed: ChangeFeed): Listener {
  const controller = new AbortController();
  const events: FeedMessage[] = [];
  const lost: string[] = [];
  const ended = (async () => {
    for await (const event of feed.changes(controller.signal)) {
      if (event.type === 'LOST') lost.push(event.reason);
      else events.push(event);
    }
  })();
  const changes = () => events.flatMap((event) => (event.type === 'CHANGES' ? event.changes : []));
  const count = (type: FeedMessage['type']) => events.filter((event) => event.type === type).length;
  return {
    events,
    lost,
    get changes() {
      return changes();
    },
    count,
    async next(type) {
      const before = count(type);
      await eventually(`a ${type} of ${feed.name}`, () => count(type) > before);
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
