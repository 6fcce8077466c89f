// The fields of an event that depend on now: phase, completion, overdue. Pure.
import { KINDS } from '../../event-kinds.ts';
import type { ScheduleEvent } from './event.ts';

export type EventPhase = 'UPCOMING' | 'OPEN' | 'CLOSED';
export type Completion = 'NOT_REQUIRED' | 'PENDING' | 'COMPLETED' | 'LATE' | 'MISSED' | 'EXCUSED';
export type EventTiming = 'INTERVAL' | 'DEADLINE' | 'ALL_DAY';
export type BusyStatus = 'BUSY' | 'FREE';

/** Whether it takes place, falls due, or takes whole days. */
export function timingOf({ kind, allDay }: Pick<ScheduleEvent, 'kind' | 'allDay'>): EventTiming {
  return allDay ? 'ALL_DAY' : KINDS[kind].timing;
}

/** Whether it takes the user's time. What takes whole days, such as a week of exams, does not. */
export function busyStatusOf({ kind, allDay }: Pick<ScheduleEvent, 'kind' | 'allDay'>): BusyStatus {
  return allDay ? 'FREE' : KINDS[kind].busy;
}

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
  const { completion, lateLimit } = KINDS[event.kind];
  if (completion === null) return 'NOT_REQUIRED';
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
      const closesAt = lateLimit?.meaning === 'LATE_UNTIL' ? event.lateLimit : null;
      const last = Math.max(event.endsAt, closesAt ?? 0);
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
