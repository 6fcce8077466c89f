// urql's graphcache over the calendar: `cacheExchange({ keys: KEYS })`. Events and users have an
// `id`.

const embedded = () => null;

/**
 * How what has no `id` is known: by `ern` where there is one; the others are parts of what they are
 * in.
 */
export const KEYS: Readonly<Record<string, (data: Readonly<Record<string, unknown>>) => string | null>> = {
  Assignment: byErn,
  AttendanceCheck: byErn,
  Course: byErn,
  Lecture: byErn,
  AttendanceRecord: embedded,
  BusyInterval: embedded,
  Calendar: embedded,
  CalendarChanges: embedded,
  CalendarDay: embedded,
  CalendarFeed: embedded,
  CalendarSubscription: embedded,
  CalendarSummary: embedded,
  Conflict: embedded,
  DateOverride: embedded,
  DaySegment: embedded,
  Enrollment: embedded,
  Extension: embedded,
  FreeBusy: embedded,
  KindCount: embedded,
  Observation: embedded,
  PageInfo: embedded,
  ScheduleEventConnection: embedded,
  ScheduleEventEdge: embedded,
  SourceStatus: embedded,
  Submission: embedded,
  Teaching: embedded,
};

function byErn({ ern }: Readonly<Record<string, unknown>>): string {
  return String(ern);
}
