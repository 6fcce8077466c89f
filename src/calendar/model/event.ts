// The data of the request path: an Item as a source sent it (checked), a ScheduleEvent as a user
// sees it. Instants are milliseconds since 1970-01-01T00:00:00Z. All values are immutable.

import type { CompletionState, EventKind } from '../../event-kinds.ts';

export { type CompletionState, EVENT_KINDS, type EventKind } from '../../event-kinds.ts';

/** The course of an item, as far as events show it. */
export interface Course {
  readonly ern: string;
  readonly title: string;
  readonly color: string;
}

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
  /** The late limit, whose meaning is in the registry of kinds. */
  readonly lateLimit: number | null;
  /** The lecture in which it takes place, for kinds that know it. */
  readonly lecture: string | null;
  readonly done: CompletionState | null;
  /** Whether it takes whole days. */
  readonly allDay: boolean | null;
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
  /** Whether it takes whole days. */
  readonly allDay: boolean;
  readonly dateOverride: (OriginalDates & { readonly reason: string | null }) | null;
}

/**
 * Whether [startsAt, endsAt) overlaps the half-open window [from, to). An event without length does
 * if from <= startsAt < to.
 */
export function overlaps(startsAt: number, endsAt: number, from: number, to: number): boolean {
  return startsAt < to && (endsAt > from || (endsAt === startsAt && startsAt >= from));
}
