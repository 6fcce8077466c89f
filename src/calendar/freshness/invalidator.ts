// The end of the signal path: it turns the messages of feeds into invalidation keys. It deletes and
// loads nothing. While no feed is live for a source, the short TTL applies to that source.

import type { Clock } from '../../clock.ts';
import { type FeedChanges, publish } from '../../diagnostics.ts';
import { DAY_MS } from '../../durations.ts';
import type { Change } from '../model/change.ts';
import { isUserAudience, rootOf } from '../model/ern.ts';
import { EVENT_KINDS, type EventKind } from '../model/event.ts';
import { audienceListInvalidationKey, sliceInvalidationKey } from '../model/invalidation-key.ts';
import { scopedAudience, WHOLE } from '../model/slice.ts';
import type { ChangeFeed, FeedMessage } from './feed.ts';

/** A feed without a heartbeat for longer than this (milliseconds) is not live. */
export const SILENCE_MS = 5_000;
/** A change with a longer span (milliseconds, two years) invalidates the whole audience. */
const MAX_SPAN_MS = 2 * 366 * DAY_MS;

export interface InvalidatorOptions {
  readonly feeds: readonly ChangeFeed[];
  readonly clock: Clock;
  /** Takes an invalidation key, and what has caused it: the feed, and what it said. */
  readonly invalidate: (name: string, by: string) => void;
  /** The months (YYYY-MM) that overlap the span, in milliseconds, both ends included. */
  readonly monthsOf: (span: { from: number; to: number }) => readonly string[];
}

/** The state of a feed, for details and gauges. Times in milliseconds. */
export interface FeedState {
  readonly name: string;
  /** Whether it is live now for all of its sources. */
  readonly healthy: boolean;
  /** For each source, the time of its last heartbeat; null: none yet. */
  readonly caughtUpAt: Readonly<Partial<Record<EventKind, number | null>>>;
  readonly changes: number;
  readonly malformed: number;
  readonly gaps: number;
  /** Why the connection is lost, as a short code; null while it is connected. */
  readonly lost: string | null;
}

interface FeedRecord {
  /** For each source, the time of its last heartbeat; absent: none yet. */
  readonly caughtUpAt: Map<EventKind, number>;
  /** The same instants on the clock that never goes back, of sources that were in the last one. */
  readonly heardAt: Map<EventKind, number>;
  changes: number;
  malformed: number;
  gaps: number;
  /** Why the connection is lost; null while it is connected. */
  lost: string | null;
}

/** Reads all feeds from `start` until `stop`. */
export class Invalidator {
  readonly #options: InvalidatorOptions;
  readonly #feedStates: ReadonlyMap<ChangeFeed, FeedRecord>;
  readonly #stop = new AbortController();
  #listening: Promise<unknown> = Promise.resolve();

