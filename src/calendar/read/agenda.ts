// The agenda: upcoming and overdue events, in pages with keyset cursors. Pure. A cursor names the
// last event of a page, not an offset, so events may be added or removed between two pages.
import { completionOf, phaseOf, timingOf } from '../model/derive.ts';
import type { ScheduleEvent } from '../model/event.ts';

/** UPCOMING: earliest first. OVERDUE: latest first. */
export type Agenda = 'UPCOMING' | 'OVERDUE';

/**
 * A position in an agenda: the event's instant in milliseconds, and its id where instants are
 * equal.
 */
export interface Cursor {
  readonly moment: number;
  readonly id: string;
}

/**
 * The instant that orders the agenda: when the event is due or starts; for overdue events, when it
 * ended.
 */
export function cursorAt(agenda: Agenda, event: ScheduleEvent): Cursor {
  const byEnd = agenda === 'OVERDUE' || timingOf(event) === 'DEADLINE';
  return { moment: byEnd ? event.endsAt : event.startsAt, id: event.id };
}

/** Whether the event is in the agenda at `now`: not ended and not done, or closed and not done. */
export function isInAgenda(agenda: Agenda, event: ScheduleEvent, now: number): boolean {
  const completion = completionOf(event, now);
  const closed = phaseOf(event, now) === 'CLOSED';
  if (agenda === 'OVERDUE') return closed && (completion === 'PENDING' || completion === 'MISSED');
  return !closed && (completion === 'PENDING' || completion === 'NOT_REQUIRED');
}

/** Compares two positions in the direction of the agenda. */
export function compareCursors(agenda: Agenda, a: Cursor, b: Cursor): number {
  const forward = a.moment - b.moment || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  return agenda === 'UPCOMING' ? forward : -forward;
}

/** The agenda's events after a cursor, in order. */
export function agendaAfter(
  agenda: Agenda,
  events: readonly ScheduleEvent[],
  after: Cursor | null,
  now: number,
): readonly ScheduleEvent[] {
  return events
    .filter((event) => isInAgenda(agenda, event, now))
    .map((event) => ({ event, cursor: cursorAt(agenda, event) }))
    .filter(({ cursor }) => after === null || compareCursors(agenda, cursor, after) > 0)
    .sort((a, b) => compareCursors(agenda, a.cursor, b.cursor))
    .map(({ event }) => event);
}

/** The cursor as opaque text. It belongs to one agenda. */
export function formatCursor(agenda: Agenda, { moment, id }: Cursor): string {
  return Buffer.from(`${agenda} ${moment} ${id}`).toString('base64url');
}

/** Parses a cursor; null when it is malformed or of the other agenda. */
export function parseCursor(agenda: Agenda, cursor: string): Cursor | null {
  const match = /^(\w+) (\d{1,15}) (.{1,512})$/su.exec(Buffer.from(cursor, 'base64url').toString());
  return match?.[1] === agenda ? { moment: Number(match[2]), id: match[3] ?? '' } : null;
}
