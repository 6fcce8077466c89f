// Where changes come from: the one port that polling, Redis and logical replication implement, and
// what they may say.

import type { Change } from '../model/change.ts';
import { isErn } from '../model/ern.ts';
import type { EventKind } from '../model/event.ts';
import { parseInstant } from '../model/instant.ts';

/**
 * What a feed says. CHANGES: these changed. HEARTBEAT: all changes of these sources before now have
 * been said. GAP: changes of any of the feed's sources may have been lost, so everything counts as
 * changed. LOST: the feed lost its connection. It is not live until its next HEARTBEAT. `reason`: a
 * short code. A feed is live from its first HEARTBEAT on; it does not report changes made before
 * that.
 */
export type FeedMessage =
  | { readonly type: 'CHANGES'; readonly changes: readonly Change[]; readonly malformed: number }
  | { readonly type: 'HEARTBEAT'; readonly kinds: readonly EventKind[] }
  | { readonly type: 'GAP'; readonly reason: string }
  | { readonly type: 'LOST'; readonly reason: string };

/** How often a feed that has nothing to say says that, in milliseconds. */
export const HEARTBEAT_MS = 1_000;

/**
 * Changes of one source or of all. Delivery is at least once, in any order. A feed reconnects by
 * itself, with a jittered back-off, and never ends before the signal does; it never throws.
 */
export interface ChangeFeed {
  /** Names the feed in details and logs: `poll LECTURE`, `redis`. */
  readonly name: string;
  /** The sources it speaks for. */
  readonly kinds: readonly EventKind[];
  changes(signal: AbortSignal): AsyncIterable<FeedMessage>;
  /**
   * Something was just written: a feed that looks now and then looks now. Absent in a feed that
   * hears at once anyway.
   */
  pollNow?(): void;
}

/** What came over some wire, checked: the changes, and how many malformed ones were among them. */
export function sayChanges(parsed: readonly (Change | null)[]): FeedMessage {
  const changes = parsed.filter((change) => change !== null);
  return { type: 'CHANGES', changes, malformed: parsed.length - changes.length };
}

/**
 * A change as it came over some wire, checked; null when it is malformed. Null and empty instants
 * are absent ones.
 */
export function parseChange(kind: EventKind | null, raw: unknown): Change | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const { audience, from, to } = raw as Readonly<Record<string, unknown>>;
  if (!isErn(audience)) return null;
  if (isAbsent(from) && isAbsent(to)) return { kind, audience, span: null };
  const [start, end] = [parseInstant(from), parseInstant(to)];
  return start === null || end === null || end < start ? null : { kind, audience, span: { from: start, to: end } };
}

const isAbsent = (value: unknown): boolean => value === null || value === undefined || value === '';
