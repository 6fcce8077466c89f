// The port that polling, Redis and logical replication implement, and the messages they send.

import type { Change } from '../model/change.ts';
import { isErn } from '../model/ern.ts';
import type { EventKind } from '../model/event.ts';
import { parseInstant } from '../model/instant.ts';

/**
 * A message of a feed. CHANGES: these changes. HEARTBEAT: all changes of these sources before now
 * have been reported; for the feed's other sources it is not live. GAP: changes of these sources
 * may have been lost, so everything of them counts as changed. LOST: the connection is lost; the
 * feed is not live until its next HEARTBEAT. `reason`: a short code. A feed is live from its first
 * HEARTBEAT on; it does not report earlier changes.
 */
export type FeedMessage =
  | { readonly type: 'CHANGES'; readonly changes: readonly Change[]; readonly malformed: number }
  | { readonly type: 'HEARTBEAT'; readonly kinds: readonly EventKind[] }
  | { readonly type: 'GAP'; readonly reason: string; readonly kinds: readonly EventKind[] }
  | { readonly type: 'LOST'; readonly reason: string };

/** Interval of heartbeats when there are no changes, in milliseconds. */
export const HEARTBEAT_MS = 1_000;

/** As services/outbox/changes.ts: rows of this audience are no changes. */
export const HEARTBEAT_AUDIENCE = 'heartbeat';

/**
 * Reports changes of one source or of all. Delivery is at least once, in any order. A feed
 * reconnects by itself with a jittered back-off, never ends before its signal, and never throws.
 */
export interface ChangeFeed {
  /** Name of the feed in details and logs: `poll LECTURE`, `redis`. */
  readonly name: string;
  /** The sources whose changes it reports. */
  readonly kinds: readonly EventKind[];
  changes(signal: AbortSignal): AsyncIterable<FeedMessage>;
  /**
   * Called after a write: a polling feed polls at once. Absent in feeds that are notified anyway.
   */
  pollNow?(): void;
}

/** A change as it came, and its source; null: the feed does not say which, or an unknown one. */
export interface RawChange {
  readonly kind: EventKind | null;
  /** Undefined for what cannot be a change of a source. */
  readonly raw: unknown;
}

/**
 * The messages of changes from the wire. Those that cannot be read are counted, and are a gap of
 * their source, or of all sources of the feed.
 */
export function* tellChanges(kinds: readonly EventKind[], given: readonly RawChange[]): Generator<FeedMessage> {
  const parsed = given.map(({ kind, raw }) => ({ kind, change: parseChange(kind, raw) }));
  const changes = parsed.map(({ change }) => change).filter((change) => change !== null);
  const unread = parsed.filter(({ change }) => change === null);
  yield { type: 'CHANGES', changes, malformed: unread.length };
  if (unread.length === 0) return;
  const concerned = new Set(unread.flatMap(({ kind }) => (kind === null ? kinds : [kind])));
  yield { type: 'GAP', reason: 'a change that cannot be read', kinds: [...concerned] };
}

/**
 * A change from the wire, checked; null when its audience cannot be read. A span that is absent or
 * cannot be read (malformed, reversed, or outside of the accepted range) means the whole audience.
 */
export function parseChange(kind: EventKind | null, raw: unknown): Change | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const { audience, ern, from, to, at } = raw as Readonly<Record<string, unknown>>;
  if (!isErn(audience)) return null;
  const [start, end] = [parseInstant(from), parseInstant(to)];
  const span = start === null || end === null || end < start ? null : { from: start, to: end };
  return { kind, audience, ern: isErn(ern) ? ern : undefined, span, at: parseInstant(at) ?? undefined };
}
