// The data of the request path: an Item as a source sent it (checked), a ScheduleEvent as a user
// sees it. Instants are milliseconds since 1970-01-01T00:00:00Z. All values are immutable.

import type { EventKind } from '../../event-kinds.ts';

export { EVENT_KINDS, type EventKind } from '../../event-kinds.ts';

/** The course of an item, as far as events show it. */
export interface Course {
  readonly ern: string;
  readonly title: string;
  readonly color: string;
}

/**
 * What a user did about an item: an attendance outcome or a submission state, in one vocabulary.
 * NOT_ASKED: nothing is required of this user.
 */
export type CompletionState = 'NONE' | 'DONE' | 'LATE' | 'ABSENT' | 'EXCUSED' | 'NOT_ASKED';

/** The course's dates of an item that an override moved. */
export interface OriginalDates {
  readonly startsAt: number;
  readonly endsAt: number;
}

/**
 * One row of a slice. In a course's audience title, course and both dates are set; in a user's own
 * audience every value that is not null replaces that of the course's item with the same ERN.
 */
export interface Item {
  readonly ern: string;
  readonly audience: string;
  readonly title: string | null;
  readonly course: Course | null;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly location: string | null;
  readonly updatedAt: number;
  readonly hidden: boolean;
  /**
   * The late limit. ATTENDANCE: from here a check-in is late. ASSIGNMENT: last instant of a late
   * submission. LECTURE: null.
   */
  readonly lateLimit: number | null;
  /** ATTENDANCE: the lecture in which the check takes place. Of other kinds null. */
  readonly lecture: string | null;
  readonly done: CompletionState | null;
  readonly original: OriginalDates | null;
  readonly overrideReason: string | null;
}

/**
 * An item as one user has it: complete, with overrides applied, without fields that depend on now.
 */
export interface ScheduleEvent {
  /** Unique per user and resource. */
  readonly id: string;
  readonly ern: string;
  /** The audience that it was read from: of a course or section, or the user's own. */
  readonly audience: string;
  readonly kind: EventKind;
  readonly title: string;
  readonly course: Course;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly location: string | null;
  readonly updatedAt: number;
  /** See {@link Item.lateLimit}. */
  readonly lateLimit: number | null;
  /** See {@link Item.lecture}. */
  readonly lecture: string | null;
  readonly done: CompletionState | null;
  readonly dateOverride: (OriginalDates & { readonly reason: string | null }) | null;
}

/**
 * Whether [startsAt, endsAt) overlaps the half-open window [from, to). An event without length does
 * if from <= startsAt < to.
 */
export function overlaps(startsAt: number, endsAt: number, from: number, to: number): boolean {
  return startsAt < to && (endsAt > from || (endsAt === startsAt && startsAt >= from));
}
