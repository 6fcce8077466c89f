// Conflicts: overlapping events, and clusters of deadlines. Pure.
import { DAY_MS } from '../../durations.ts';
import { busyStatusOf, completionOf, timingOf } from '../model/derive.ts';
import type { ScheduleEvent } from '../model/event.ts';

/** A conflict; instants in milliseconds. Its events are in the order of the answer. */
export interface Conflict {
  readonly kind: 'OVERLAP' | 'DEADLINE_CLUSTER';
  readonly startsAt: number;
  readonly endsAt: number;
  readonly events: readonly ScheduleEvent[];
}

const CLUSTER = 3;

/**
 * Overlaps of BUSY events, and clusters of deadlines that are still to be met, by startsAt. `now`
 * in milliseconds.
 */
export function conflictsOf(events: readonly ScheduleEvent[], now: number): readonly Conflict[] {
  return [...overlapsOf(events), ...clustersOf(events, now)].sort((a, b) => a.startsAt - b.startsAt);
}

/**
 * Periods in which at least two BUSY events overlap, each with all its events. A period ends when
 * only one event goes on, even for an instant.
 */
function overlapsOf(events: readonly ScheduleEvent[]): Conflict[] {
  const busy = events.filter((event) => busyStatusOf(event) === 'BUSY' && event.endsAt > event.startsAt);
  // At equal instants ends sort before starts: consecutive events are no conflict.
  const edges = busy
    .flatMap((event) => [
      { at: event.startsAt, by: 1, event },
      { at: event.endsAt, by: -1, event },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  const found: Conflict[] = [];
  const going = new Set<ScheduleEvent>();
  let since: number | null = null;
  let involved = new Set<ScheduleEvent>();
  for (const { at, by, event } of edges) {
    if (by > 0) going.add(event);
    else going.delete(event);
    if (going.size >= 2) {
      since ??= at;
      for (const one of going) involved.add(one);
    } else if (since !== null) {
      const kind = 'OVERLAP';
      found.push({ kind, startsAt: since, endsAt: at, events: busy.filter((one) => involved.has(one)) });
      since = null;
      involved = new Set();
    }
  }
  return found;
}

/** Three or more deadlines within 24 hours that can still be met; each maximal group once. */
function clustersOf(events: readonly ScheduleEvent[], now: number): Conflict[] {
  const due = events
    .filter((event) => timingOf(event) === 'DEADLINE' && completionOf(event, now) === 'PENDING')
    .sort((a, b) => a.endsAt - b.endsAt);
  const found: Conflict[] = [];
  let last = 0;
  due.forEach((first, index) => {
    let end = index;
    while ((due[end]?.endsAt ?? Number.POSITIVE_INFINITY) <= first.endsAt + DAY_MS) end += 1;
    if (end - index < CLUSTER || end <= last) return;
    last = end;
    const members = due.slice(index, end);
    found.push({
      kind: 'DEADLINE_CLUSTER',
      startsAt: first.endsAt,
      endsAt: members.at(-1)?.endsAt ?? first.endsAt,
      events: members,
    });
  });
  return found;
}
