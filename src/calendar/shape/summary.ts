// The summary of a calendar: counts. Pure.
import { completionOf, isOverdue, phaseOf, timingOf } from '../model/derive.ts';
import { EVENT_KINDS, type EventKind, type ScheduleEvent } from '../model/event.ts';
import type { Zone } from '../model/zone.ts';

/** Counts of events. */
export interface Summary {
  readonly total: number;
  /** One count for each kind, in the order of answers. */
  readonly byKind: readonly { readonly kind: EventKind; readonly count: number }[];
  /** Events in progress. */
  readonly open: number;
  /** Deadlines on the current local day that are still to be met. */
  readonly dueToday: number;
  readonly overdue: number;
  /** Done in time, or late. */
  readonly completed: number;
}

/**
 * Counts the events at `now` (milliseconds); the zone decides the current day. A deadline at
 * midnight belongs to the day that ends there.
 */
export function summarise(events: readonly ScheduleEvent[], now: number, zone: Zone): Summary {
  const count = (is: (event: ScheduleEvent) => boolean) => events.filter(is).length;
  const today = zone.dateOf(now);
  return {
    total: events.length,
    byKind: EVENT_KINDS.map((kind) => ({ kind, count: count((event) => event.kind === kind) })),
    open: count((event) => phaseOf(event, now) === 'OPEN'),
    dueToday: count(
      (event) =>
        timingOf(event) === 'DEADLINE' &&
        zone.dateOf(event.endsAt - 1) === today &&
        completionOf(event, now) === 'PENDING',
    ),
    overdue: count((event) => isOverdue(event, now)),
    completed: count((event) => ['COMPLETED', 'LATE'].includes(completionOf(event, now))),
  };
}
