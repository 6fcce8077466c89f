// The adapters of the three sources: the names that each service uses, and how its fields are read.
// Data only.
import type { ByKind } from '../../event-kinds.ts';
import { isErn } from '../model/ern.ts';
import type { CompletionState, EventKind } from '../model/event.ts';
import { type ItemAdapter, instant, optional } from './item.ts';

/** The names that a service uses in the source contract. */
export interface SourceAdapter extends ItemAdapter {
  readonly kind: EventKind;
  /** The field of `User` that lists audiences. */
  readonly audiences: string;
  /** The field of `User` that lists those of them that the user teaches. */
  readonly taught: string;
  readonly sliceType: string;
  readonly itemType: string;
  /** Fields of an item in addition to the common ones. */
  readonly itemFields: string;
  /** Whether this service knows teachers and observers. */
  readonly knowsRelations: boolean;
}

const table =
  <T>(values: Readonly<Record<string, T>>) =>
  (value: unknown): T | undefined =>
    typeof value === 'string' && Object.hasOwn(values, value) ? values[value] : undefined;

const outcome = table<CompletionState>({
  PRESENT: 'DONE',
  LATE: 'LATE',
  ABSENT: 'ABSENT',
  EXCUSED: 'EXCUSED',
  NOT_REQUIRED: 'NOT_ASKED',
});
const submission = table<CompletionState>({
  NONE: 'NONE',
  SUBMITTED: 'DONE',
  LATE: 'LATE',
  EXCUSED: 'EXCUSED',
  NOT_REQUIRED: 'NOT_ASKED',
});

/** Lectures. This service also knows teachers and observers. */
export const LECTURE: SourceAdapter = {
  kind: 'LECTURE',
  audiences: 'lectureAudiences',
  taught: 'lectureTaught',
  sliceType: 'LectureSlice',
  itemType: 'LectureItem',
  itemFields: '',
  knowsRelations: true,
  lateLimit: () => null,
  lecture: () => null,
  done: () => null,
};

/** Attendance checks. */
export const ATTENDANCE: SourceAdapter = {
  kind: 'ATTENDANCE',
  audiences: 'attendanceAudiences',
  taught: 'attendanceTaught',
  sliceType: 'AttendanceSlice',
  itemType: 'AttendanceItem',
  itemFields: 'lateAt lecture outcome',
  knowsRelations: false,
  lateLimit: (raw) => optional(raw.lateAt, instant),
  lecture: (raw) => optional(raw.lecture, (value) => (isErn(value) ? value : undefined)),
  done: (raw) => optional(raw.outcome, outcome),
};

/** Assignments. */
export const ASSIGNMENT: SourceAdapter = {
  kind: 'ASSIGNMENT',
  audiences: 'assignmentAudiences',
  taught: 'assignmentTaught',
  sliceType: 'AssignmentSlice',
  itemType: 'AssignmentItem',
  itemFields: 'closesAt submission',
  knowsRelations: false,
  lateLimit: (raw) => optional(raw.closesAt, instant),
  lecture: () => null,
  done: (raw) => optional(raw.submission, submission),
};

/** The adapter of each kind. */
export const SOURCE_ADAPTERS: ByKind<SourceAdapter> = { LECTURE, ATTENDANCE, ASSIGNMENT };
