// The answers to the page's operations, as far as the page reads them; see the schema for their
// meaning.

import type { EventKind as Kind } from '../../event-kinds.ts';

export { EVENT_KINDS, type EventKind as Kind } from '../../event-kinds.ts';

export type Completion = 'NOT_REQUIRED' | 'PENDING' | 'COMPLETED' | 'LATE' | 'MISSED' | 'EXCUSED';
export type Completeness = 'COMPLETE' | 'STALE' | 'PARTIAL' | 'UNAVAILABLE';

/** An event as the fragment `Event` asks for it. Instants are RFC 3339 texts. */
export interface ScheduleEvent {
  readonly id: string;
  readonly ern: string;
  readonly kind: Kind;
  readonly title: string;
  readonly course: Course;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timing: 'INTERVAL' | 'DEADLINE' | 'ALL_DAY';
  readonly phase: 'UPCOMING' | 'OPEN' | 'CLOSED';
  readonly completion: Completion;
  readonly isOverdue: boolean;
  readonly location: string | null;
  readonly dateOverride: { readonly startsAt: string; readonly endsAt: string; readonly reason: string | null } | null;
  readonly lateAt?: string | null;
  readonly closesAt?: string | null;
  /** Of a check: the lecture in which it takes place. */
  readonly lecture?: { readonly ern: string } | null;
  /** Of a lecture that is shown with its checks, see `joinChecks`. */
  readonly checks?: readonly ScheduleEvent[];
}

export interface Course {
  readonly ern: string;
  readonly title: string;
  readonly color: string;
}

export interface SourceStatus {
  readonly kind: Kind;
  readonly status: 'FRESH' | 'STALE' | 'UNAVAILABLE';
  readonly fetchedAt: string | null;
  readonly dropped: number;
  readonly truncated: boolean;
  readonly reason: string | null;
}

export interface Conflict {
  readonly kind: 'OVERLAP' | 'DEADLINE_CLUSTER';
  readonly startsAt: string;
  readonly endsAt: string;
  readonly events: readonly { readonly id: string }[];
}

/** The fragment `ToDo`. */
export interface ToDo {
  readonly upcoming: Agenda;
  readonly overdue: Agenda;
}

export interface Agenda {
  readonly nodes: readonly ScheduleEvent[];
  readonly completeness: Completeness;
}

/** The operations `MyPage` and `PageOf`: null for a user the viewer may not see. */
export interface MyPage {
  readonly viewer: (ToDo & { readonly id: string; readonly calendar: CalendarAnswer }) | null;
}

export interface CalendarAnswer {
  readonly timeZone: string;
  readonly completeness: Completeness;
  readonly syncToken: string;
  readonly sources: readonly SourceStatus[];
  readonly conflicts: readonly Conflict[];
  readonly events: readonly ScheduleEvent[];
}

/** The operations `Changes` and `ChangesOf`. */
export interface Changes {
  readonly viewer:
    | (ToDo & {
        readonly calendarChanges: {
          readonly upserted: readonly ScheduleEvent[];
          readonly removed: readonly string[];
          readonly isFullSync: boolean;
          readonly syncToken: string;
          readonly completeness: Completeness;
          readonly sources: readonly SourceStatus[];
        };
        readonly calendar: { readonly conflicts: readonly Conflict[] };
      })
    | null;
}

/**
 * The operations `LectureDetail` and so on: the event and its resource; null when its service does
 * not answer.
 */
export interface EventDetail {
  readonly scheduleEvent:
    | (ScheduleEvent & {
        readonly updatedAt: string;
        readonly url: string;
        readonly lecture?: { readonly lecturer: string | null; readonly description: string | null } | null;
        readonly attendanceCheck?: { readonly method: 'CODE' | 'BEACON' | 'TEACHER' } | null;
        readonly assignment?: {
          readonly points: number;
          readonly description: string | null;
          readonly submissionUrl: string | null;
        } | null;
      })
    | null;
}

/** The operations `Search` and `SearchOf`. */
export interface Search {
  readonly viewer: {
    readonly calendar: { readonly completeness: Completeness; readonly events: readonly ScheduleEvent[] };
  } | null;
}

/** The operation `Observed`. */
export interface Observed {
  readonly observed: readonly { readonly id: string }[];
}

export interface SubscriptionAddress {
  readonly url: string;
  readonly webcalUrl: string;
  readonly rotatedAt: string | null;
}
