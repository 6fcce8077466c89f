// What travels through the request path: an Item as a source gave it (checked), a ScheduleEvent as
// a user sees it. All instants are milliseconds since 1970-01-01T00:00:00Z. Nothing here is ever
// mutated once made.

import type { EventKind } from '../../event-kinds.ts';

export { EVENT_KINDS, type EventKind } from '../../event-kinds.ts';

/** What is drawn of a course; it travels with every item. */
export interface Course {
  readonly ern: string;
  readonly title: string;
  readonly color: string;
}

/**
 * What a user did about an item: an attendance outcome or a submission state, in one vocabulary.
 * NOT_ASKED: it is for others to do.
 */
export type CompletionState = 'NONE' | 'DONE' | 'LATE' | 'ABSENT' | 'EXCUSED' | 'NOT_ASKED';

/** The course's own dates of an item whose override gives others. */
export interface OriginalDates {
  readonly startsAt: number;
  readonly endsAt: number;
}

/**
 * One row of a slice. In a course's audience title, course and both dates are there;
 * in a user's own audience whatever is not null replaces the course's item of the same ern.
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
   * The late limit. ATTENDANCE: from here a check-in is late. ASSIGNMENT: the last late submission.
   * LECTURE: null.
   */
  readonly lateLimit: number | null;
  readonly done: CompletionState | null;
  readonly original: OriginalDates | null;
  readonly overrideReason: string | null;
}

/**
 * An item as one user has it: complete, overrides applied. Without anything that depends on now.
 */
export interface ScheduleEvent {
  /** Unique per user and resource. */
  readonly id: string;
  readonly ern: string;
  readonly kind: EventKind;
  readonly title: string;
  readonly course: Course;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly location: string | null;
  readonly updatedAt: number;
  /** See {@link Item.lateLimit}. */
  readonly lateLimit: number | null;
  readonly done: CompletionState | null;
  readonly dateOverride: (OriginalDates & { readonly reason: string | null }) | null;
}

/**
 * Whether [startsAt, endsAt) meets the half-open window [from, to);
 * an event of no length does when it lies in the window: from <= startsAt < to.
 */
export function overlaps(startsAt: number, endsAt: number, from: number, to: number): boolean {
  return startsAt < to && (endsAt > from || (endsAt === startsAt && startsAt >= from));
}
