// The fields of an event that depend on now: phase, completion, overdue. Pure.
import type { EventKind, ScheduleEvent } from './event.ts';

export type EventPhase = 'UPCOMING' | 'OPEN' | 'CLOSED';
export type Completion = 'NOT_REQUIRED' | 'PENDING' | 'COMPLETED' | 'LATE' | 'MISSED' | 'EXCUSED';
export type EventTiming = 'INTERVAL' | 'DEADLINE' | 'ALL_DAY';
export type BusyStatus = 'BUSY' | 'FREE';

/** The timing of each kind: lectures and checks take place, assignments fall due. */
export const TIMING: Readonly<Record<EventKind, EventTiming>> = {
  LECTURE: 'INTERVAL',
  ATTENDANCE: 'INTERVAL',
  ASSIGNMENT: 'DEADLINE',
};

/**
 * Whether events of this kind take the user's time. A check is part of its lecture; an assignment
 * can be done at any time.
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
 * What the user did about it or can still do. Work can be handed in until the due date or the late
 * limit, whichever is later.
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

/** Whether it is closed, requires something of the user, and is not done. */
export function isOverdue(event: ScheduleEvent, now: number): boolean {
  if (phaseOf(event, now) !== 'CLOSED') return false;
  const completion = completionOf(event, now);
  return completion === 'PENDING' || completion === 'MISSED';
}
