// The loaded data of the page, and how answers change it. Pure.
import type {
  CalendarAnswer,
  Changes,
  Completeness,
  Conflict,
  Course,
  Kind,
  MyPage,
  ScheduleEvent,
  SourceStatus,
  ToDo,
} from './graph-types.ts';
import { addDays, dayOf, instantOf, localOf, monthGrid, weekOf } from './zone.ts';

/** A loaded window of the calendar. */
export interface Loaded {
  readonly userId: string;
  /** The requested window, in RFC 3339. */
  readonly window: Window;
  readonly timeZone: string;
  /** The server's clock minus the browser's, in milliseconds. */
  readonly clockOffset: number;
  readonly completeness: Completeness;
  readonly syncToken: string;
  readonly sources: readonly SourceStatus[];
  readonly conflicts: readonly Conflict[];
  readonly events: readonly ScheduleEvent[];
  readonly toDo: ToDo;
}

export interface Window {
  readonly from: string;
  readonly to: string;
}

/** The kinds and courses that are switched off. */
export interface Filters {
  readonly kinds: ReadonlySet<Kind>;
  readonly courses: ReadonlySet<string>;
}

/**
 * The loaded data of an answer. `clockOffset`: what the server's clock is ahead of the browser's,
 * in milliseconds. Null when the viewer is null.
 */
export function fromMyPage({ viewer }: MyPage, window: Window, clockOffset: number): Loaded | null {
  if (viewer === null) return null;
  const { id: userId, calendar, upcoming, overdue } = viewer;
  return { userId, window, ...drawn(calendar), clockOffset, toDo: { upcoming, overdue } };
}

function drawn(calendar: CalendarAnswer) {
  const { timeZone, completeness, syncToken, sources, conflicts, events } = calendar;
  return { timeZone, completeness, syncToken, sources, conflicts, events };
}

/** The data after changes: replaced by id, removed by id, in the order of the calendar. */
export function withChanges(loaded: Loaded, { viewer }: Changes, clockOffset: number): Loaded {
  if (viewer === null) return loaded;
  const { calendarChanges: changes, calendar, upcoming, overdue } = viewer;
  const events = new Map(changes.isFullSync ? [] : loaded.events.map((event) => [event.id, event]));
  for (const id of changes.removed) events.delete(id);
  for (const event of changes.upserted) events.set(event.id, event);
  return {
    ...loaded,
    clockOffset,
    completeness: changes.completeness,
    syncToken: changes.syncToken,
    sources: changes.sources,
    conflicts: calendar.conflicts,
    events: [...events.values()].sort(inOrder),
    toDo: { upcoming, overdue },
  };
}

/** Orders by start; texts with different offsets are compared as instants. */
function inOrder(a: ScheduleEvent, b: ScheduleEvent): number {
  return Date.parse(a.startsAt) - Date.parse(b.startsAt) || (a.id < b.id ? -1 : 1);
}

/** The events that the filters leave. */
export function filtered(events: readonly ScheduleEvent[], { kinds, courses }: Filters): readonly ScheduleEvent[] {
  return events.filter((event) => !kinds.has(event.kind) && !courses.has(event.course.ern));
}

/**
 * The local day on which an event is shown, YYYY-MM-DD. A deadline at midnight belongs to the day
 * that ends there.
 */
export function dayShown(event: ScheduleEvent, zone: string): string {
  return dayOf(event.timing === 'DEADLINE' ? Date.parse(event.endsAt) - 1 : event.startsAt, zone);
}

/** The instant at which an event is shown: the end of a deadline, else the start. */
export function momentOf(event: ScheduleEvent): string {
  return event.timing === 'DEADLINE' ? event.endsAt : event.startsAt;
}

/** The last instant (milliseconds) at which an event takes place: its end is not part of it. */
export function lastMomentOf({ startsAt, endsAt }: ScheduleEvent): number {
  return Math.max(Date.parse(startsAt), Date.parse(endsAt) - 1);
}

/** The last local day of an event; what ends at midnight belongs to the day that ends there. */
export function lastDayOf(event: ScheduleEvent, zone: string): string {
  return dayOf(lastMomentOf(event), zone);
}

/** The local day on which a list shows an event: today while it lasts over several days. */
export function dayListed(event: ScheduleEvent, today: string, zone: string): string {
  const day = dayShown(event, zone);
  return event.timing !== 'DEADLINE' && day < today && lastDayOf(event, zone) >= today ? today : day;
}

/** The hours of a day that a week shows, 0 to 24. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/** Shown also when nothing takes place. */
const WORKING_HOURS: Hours = { from: 8, to: 22 };

/** The hours that the events of the week of this day need: all of the day for one over midnight. */
export function hoursOf(events: readonly ScheduleEvent[], day: string, zone: string): Hours {
  const [first, last] = [weekOf(day), addDays(weekOf(day), 6)];
  const needed = events
    .filter((event) => event.timing === 'INTERVAL')
    .map((event) => ({ from: dayShown(event, zone), to: lastDayOf(event, zone), event }))
    .filter(({ from, to }) => from <= last && to >= first)
    .map(({ from, to, event }): Hours => {
      if (from !== to) return { from: 0, to: 24 };
      return { from: hourOf(event.startsAt, zone), to: hourOf(lastMomentOf(event), zone) + 1 };
    });
  return {
    from: Math.min(WORKING_HOURS.from, ...needed.map(({ from }) => from)),
    to: Math.max(WORKING_HOURS.to, ...needed.map(({ to }) => to)),
  };
}

function hourOf(instant: number | string, zone: string): number {
  return Number(localOf(instant, zone).slice(11, 13));
}

/**
 * A window in UTC that contains the month of a day, or the current month, in every time zone: the
 * zone is known only after the first answer, and the first month should cost one request. `now` in
 * milliseconds.
 */
export function firstWindow(now: number, day: string | null = null): Window {
  const earliest = day ?? new Date(now - 12 * 3_600_000).toISOString().slice(0, 10);
  const latest = day ?? new Date(now + 14 * 3_600_000).toISOString().slice(0, 10);
  return {
    from: `${addDays(monthGrid(earliest).from, -1)}T00:00:00Z`,
    to: `${addDays(monthGrid(latest).to, 1)}T00:00:00Z`,
  };
}

/** The window of a day's month in whole weeks: enough for each view of that day, in that zone. */
export function windowOf(day: string, zone: string): Window {
  const { from, to } = monthGrid(day);
  const instant = (date: string) => new Date(instantOf(`${date}T00:00:00`, zone)).toISOString();
  return { from: instant(from), to: instant(to) };
}

/** Whether `outer` contains `inner`. */
export function covers(outer: Window, inner: Window): boolean {
  return Date.parse(outer.from) <= Date.parse(inner.from) && Date.parse(outer.to) >= Date.parse(inner.to);
}

/** The courses of the events, without duplicates, by title. */
export function coursesOf(events: readonly ScheduleEvent[]): readonly Course[] {
  const courses = new Map(events.map(({ course }) => [course.ern, course]));
  return [...courses.values()].sort((a, b) => a.title.localeCompare(b.title));
}
