// What is to come and what was missed, in the order a person does things, page by page with keyset cursors. Pure.
// A cursor says where the page before ended, not how many there were: events may come and go between two pages.
import { completionOf, phaseOf, TIMING } from '../model/derive.ts';
import type { ScheduleEvent } from '../model/event.ts';

/** UPCOMING: soonest first. OVERDUE: newest first. */
export type Agenda = 'UPCOMING' | 'OVERDUE';

/** A place in an agenda: the event's moment in milliseconds, and its id where moments are equal. */
export interface Place {
  readonly moment: number;
  readonly id: string;
}

/** The instant that counts: when it falls due, else when it starts; for what was missed, when it ended. */
export function placeOf(agenda: Agenda, event: ScheduleEvent): Place {
  const byEnd = agenda === 'OVERDUE' || TIMING[event.kind] === 'DEADLINE';
  return { moment: byEnd ? event.endsAt : event.startsAt, id: event.id };
}

/** Whether the event stands in the agenda at `now`: not over and not done, or closed and not done. */
export function standsIn(agenda: Agenda, event: ScheduleEvent, now: number): boolean {
  const completion = completionOf(event, now);
  const closed = phaseOf(event, now) === 'CLOSED';
  if (agenda === 'OVERDUE') return closed && (completion === 'PENDING' || completion === 'MISSED');
  return !closed && (completion === 'PENDING' || completion === 'NOT_REQUIRED');
}

/** Before or after, in the agenda's own direction. */
export function comparePlaces(agenda: Agenda, a: Place, b: Place): number {
  const forward = a.moment - b.moment || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  return agenda === 'UPCOMING' ? forward : -forward;
}

/** The agenda's events after a place, in its order. */
export function agendaAfter(
  agenda: Agenda,
  events: readonly ScheduleEvent[],
  after: Place | null,
  now: number,
): readonly ScheduleEvent[] {
  return events
    .filter((event) => standsIn(agenda, event, now))
    .map((event) => ({ event, place: placeOf(agenda, event) }))
    .filter(({ place }) => after === null || comparePlaces(agenda, place, after) > 0)
    .sort((a, b) => comparePlaces(agenda, a.place, b.place))
    .map(({ event }) => event);
}

/** The place as an opaque text. */
export function cursorOf({ moment, id }: Place): string {
  return Buffer.from(`${moment} ${id}`).toString('base64url');
}

/** Reads a cursor; null when it is none of ours. */
export function parseCursor(cursor: string): Place | null {
  const match = /^(\d{1,15}) (.{1,512})$/su.exec(Buffer.from(cursor, 'base64url').toString());
  return match === null ? null : { moment: Number(match[1]), id: match[2] ?? '' };
}
