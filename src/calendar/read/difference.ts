// What changed on a calendar since a client last read it: the versions it was shown against the
// current ones. Pure.
import type { EventKind, ScheduleEvent } from '../model/event.ts';
import { parseEventId } from '../model/event-id.ts';
import { isCut, type SourceStatus } from '../model/status.ts';

/** The difference, and the versions that the client has after it has applied it. */
export interface Difference {
  readonly upserted: readonly ScheduleEvent[];
  readonly removed: readonly string[];
  readonly versions: ReadonlyMap<string, Buffer>;
}

/**
 * Compares the shown versions with the current events. An id is removed only if its source is FRESH
 * and nothing of it was left out: otherwise an event that is missing may still exist, so it stays
 * in the shown versions.
 */
export function differenceOf(
  shown: ReadonlyMap<string, Buffer>,
  events: readonly ScheduleEvent[],
  sources: readonly SourceStatus[],
  versionOf: (event: ScheduleEvent) => Buffer,
): Difference {
  const versions = new Map(events.map((event) => [event.id, versionOf(event)]));
  const upserted = events.filter(({ id }) => {
    const before = shown.get(id);
    return before === undefined || versions.get(id)?.equals(before) !== true;
  });
  const isWhole = (kind: EventKind | undefined) =>
    sources.some((source) => source.kind === kind && source.status === 'FRESH' && !isCut(source));
  const removed: string[] = [];
  for (const [id, version] of shown) {
    if (versions.has(id)) continue;
    if (isWhole(parseEventId(id)?.kind)) removed.push(id);
    else versions.set(id, version);
  }
  return { upserted, removed, versions };
}
