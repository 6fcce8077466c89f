// What follows from an event and the present moment: phase, completion, overdue. Pure rules, one
// place.
import type { EventKind, ScheduleEvent } from './event.ts';

export type EventPhase = 'UPCOMING' | 'OPEN' | 'CLOSED';
export type Completion = 'NOT_REQUIRED' | 'PENDING' | 'COMPLETED' | 'LATE' | 'MISSED' | 'EXCUSED';
export type EventTiming = 'INTERVAL' | 'DEADLINE' | 'ALL_DAY';
export type BusyStatus = 'BUSY' | 'FREE';

/** What counts of each kind: a lecture and a check take place, an assignment falls due. */
export const TIMING: Readonly<Record<EventKind, EventTiming>> = {
  LECTURE: 'INTERVAL',
  ATTENDANCE: 'INTERVAL',
  ASSIGNMENT: 'DEADLINE',
};

/**
 * Whether an event of the kind takes the user's time. A check happens inside its lecture, work is
 * done whenever.
 */
export const BUSY: Readonly<Record<EventKind, BusyStatus>> = {
  LECTURE: 'BUSY',
  ATTENDANCE: 'FREE',
  ASSIGNMENT: 'FREE',
};

/** UPCOMING before startsAt, OPEN until endsAt, then CLOSED. */
export function phaseOf(event: ScheduleEvent, now: number): EventPhase {
  if (now < event.startsAt) return 'UPCOMING';
  return now < event.endsAt ? 'OPEN' : 'CLOSED';
}

/**
 * What the user did, or can still do, about it. Work can be handed in until the later of due date
 * and last late submission.
 */
export function completionOf(event: ScheduleEvent, now: number): Completion {
  if (event.kind === 'LECTURE') return 'NOT_REQUIRED';
  switch (event.done) {
    case 'NOT_ASKED':
      return 'NOT_REQUIRED';
    case 'DONE':
      return 'COMPLETED';
    case 'LATE':
      return 'LATE';
    case 'EXCUSED':
      return 'EXCUSED';
    case 'ABSENT':
      return 'MISSED';
    default: {
      const last = event.kind === 'ASSIGNMENT' ? Math.max(event.endsAt, event.lateLimit ?? 0) : event.endsAt;
      return now < last ? 'PENDING' : 'MISSED';
    }
  }
}

/** Closed, something was to be done, and it is not done. */
export function isOverdue(event: ScheduleEvent, now: number): boolean {
  if (phaseOf(event, now) !== 'CLOSED') return false;
  const completion = completionOf(event, now);
  return completion === 'PENDING' || completion === 'MISSED';
}
