// What the page knows and how an answer changes it. Pure: texts in, a new state out; nothing is
// drawn or fetched here.
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
import { addDays, instantOf, monthGrid } from './zone.ts';

/** A window of the calendar as the page has it. */
export interface Loaded {
  readonly userId: string;
  /** RFC 3339; what was asked for. */
  readonly window: Window;
  readonly timeZone: string;
  /** The server's clock less ours, in milliseconds. */
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

/** What is left out: kinds and courses switched off. */
export interface Filters {
  readonly kinds: ReadonlySet<Kind>;
  readonly courses: ReadonlySet<string>;
}

/**
 * A whole answer as the new state. `now`: our clock, in milliseconds. Null when nobody is signed
 * in.
 */
export function fromMyPage({ viewer }: MyPage, window: Window, now: number): Loaded | null {
  if (viewer === null) return null;
  const { id: userId, calendar, upcoming, overdue } = viewer;
  return { userId, window, ...drawn(calendar, now), toDo: { upcoming, overdue } };
}

function drawn(calendar: CalendarAnswer, now: number) {
  const { timeZone, completeness, syncToken, sources, conflicts, events } = calendar;
  return { timeZone, clockOffset: Date.parse(calendar.now) - now, completeness, syncToken, sources, conflicts, events };
}

/**
 * The state with what changed since: replaced by id, removed by id, in the order of the calendar.
 */
export function withChanges(loaded: Loaded, { viewer }: Changes, now: number): Loaded {
  if (viewer === null) return loaded;
  const { calendarChanges: changes, calendar, upcoming, overdue } = viewer;
  const events = new Map(changes.isFullSync ? [] : loaded.events.map((event) => [event.id, event]));
  for (const id of changes.removed) events.delete(id);
  for (const event of changes.upserted) events.set(event.id, event);
  return {
    ...loaded,
    clockOffset: Date.parse(calendar.now) - now,
    completeness: changes.completeness,
    syncToken: changes.syncToken,
    sources: changes.sources,
    conflicts: calendar.conflicts,
    events: [...events.values()].sort(inOrder),
    toDo: { upcoming, overdue },
  };
}

/**
 * By when they start; RFC 3339 texts of one zone offset sort as they are, others by their instants.
 */
function inOrder(a: ScheduleEvent, b: ScheduleEvent): number {
  return Date.parse(a.startsAt) - Date.parse(b.startsAt) || (a.id < b.id ? -1 : 1);
}

/** What is shown of the events. */
export function filtered(events: readonly ScheduleEvent[], { kinds, courses }: Filters): readonly ScheduleEvent[] {
  return events.filter((event) => !kinds.has(event.kind) && !courses.has(event.course.ern));
}

/** The moment at which an event is shown: its end if it is a deadline, else its start. */
export function momentOf(event: ScheduleEvent): string {
  return event.timing === 'DEADLINE' ? event.endsAt : event.startsAt;
}

/**
 * A window, in UTC, that shows the month of today wherever the home zone is: the zone is known from
 * the first answer only, and the first month is to cost one request. `now` in milliseconds.
 */
export function firstWindow(now: number): Window {
  const earliest = new Date(now - 12 * 3_600_000).toISOString().slice(0, 10);
  const latest = new Date(now + 14 * 3_600_000).toISOString().slice(0, 10);
  return {
    from: `${addDays(monthGrid(earliest).from, -1)}T00:00:00Z`,
    to: `${addDays(monthGrid(latest).to, 1)}T00:00:00Z`,
  };
}

/**
 * The window that shows a day's month in whole weeks: enough for each view of that day, in that
 * zone.
 */
export function windowOf(day: string, zone: string): Window {
  const { from, to } = monthGrid(day);
  const instant = (date: string) => new Date(instantOf(`${date}T00:00:00`, zone)).toISOString();
  return { from: instant(from), to: instant(to) };
}

/** Whether all of `inner` is in `outer`. */
export function covers(outer: Window, inner: Window): boolean {
  return Date.parse(outer.from) <= Date.parse(inner.from) && Date.parse(outer.to) >= Date.parse(inner.to);
}

/** The courses of the events, each once, by title. */
export function coursesOf(events: readonly ScheduleEvent[]): readonly Course[] {
  const courses = new Map(events.map(({ course }) => [course.ern, course]));
  return [...courses.values()].sort((a, b) => a.title.localeCompare(b.title));
}