  constructor(options: InvalidatorOptions) {
    this.#options = options;
    this.#feedStates = new Map(
      options.feeds.map((feed) => [
        feed,
        { caughtUpAt: new Map(), heardAt: new Map(), changes: 0, malformed: 0, gaps: 0, lost: null },
      ]),
    );
  }

  /**
   * Starts reading. Returns at once: a feed that cannot connect is not live, which is not an error.
   */
  start(): void {
    this.#listening = Promise.all([...this.#feedStates].map(([feed, feedState]) => this.#listen(feed, feedState)));
  }

  /** Stops reading and waits until the feeds have closed their connections. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  /** A source of this kind was just written: feeds that poll do so at once. */
  pollNow(kind: EventKind): void {
    for (const feed of this.#feedStates.keys()) if (feed.kinds.includes(kind)) feed.pollNow?.();
  }

  /** Whether a feed of this source is live. */
  hasLiveFeed(kind: EventKind): boolean {
    for (const feedState of this.#feedStates.values()) if (this.#isLive(feedState, kind)) return true;
    return false;
  }

  /** The state of every feed. */
  get states(): readonly FeedState[] {
    return [...this.#feedStates].map(([{ name, kinds }, feedState]) => {
      const { heardAt: _, caughtUpAt, ...shown } = feedState;
      return {
        ...shown,
        name,
        healthy: kinds.every((kind) => this.#isLive(feedState, kind)),
        caughtUpAt: Object.fromEntries(kinds.map((kind) => [kind, caughtUpAt.get(kind) ?? null])),
      };
    });
  }

  #isLive({ heardAt, lost }: FeedRecord, kind: EventKind): boolean {
    if (lost !== null) return false;
    const at = heardAt.get(kind);
    return at !== undefined && this.#options.clock.elapsed() - at <= SILENCE_MS;
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
        for (const kind of feed.kinds) {
          if (event.kinds.includes(kind)) this.#caughtUp(feed.name, feedState, kind);
          else feedState.heardAt.delete(kind);
        }
        break;
      case 'GAP':
        feedState.gaps += 1;
        publish('calendar:feed-gap', { feed: feed.name, reason: event.reason });
        this.#invalidate(event.kinds, `${feed.name}: gap, ${event.reason}`);
        break;
      case 'CHANGES':
        feedState.changes += event.changes.length;
        feedState.malformed += event.malformed;
        publish('calendar:feed-changes', {
          feed: feed.name,
          reach: reachOf(event.changes),
          malformed: event.malformed,
          lagMs: lagsOf(event.changes, this.#options.clock.now()),
        });
        this.#invalidate(keysOf(event.changes, this.#options.monthsOf), `${feed.name}: change`);
        break;
    }
  }

  /**
   * Values loaded before the feed's first message may have changed without notice, so the long TTL
   * must not apply to them.
   */
  #caughtUp(feed: string, { caughtUpAt, heardAt }: FeedRecord, kind: EventKind): void {
    if (!caughtUpAt.has(kind)) this.#invalidate([kind], `${feed}: first heartbeat`);
    caughtUpAt.set(kind, this.#options.clock.now());
    heardAt.set(kind, this.#options.clock.elapsed());
  }

  #invalidate(names: Iterable<string>, by: string): void {
    for (const name of names) this.#options.invalidate(name, by);
  }
}

function reachOf(changes: readonly Change[]): FeedChanges['reach'] {
  const audience = changes.filter(isOfWholeAudience).length;
  return { months: changes.length - audience, audience };
}

function lagsOf(changes: readonly Change[], now: number): FeedChanges['lagMs'] {
  const lags: Record<string, number> = {};
  for (const { kind, at } of changes) {
    const name = kind ?? 'ANY';
    if (at !== undefined) lags[name] = Math.max(lags[name] ?? 0, now - at);
  }
  return lags;
}

function isOfWholeAudience({ span }: Change): boolean {
  return span === null || span.to - span.from > MAX_SPAN_MS;
}

/** The invalidation keys of these changes, without duplicates. */
export function keysOf(changes: readonly Change[], monthsOf: InvalidatorOptions['monthsOf']): Set<string> {
  const keys = new Set<string>();
  for (const change of changes) {
    const { kind, audience, span } = change;
    const months = span === null || isOfWholeAudience(change) ? null : monthsOf(span);
    for (const changed of kind === null ? EVENT_KINDS : [kind]) {
      for (const month of months ?? [null])
        for (const name of namesOf(change)) keys.add(sliceInvalidationKey(changed, name, month));
      // The first item of a user's own audience adds that audience to the user's list; the last one
      // removes it.
      if (isUserAudience(audience)) keys.add(audienceListInvalidationKey(changed, audience));
    }
  }
  return keys;
}

/**
 * The audience; and of a user's own the part that the change is in, because who may see a part only
 * is told of that part only. A change of a list of audiences is in no part.
 */
function namesOf({ audience, ern }: Change): readonly string[] {
  if (!isUserAudience(audience) || ern === audience) return [audience];
  return [audience, scopedAudience({ audience, scope: ern === undefined ? WHOLE : rootOf(ern) })];
}
