// When somebody is busy, and nothing else about it. Pure.
import { BUSY } from '../model/derive.ts';
import type { ScheduleEvent } from '../model/event.ts';
import type { Completeness, SourceStatus } from '../model/status.ts';

/** [startsAt, endsAt) in milliseconds. */
export interface BusyInterval {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** The union of the BUSY events within [from, to): in order, none touching the next. */
export function busyIntervals(
  events: readonly ScheduleEvent[],
  window: { from: number; to: number },
): readonly BusyInterval[] {
  const clipped = events
    .filter((event) => BUSY[event.kind] === 'BUSY')
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

/**
 * What the gaps are worth: an answer is PARTIAL, too, when something that may take time was left
 * out of it.
 */
export function freeBusyCompleteness(completeness: Completeness, sources: readonly SourceStatus[]): Completeness {
  const isShort = sources.some(({ dropped, truncated }) => dropped > 0 || truncated);
  return isShort && completeness !== 'UNAVAILABLE' ? 'PARTIAL' : completeness;
}
