// What the viewer can do about an event, as far as the page knows: students while the services
// accept it, staff where they teach. Pure. The server checks every right and time again.
import type { EventDetail, ScheduleEvent } from './graph-types.ts';

/** The details of an event. */
export type Detail = NonNullable<EventDetail['scheduleEvent']>;

/** The action of an event. */
export type EventAction = 'CHECK_IN' | 'HAND_IN';

/**
 * What the owner of the calendar can do now; null for nothing, and for what is done or taught.
 * `now`: the server's clock, in milliseconds.
 */
export function actionOf(event: ScheduleEvent, detail: Detail, now: number): EventAction | null {
  if (event.completion !== 'PENDING' && event.completion !== 'MISSED') return null;
  if (Date.parse(event.startsAt) > now) return null;
  if (event.kind === 'ATTENDANCE') {
    const isByStudent = (detail.attendanceCheck?.method ?? 'TEACHER') !== 'TEACHER';
    return isByStudent && now < Date.parse(event.endsAt) ? 'CHECK_IN' : null;
  }
  return event.kind === 'ASSIGNMENT' && now <= Date.parse(event.closesAt ?? event.endsAt) ? 'HAND_IN' : null;
}

/** Whose calendar is shown to whom. */
export interface Staff {
  readonly roles: readonly string[];
  /** Owner of the calendar; null: the signed-in user. */
  readonly user: string | null;
}

/**
 * Whether the viewer may be staff of the event's course: of what is on one's own calendar without
 * anything to do, and of what staff see on a student's.
 */
export function isTaught({ completion }: ScheduleEvent, { roles, user }: Staff): boolean {
  if (!roles.includes('teacher') && !roles.includes('admin')) return false;
  return user !== null || completion === 'NOT_REQUIRED';
}
