// Every mutation on the sample data: its preparation, its call, and on whose calendar it shows.
// Course 1 is taught by teacher-1 and attended by student-1, not by student-5.

import type { Query } from './client.ts';
import type { ShownCalendar, ShownEvent } from './documents.ts';

/** One write and what it does to a calendar. */
export interface Write {
  readonly name: string;
  /** Who makes it. */
  readonly writer: string;
  /** Whose calendar it shows on; the writer may read it. */
  readonly reader: string;
  /** The audience it changes: slices of others need not be loaded again. */
  readonly audience: string;
  /** The kind of its events. */
  readonly kind: ShownEvent['kind'];
  /** Makes what the write is about; gives its name. */
  readonly prepare: (query: Query) => Promise<string>;
  readonly document: string;
  readonly variables: (ern: string) => Readonly<Record<string, unknown>>;
  /** What of the calendar the write changes, as text. */
  readonly see: (calendar: ShownCalendar, ern: string) => string;
  /** That text afterwards. */
  readonly shows: string;
}

export const COURSE = 'ern:lms:course/1';
/** Rounded to the minute: instants come back without fractions. */
const NOW = Math.floor(Date.now() / 60_000) * 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (ms: number): string => new Date(NOW + ms).toISOString();

/** 100 days around now: everything these writes touch. */
export const WINDOW = { from: at(-50 * DAY_MS), to: at(50 * DAY_MS) };
/** A moment two months away from now, and out of the way of the sample data's current month. */
export const FAR = { startsAt: at(45 * DAY_MS), endsAt: at(45 * DAY_MS + HOUR_MS) };

const dates = { startsAt: at(-HOUR_MS), endsAt: at(HOUR_MS) };
const input = (title: string) => ({ course: COURSE, title, ...dates });
const eventOf = ({ events }: ShownCalendar, ern: string) => events.find((event) => event.ern === ern);
const instant = (text: string | undefined) => (text === undefined ? 'absent' : new Date(text).toISOString());
const isThere = (calendar: ShownCalendar, ern: string) => (eventOf(calendar, ern) === undefined ? 'absent' : 'there');
const titles = ({ events }: ShownCalendar) => (events.some(({ title }) => title === 'new') ? 'there' : 'absent');
const ofCourse = ({ events }: ShownCalendar) =>
  events.some(({ course }) => course.ern === COURSE) ? 'there' : 'absent';

const NEW_LECTURE = 'mutation ($input: CreateLectureInput!) { made: createLecture(input: $input) { ern } }';
const NEW_CHECK = 'mutation ($input: OpenAttendanceCheckInput!) { made: openAttendanceCheck(input: $input) { ern } }';
const NEW_ASSIGNMENT = 'mutation ($input: CreateAssignmentInput!) { made: createAssignment(input: $input) { ern } }';
const ENROLL = 'mutation ($course: ERN!, $user: ID!) { enroll(course: $course, user: $user) { enrolled } }';

const make = (document: string) => async (query: Query) => {
  const { body, text } = await query<{ made: { ern: string } }>('teacher-1', document, { input: input('old') });
  if (body.errors !== undefined) throw new Error(text);
  return body.data.made.ern;
};
const nothing = async () => '';
const own = (user: string) => `ern:lms:user/${user}`;
const teacher = { writer: 'teacher-1', reader: 'teacher-1', audience: COURSE };
const toStudent = { writer: 'teacher-1', reader: 'student-1', audience: own('student-1') };
const student = { writer: 'student-1', reader: 'student-1', audience: own('student-1') };
const lectures = { kind: 'LECTURE', prepare: make(NEW_LECTURE) } as const;
const checks = { kind: 'ATTENDANCE', prepare: make(NEW_CHECK) } as const;
const assignments = { kind: 'ASSIGNMENT', prepare: make(NEW_ASSIGNMENT) } as const;
const created = {
  ...teacher,
  prepare: nothing,
  variables: () => ({ input: input('new') }),
  see: titles,
  shows: 'there',
};

