// The signal path's end: what a feed says becomes names in the cache that are no longer fresh. It deletes nothing and reads nothing.
// While a feed is silent its sources count as unwatched, and the short TTL applies to them.
import type { Clock } from '../../clock.ts';
import type { Change } from '../model/change.ts';
import { isUserAudience } from '../model/ern.ts';
import { EVENT_KINDS, type EventKind } from '../model/event.ts';
import type { ChangeFeed, FeedEvent } from './feed.ts';

/** Silent for longer than this (milliseconds), a feed counts as dead. */
export const SILENCE_MS = 5_000;
/** A span of more months than this is taken for the whole audience. */
const MOST_MONTHS = 24;

export interface InvalidatorOptions {
  readonly feeds: readonly ChangeFeed[];
  readonly clock: Clock;
  /** Takes a name as it stands in the cache (`sliceNames`, `audienceNames`). */
  readonly invalidate: (name: string) => void;
  /** The names (YYYY-MM) of the months that meet the span, in milliseconds, both ends included. */
  readonly monthsOf: (span: { from: number; to: number }) => readonly string[];
}

/** How a feed is, for details and gauges. Times in milliseconds. */
export interface FeedState {
  readonly name: string;
  readonly healthy: boolean;
  /** When everything was last known to have been said; null: never yet. */
  readonly caughtUpAt: number | null;
  readonly changes: number;
  readonly garbage: number;
  readonly gaps: number;
}

interface Watch {
  caughtUpAt: number | null;
  changes: number;
  garbage: number;
  gaps: number;
}

/** Listens to all feeds from `start` until `stop`. */
export class Invalidator {
  readonly #options: InvalidatorOptions;
  readonly #watches: ReadonlyMap<ChangeFeed, Watch>;
  readonly #stop = new AbortController();
  #listening: Promise<unknown> = Promise.resolve();

  constructor(options: InvalidatorOptions) {
    this.#options = options;
    this.#watches = new Map(options.feeds.map((feed) => [feed, { caughtUpAt: null, changes: 0, garbage: 0, gaps: 0 }]));
  }

  /** Begins to listen. Returns at once: a feed that cannot be reached is silent, not an error. */
  start(): void {
    this.#listening = Promise.all(this.#options.feeds.map((feed) => this.#listen(feed)));
  }

  /** Ends listening and waits for the feeds to let go of their connections. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  /** Whether some feed that speaks for the source has lately said everything there was to say. */
  watches(kind: EventKind): boolean {
    for (const [feed, watch] of this.#watches) if (feed.kinds.includes(kind) && this.#isHealthy(watch)) return true;
    return false;
  }

  /** Every feed's state. */
  get states(): readonly FeedState[] {
    return [...this.#watches].map(([{ name }, watch]) => ({ name, healthy: this.#isHealthy(watch), ...watch }));
  }

  #isHealthy({ caughtUpAt }: Watch): boolean {
    return caughtUpAt !== null && this.#options.clock.now() - caughtUpAt <= SILENCE_MS;
  }

  async #listen(feed: ChangeFeed): Promise<void> {
    for await (const event of feed.changes(this.#stop.signal)) this.#hear(feed, event);
  }

  #hear(feed: ChangeFeed, event: FeedEvent): void {
    const watch = this.#watches.get(feed);
    if (watch === undefined) return;
    switch (event.say) {
      case 'HEARTBEAT':
        watch.caughtUpAt = this.#options.clock.now();
        break;
      case 'GAP':
        watch.gaps += 1;
        for (const kind of feed.kinds) this.#options.invalidate(kind);
        break;
      case 'CHANGES':
        watch.changes += event.changes.length;
        watch.garbage += event.garbage;
        this.#invalidateAll(namesOf(event.changes, this.#options.monthsOf));
        break;
    }
  }

  #invalidateAll(names: Iterable<string>): void {
    for (const name of names) this.#options.invalidate(name);
  }
}

/** The names touched by the changes, each once however often it was touched. */
export function namesOf(changes: readonly Change[], monthsOf: InvalidatorOptions['monthsOf']): Set<string> {
  const names = new Set<string>();
  for (const { kind, audience, span } of changes) {
    const months = span === null ? null : monthsOf(span);
    for (const touched of kind === null ? EVENT_KINDS : [kind]) {
      const whole = `${touched}|${audience}`;
      if (months === null || months.length > MOST_MONTHS) names.add(whole);
      else for (const month of months) names.add(`${whole}|${month}`);
      // A first item of their own puts a user's own audience on their list, a last one takes it off.
      if (isUserAudience(audience)) names.add(`${whole}|audiences`);
    }
  }
  return names;
}
