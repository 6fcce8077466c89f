// What changed on a calendar since a client last saw it: the versions it was shown against those of
// now. Pure.
import type { EventKind, ScheduleEvent } from '../model/event.ts';
import { parseEventId } from '../model/event-id.ts';
import type { SourceStatus } from '../model/status.ts';

/** The difference, and the versions the client has once it has applied it. */
export interface Difference {
  readonly upserted: readonly ScheduleEvent[];
  readonly removed: readonly string[];
  readonly versions: ReadonlyMap<string, Buffer>;
}

/**
 * Compares what was shown with what is there. An id counts as removed only when its source is
 * FRESH: of a source that did not answer, what is missing is not known to be gone, and stays
 * remembered as shown.
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
  const isFresh = (kind: EventKind | undefined) =>
    sources.some((source) => source.kind === kind && source.status === 'FRESH');
  const removed: string[] = [];
  for (const [id, version] of shown) {
    if (versions.has(id)) continue;
    if (isFresh(parseEventId(id)?.kind)) removed.push(id);
    else versions.set(id, version);
  }
  return { upserted, removed, versions };
}
