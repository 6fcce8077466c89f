// Events by local day: each day of the window with the segments of the events on it. Pure.
import { Temporal } from 'temporal-polyfill';
import type { ScheduleEvent } from '../model/event.ts';
import type { Zone } from '../model/zone.ts';

/** The part of an event on one local day; instants in milliseconds. */
export interface DaySegment {
  readonly event: ScheduleEvent;
  readonly startsAt: number;
  readonly endsAt: number;
  /** Whether the event starts, or ends, with this segment. */
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

/** One local day: 23, 24 or 25 hours, or the part of it within the window. */
export interface Day {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly from: number;
  readonly to: number;
  /** In the order of the events. */
  readonly segments: readonly DaySegment[];
}

/**
 * The local days that overlap [from, to), in order. The segments of an event add up to exactly its
 * part of the window; an event without length has one. A date that the zone skipped (Apia,
 * 2011-12-30) is not a day; an hour that is repeated before midnight (St. John's, 2009-11-01)
 * belongs to the day it interrupts.
 */
export function daysOf(
  events: readonly ScheduleEvent[],
  window: { from: number; to: number },
  zone: Zone,
): readonly Day[] {
  const days = bounds(window, zone).map((day) => ({ ...day, segments: [] as DaySegment[] }));
  for (const event of events) {
    for (let at = indexAt(days, event.startsAt); at < days.length; at += 1) {
      const day = days[at];
      if (day === undefined || (day.from >= event.endsAt && day.from > event.startsAt)) break;
      const [startsAt, endsAt] = [Math.max(event.startsAt, day.from), Math.min(event.endsAt, day.to)];
      day.segments.push({
        event,
        startsAt,
        endsAt,
        isStart: startsAt === event.startsAt,
        isEnd: endsAt === event.endsAt,
      });
    }
  }
  return days;
}

function bounds({ from, to }: { from: number; to: number }, zone: Zone): Omit<Day, 'segments'>[] {
  const days: Omit<Day, 'segments'>[] = [];
  for (let at = from; at < to; ) {
    const day = dayAt(at, zone);
    const end = Math.min(to, day.end);
    days.push({ date: day.date, from: at, to: end });
    at = end;
  }
  return days;
}

/** The local date at the instant, and the start of the next one. */
function dayAt(at: number, zone: Zone): { date: string; end: number } {
  let date = zone.dateOf(at);
  for (;;) {
    const next = Temporal.PlainDate.from(date).add({ days: 1 }).toString();
    const end = zone.startOfDay(next);
    if (end > at) return { date, end };
    date = next;
  }
}

/** The index of the last day that starts at or before the instant; 0 if there is none. */
function indexAt(days: readonly { readonly from: number }[], instant: number): number {
  let [low, high] = [0, days.length];
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if ((days[middle]?.from ?? Number.POSITIVE_INFINITY) <= instant) low = middle;
    else high = middle;
  }
  return low;
}
