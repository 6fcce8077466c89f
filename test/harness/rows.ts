// The rows of the mocked services: plain data that a test may change as a write would. Texts name
// their owner (titles of course 7 contain "course 7", own items of student-3 "student-3"), so that
// a leak shows.
import type { EventKind } from '../../src/calendar/model/event.ts';

/**
 * One item as one audience has it, in the words of the schema; kinds leave the fields of the others
 * alone.
 */
export interface ItemRow {
  readonly kind: EventKind;
  ern: string;
  audience: string;
  title: string | null;
  startsAt: string | null;
  endsAt: string | null;
  course: { readonly ern: string; readonly title: string; readonly color: string } | null;
  room: string | null;
  updatedAt: string;
  hidden: boolean;
  lateAt?: string | null;
  lecture?: string | null;
  outcome?: 'PRESENT' | 'LATE' | 'ABSENT' | 'EXCUSED' | null;
  closesAt?: string | null;
  submission?: 'NONE' | 'SUBMITTED' | 'LATE' | 'EXCUSED' | null;
  originalStartsAt?: string | null;
  originalEndsAt?: string | null;
  overrideReason?: string | null;
}

/** Everything the three services know. Users by id, courses by number. */
export interface Rows {
  /** Courses each user attends; other audiences, such as sections, by name. */
  readonly enrollments: Record<string, readonly (number | string)[]>;
  /** Courses each user teaches; other audiences by name. */
  readonly teaches: Record<string, readonly (number | string)[]>;
  /** Users each user observes. */
  readonly observes: Record<string, readonly string[]>;
  /** Of courses and of users' own audiences. */
  readonly items: ItemRow[];
}

/** How an item of a course is written down. */
export interface CourseItem extends Partial<Omit<ItemRow, 'kind' | 'course'>> {
  readonly course: number;
  /** When it starts: anything Date understands, offset included. */
  readonly at: string;
  /** Minutes. */
  readonly lasts?: number;
}

/** The name of a course; what has a name already keeps it. */
export const courseErn = (course: number | string): string =>
  typeof course === 'string' ? course : `ern:lms:course/${course}`;

/** The audience that is one user alone. */
export const ownErn = (user: string): string => `ern:lms:user/${user}`;

/** Rows with what is not given left empty. */
export function rows(given: Partial<Rows> = {}): Rows {
  return { enrollments: {}, teaches: {}, observes: {}, items: [], ...given };
}

/** A lecture of a course; 90 minutes unless said. Its name follows from its start. */
export const lecture = (given: CourseItem): ItemRow => courseItem('LECTURE', 'lecture', 90, given);

/** An attendance check of a course; 10 minutes unless said. */
export const check = (given: CourseItem): ItemRow => courseItem('ATTENDANCE', 'check', 10, given);

/** An assignment of a course: opens at `at`, due a week later unless said. */
export const assignment = (given: CourseItem): ItemRow => courseItem('ASSIGNMENT', 'assignment', 7 * 24 * 60, given);

/** What one user has otherwise than the course: only the fields given, the rest null. */
export function own(user: string, of: ItemRow, given: Partial<ItemRow>): ItemRow {
  const nothing = { title: null, startsAt: null, endsAt: null, course: null, room: null };
  return {
    ...nothing,
    kind: of.kind,
    ern: of.ern,
    audience: ownErn(user),
    updatedAt: of.updatedAt,
    hidden: false,
    ...given,
  };
}

/** Other dates for one user: the date that differs and the course's own, as the contract has it. */
export function moved(user: string, of: ItemRow, to: { startsAt?: string; endsAt?: string; reason?: string }): ItemRow {
  return own(user, of, {
    startsAt: to.startsAt === undefined ? null : instant(to.startsAt),
    endsAt: to.endsAt === undefined ? null : instant(to.endsAt),
    originalStartsAt: of.startsAt,
    originalEndsAt: of.endsAt,
    overrideReason: to.reason ?? null,
  });
}

/** Something on one user's calendar that no course has. */
export function personal(user: string, of: ItemRow): ItemRow {
  return { ...of, ern: of.ern.replace(/course\/\d+/, `user/${user}`), audience: ownErn(user), title: `own of ${user}` };
}

/** The same instant in the one form rows have. */
export function instant(text: string): string {
  return new Date(text).toISOString();
}

function courseItem(kind: EventKind, type: string, minutes: number, given: CourseItem): ItemRow {
  const { course, at, lasts = minutes, ...rest } = given;
  const start = new Date(at);
  const name = start.toISOString().replace(/\D/g, '').slice(0, 12);
  return {
    kind,
    ern: `${courseErn(course)}/${type}/${name}`,
    audience: courseErn(course),
    title: `course ${course} ${type} ${name}`,
    startsAt: start.toISOString(),
    endsAt: new Date(start.getTime() + lasts * 60_000).toISOString(),
    course: { ern: courseErn(course), title: `course ${course}`, color: '#336699' },
    room: null,
    updatedAt: '2026-01-01T00:00:00Z',
    hidden: false,
    ...rest,
  };
}
