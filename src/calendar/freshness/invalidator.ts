// The signal path's end: what a feed says becomes names in the cache that are no longer fresh. It
// deletes nothing and reads nothing. While a feed is silent about a source, that source counts as
// withoutFeed, and the short TTL applies to it.

import type { Clock } from '../../clock.ts';
import { publish } from '../../diagnostics.ts';
import { DAY_MS } from '../../durations.ts';
import type { Change } from '../model/change.ts';
import { isUserAudience } from '../model/ern.ts';
import { EVENT_KINDS, type EventKind } from '../model/event.ts';
import { audienceListInvalidationKey, sliceInvalidationKey } from '../model/invalidation-key.ts';
import type { ChangeFeed, FeedMessage } from './feed.ts';

/** Silent for longer than this (milliseconds), a feed counts as dead. */
export const SILENCE_MS = 5_000;
/** A span longer than this (milliseconds, two years) is taken for the whole audience. */
const MAX_SPAN_MS = 2 * 366 * DAY_MS;

export interface InvalidatorOptions {
  readonly feeds: readonly ChangeFeed[];
  readonly clock: Clock;
  /** Takes an invalidation key. */
  readonly invalidate: (name: string) => void;
  /** The names (YYYY-MM) of the months that meet the span, in milliseconds, both ends included. */
  readonly monthsOf: (span: { from: number; to: number }) => readonly string[];
}

/** How a feed is, for details and gauges. Times in milliseconds. */
export interface FeedState {
  readonly name: string;
  /** Whether it speaks, now, for all of its sources. */
  readonly healthy: boolean;
  /** By source: when everything was last known to have been said; null: never yet. */
  readonly caughtUpAt: Readonly<Partial<Record<EventKind, number | null>>>;
  readonly changes: number;
  readonly malformed: number;
  readonly gaps: number;
  /** Why the connection is lost, as a short code; null while it is not. */
  readonly lost: string | null;
}

interface FeedRecord {
  /** By source; absent: never yet. */
  readonly caughtUpAt: Map<EventKind, number>;
  changes: number;
  malformed: number;
  gaps: number;
  /** Why the connection is lost; null while it is not. */
  lost: string | null;
}

/** Listens to all feeds from `start` until `stop`. */
export class Invalidator {
  readonly #options: InvalidatorOptions;
  readonly #feedStates: ReadonlyMap<ChangeFeed, FeedRecord>;
  readonly #stop = new AbortController();
  #listening: Promise<unknown> = Promise.resolve();

  constructor(options: InvalidatorOptions) {
    this.#options = options;
    this.#feedStates = new Map(
      options.feeds.map((feed) => [feed, { caughtUpAt: new Map(), changes: 0, malformed: 0, gaps: 0, lost: null }]),
    );
  }

  /** Begins to listen. Returns at once: a feed that cannot be reached is silent, not an error. */
  start(): void {
    this.#listening = Promise.all([...this.#feedStates].map(([feed, feedState]) => this.#listen(feed, feedState)));
  }

  /** Ends listening and waits for the feeds to let go of their connections. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  /** Something of this kind was just written: feeds that ask in rounds ask now. */
  pollNow(kind: EventKind): void {
    for (const feed of this.#feedStates.keys()) if (feed.kinds.includes(kind)) feed.pollNow?.();
  }

  /** Whether some feed has lately said everything there was to say of the source. */
  hasLiveFeed(kind: EventKind): boolean {
    for (const feedState of this.#feedStates.values()) if (this.#isLive(feedState, kind)) return true;
    return false;
  }

  /** Every feed's state. */
  get states(): readonly FeedState[] {
    return [...this.#feedStates].map(([{ name, kinds }, feedState]) => ({
      ...feedState,
      name,
      healthy: kinds.every((kind) => this.#isLive(feedState, kind)),
      caughtUpAt: Object.fromEntries(kinds.map((kind) => [kind, feedState.caughtUpAt.get(kind) ?? null])),
    }));
  }

  #isLive({ caughtUpAt, lost }: FeedRecord, kind: EventKind): boolean {
    if (lost !== null) return false;
    const at = caughtUpAt.get(kind);
    return at !== undefined && this.#options.clock.now() - at <= SILENCE_MS;
  }

  async #listen(feed: ChangeFeed, feedState: FeedRecord): Promise<void> {
    for await (const event of feed.changes(this.#stop.signal)) this.#hear(feed, feedState, event);
  }

  #hear(feed: ChangeFeed, feedState: FeedRecord, event: FeedMessage): void {
    switch (event.type) {
      case 'LOST':
        feedState.lost = event.reason;
        break;
      case 'HEARTBEAT':
        feedState.lost = null;
        for (const kind of event.kinds) this.#caughtUp(feedState, kind);
        break;
      case 'GAP':
        feedState.gaps += 1;
        publish('calendar:feed-gap', { feed: feed.name, reason: event.reason });
        this.#invalidate(feed.kinds);
        break;
      case 'CHANGES':
        feedState.changes += event.changes.length;
        feedState.malformed += event.malformed;
        this.#invalidate(keysOf(event.changes, this.#options.monthsOf));
        break;
    }
  }

  /**
   * What was loaded before the feed's first word may have changed unheard since: the long TTL is
   * not for it.
   */
  #caughtUp({ caughtUpAt }: FeedRecord, kind: EventKind): void {
    if (!caughtUpAt.has(kind)) this.#invalidate([kind]);
    caughtUpAt.set(kind, this.#options.clock.now());
  }

  #invalidate(names: Iterable<string>): void {
    for (const name of names) this.#options.invalidate(name);
  }
}

/** The invalidation keys of the changes, each once. */
export function keysOf(changes: readonly Change[], monthsOf: InvalidatorOptions['monthsOf']): Set<string> {
  const keys = new Set<string>();
  for (const { kind, audience, span } of changes) {
    const months = span === null || span.to - span.from > MAX_SPAN_MS ? null : monthsOf(span);
    for (const changed of kind === null ? EVENT_KINDS : [kind]) {
      for (const month of months ?? [null]) keys.add(sliceInvalidationKey(changed, audience, month));
      // A first item of their own puts a user's own audience on their list, a last one takes it
      // off.
      if (isUserAudience(audience)) keys.add(audienceListInvalidationKey(changed, audience));
    }
  }
  return keys;
}
