// Who may see and do what, as data: the table of rights of schema/README.md, which is written from
// it. The calendar and every service ask it. Roles and scopes are in a verified token;
// relationships (who teaches, attends and observes) are in the services.
import type { Principal } from './principal.ts';

/** The scope that an administrator needs besides the role, to read and to write. */
export const READ_ANY = 'calendar:read-any';

/** The scope with which answers say of which copies they are made. It gives no other right. */
export const DEBUG = 'calendar:debug';

/**
 * What somebody is to the user, or to the course, that is asked about. `staff`: with the role and a
 * row of the course or section.
 */
export type Relation = 'self' | 'observer' | 'staff' | 'administrator' | 'everybody';

/** The relations, in the order of the table. */
const RELATIONS: readonly Relation[] = ['self', 'observer', 'staff', 'administrator', 'everybody'];

/** What each relation is entitled to. A refusal is `no`, `null` or `FORBIDDEN`. */
type Entitlements = readonly [self: string, observer: string, staff: string, administrator: string, everybody: string];

const BUSY = 'yes (`FREE_BUSY_FOR`)';
const FOR_STAFF: Entitlements = ['no', 'no', 'yes', 'yes', 'FORBIDDEN'];
const FOR_STUDENTS: Entitlements = ['students of the course', 'no', 'no', 'no', 'FORBIDDEN'];
const OWN_ADDRESS: Entitlements = ['yes', 'no', 'no', 'no', 'no'];
const EVENTS: Entitlements = ['all', 'all', 'events of that course or section', 'all', 'FORBIDDEN'];
const BY_NAME: Entitlements = ['members of the course', 'null', 'yes', 'yes', 'null'];

/** The entitlements by field or mutation. */
export const RIGHTS = {
  calendar: EVENTS,
  upcoming: EVENTS,
  overdue: EVENTS,
  calendarChanges: EVENTS,
  scheduleEvent: EVENTS,
  '/live': EVENTS,
  'dateOverride.reason': ['yes', 'no', '`STAFF_SEES_REASONS`', 'yes', 'no'],
  freeBusy: ['yes', BUSY, BUSY, 'yes', 'members of a common course (`FREE_BUSY_FOR`)'],
  courses: ['yes', 'yes', 'no', 'no', 'FORBIDDEN'],
  calendarSubscription: OWN_ADDRESS,
  rotateCalendarSubscription: OWN_ADDRESS,
  endCalendarSubscription: ['yes', 'no', 'no', 'yes', 'FORBIDDEN'],
  lecture: BY_NAME,
  assignment: BY_NAME,
  attendanceCheck: BY_NAME,
  /** Its teacher and the number of its students. */
  Course: BY_NAME,
  submitAssignment: FOR_STUDENTS,
  checkIn: FOR_STUDENTS,
  createLecture: FOR_STAFF,
  rescheduleLecture: FOR_STAFF,
  cancelLecture: FOR_STAFF,
  setLectureHidden: FOR_STAFF,
  openAttendanceCheck: FOR_STAFF,
  rescheduleAttendanceCheck: FOR_STAFF,
  createAssignment: FOR_STAFF,
  updateAssignment: FOR_STAFF,
  deleteAssignment: FOR_STAFF,
  grantExtension: FOR_STAFF,
  enroll: FOR_STAFF,
  withdraw: FOR_STAFF,
  assignTeacher: FOR_STAFF,
  removeTeacher: FOR_STAFF,
  setObserver: ['no', 'no', 'no', 'yes', 'FORBIDDEN'],
} satisfies Readonly<Record<string, Entitlements>>;

/** A field or mutation of the table. */
export type Right = keyof typeof RIGHTS;

const REFUSALS = new Set(['no', 'null', 'FORBIDDEN']);

/** Whether the relation is entitled to it, or to a part of it. */
export function allows(right: Right, relation: Relation): boolean {
  return !REFUSALS.has(RIGHTS[right][RELATIONS.indexOf(relation)] ?? 'no');
}

/** Whether the user is an administrator: the role and the scope, neither alone. */
export function isAdministrator({ roles, scopes }: Principal): boolean {
  return roles.includes('admin') && scopes.includes(READ_ANY);
}

/** Whether an administrator is entitled to it, and the user is one. */
export function mayAdministrate(user: Principal, right: Right): boolean {
  return allows(right, 'administrator') && isAdministrator(user);
}

/** Whether the user may act as an observer of the users whom the lecture service names. */
export function mayObserve({ roles }: Principal): boolean {
  return roles.includes('observer');
}

/** Whether the user may act as staff of the courses that a service has as taught by this user. */
export function mayTeach({ roles }: Principal): boolean {
  return roles.includes('teacher');
}