/** The writes, by name. */
export const WRITES: readonly Write[] = [
  { ...created, name: 'creating a lecture', kind: 'LECTURE', document: NEW_LECTURE },
  { ...created, name: 'opening an attendance check', kind: 'ATTENDANCE', document: NEW_CHECK },
  { ...created, name: 'creating an assignment', kind: 'ASSIGNMENT', document: NEW_ASSIGNMENT },
  {
    ...teacher,
    ...lectures,
    name: 'moving a lecture across months',
    document: `mutation ($ern: ERN!, $startsAt: DateTime!, $endsAt: DateTime!) {
      rescheduleLecture(ern: $ern, startsAt: $startsAt, endsAt: $endsAt) { ern } }`,
    variables: (ern) => ({ ern, ...FAR }),
    see: (calendar, ern) => instant(eventOf(calendar, ern)?.startsAt),
    shows: FAR.startsAt,
  },
  {
    ...teacher,
    ...lectures,
    name: 'cancelling a lecture',
    document: 'mutation ($ern: ERN!) { cancelLecture(ern: $ern) }',
    variables: (ern) => ({ ern }),
    see: isThere,
    shows: 'absent',
  },
  {
    ...teacher,
    ...assignments,
    name: 'changing an assignment',
    document: `mutation ($ern: ERN!, $input: UpdateAssignmentInput!) { updateAssignment(ern: $ern, input: $input) { ern } }`,
    variables: (ern) => ({ ern, input: { title: 'changed' } }),
    see: (calendar, ern) => eventOf(calendar, ern)?.title ?? 'absent',
    shows: 'changed',
  },
  {
    ...teacher,
    ...assignments,
    name: 'deleting an assignment',
    document: 'mutation ($ern: ERN!) { deleteAssignment(ern: $ern) }',
    variables: (ern) => ({ ern }),
    see: isThere,
    shows: 'absent',
  },
  {
    ...toStudent,
    ...lectures,
    name: 'hiding a lecture from a student',
    document: `mutation ($ern: ERN!, $user: ID!) { setLectureHidden(ern: $ern, user: $user, hidden: true) { ern } }`,
    variables: (ern) => ({ ern, user: 'student-1' }),
    see: isThere,
    shows: 'absent',
  },
  {
    ...toStudent,
    ...assignments,
    name: 'extending an assignment',
    document: `mutation ($ern: ERN!, $user: ID!, $endsAt: DateTime!) {
      grantExtension(ern: $ern, user: $user, endsAt: $endsAt) { endsAt } }`,
    variables: (ern) => ({ ern, user: 'student-1', endsAt: FAR.endsAt }),
    see: (calendar, ern) => instant(eventOf(calendar, ern)?.endsAt),
    shows: FAR.endsAt,
  },
  {
    ...student,
    ...checks,
    name: 'checking in',
    document: 'mutation ($ern: ERN!) { checkIn(ern: $ern) { outcome } }',
    variables: (ern) => ({ ern }),
    see: (calendar, ern) => eventOf(calendar, ern)?.completion ?? 'absent',
    shows: 'COMPLETED',
  },
  {
    ...student,
    ...assignments,
    name: 'handing in an assignment',
    document: 'mutation ($ern: ERN!) { submitAssignment(ern: $ern) { state } }',
    variables: (ern) => ({ ern }),
    see: (calendar, ern) => eventOf(calendar, ern)?.completion ?? 'absent',
    shows: 'COMPLETED',
  },
  {
    writer: 'admin-1',
    reader: 'student-5',
    audience: own('student-5'),
    kind: 'LECTURE',
    name: 'enrolling a student',
    prepare: nothing,
    document: ENROLL,
    variables: () => ({ course: COURSE, user: 'student-5' }),
    see: ofCourse,
    shows: 'there',
  },
  {
    writer: 'admin-1',
    reader: 'student-1',
    audience: own('student-1'),
    kind: 'LECTURE',
    name: 'withdrawing a student',
    prepare: nothing,
    document: 'mutation ($course: ERN!, $user: ID!) { withdraw(course: $course, user: $user) { enrolled } }',
    variables: () => ({ course: COURSE, user: 'student-1' }),
    see: ofCourse,
    shows: 'absent',
  },
];
