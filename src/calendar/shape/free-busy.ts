// Busy intervals of a user, without any further information. Pure.
import { busyStatusOf } from '../model/derive.ts';
import type { ScheduleEvent } from '../model/event.ts';

/** [startsAt, endsAt) in milliseconds. */
export interface BusyInterval {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** The union of BUSY events within [from, to): ordered, with a gap between any two. */
export function busyIntervals(
  events: readonly ScheduleEvent[],
  window: { from: number; to: number },
): readonly BusyInterval[] {
  const clipped = events
    .filter((event) => busyStatusOf(event) === 'BUSY')
    .map(({ startsAt, endsAt }) => ({ startsAt: Math.max(startsAt, window.from), endsAt: Math.min(endsAt, window.to) }))
    .filter(({ startsAt, endsAt }) => startsAt < endsAt)
    .sort((a, b) => a.startsAt - b.startsAt);
  const union: { startsAt: number; endsAt: number }[] = [];
  for (const interval of clipped) {
    const last = union.at(-1);
    if (last !== undefined && interval.startsAt <= last.endsAt) last.endsAt = Math.max(last.endsAt, interval.endsAt);
    else union.push({ ...interval });
  }
  return union;
}
