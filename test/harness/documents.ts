// The documents that tests send, and the types of their answers.
import type { EventKind } from '../../src/calendar/model/event.ts';

/** An event as {@link CALENDAR} asks for it. */
export interface ShownEvent {
  readonly id: string;
  readonly ern: string;
  readonly kind: EventKind;
  readonly title: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly completion: string;
  readonly course: { readonly ern: string };
  readonly dateOverride: { readonly startsAt: string; readonly endsAt: string; readonly reason: string | null } | null;
}

/** A source's status as {@link CALENDAR} asks for it. */
export interface ShownStatus {
  readonly kind: EventKind;
  readonly status: string;
  readonly fetchedAt: string | null;
  readonly count: number;
  readonly dropped: number;
  readonly truncated: boolean;
  readonly reason: string | null;
}

/** A calendar as {@link CALENDAR} asks for it. */
export interface ShownCalendar {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly now: string;
  readonly completeness: string;
  readonly events: readonly ShownEvent[];
  readonly sources: readonly ShownStatus[];
}

/** Fields of a calendar, events and all. */
export const CALENDAR = `{
  from to timeZone now completeness
  events { id ern kind title startsAt endsAt completion course { ern } dateOverride { startsAt endsAt reason } }
  sources { kind status fetchedAt count dropped truncated reason }
}`;

const ARGUMENTS =
  '$from: DateTime!, $to: DateTime!, $timeZone: TimeZone, $filter: EventFilter, $maxAge: Int, $timeout: Int';
const GIVEN = 'from: $from, to: $to, timeZone: $timeZone, filter: $filter, maxAge: $maxAge, timeout: $timeout';

/** The signed-in user's calendar. */
export const MINE = `query Mine(${ARGUMENTS}) { viewer { id calendar(${GIVEN}) ${CALENDAR} } }`;

/** What {@link MINE} answers. */
export interface Mine {
  readonly viewer: { readonly id: string; readonly calendar: ShownCalendar };
}

/** Another user's calendar. */
export const THEIRS = `query Theirs($user: ID!, ${ARGUMENTS}) { user(id: $user) { id calendar(${GIVEN}) ${CALENDAR} } }`;

/** What {@link THEIRS} answers. */
export interface Theirs {
  readonly user: { readonly id: string; readonly calendar: ShownCalendar } | null;
}

/** March 2026 as the default home zone has it. */
export const MARCH = { from: '2026-03-01T00:00:00+09:00', to: '2026-04-01T00:00:00+09:00' };
