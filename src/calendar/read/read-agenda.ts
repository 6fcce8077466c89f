// Reads a page of an agenda: it searches further and further from now until the page is full or the
// limit is reached. There is no fixed number of days and no silent limit: the sources' statuses say
// how complete the search was.
import { DAY_MS } from '../../durations.ts';
import type { ScheduleEvent } from '../model/event.ts';
import { type Agenda, agendaAfter, type Cursor, cursorAt } from './agenda.ts';
import { type CalendarQuery, type CalendarReading, type ReadThrough, readCalendar } from './read-calendar.ts';
import { monthAround, type Window } from './window.ts';

/** A query for one page. */
export interface AgendaRequest extends CalendarQuery {
  readonly agenda: Agenda;
  /** Milliseconds. */
  readonly now: number;
  /** Maximum number of events on the page. */
  readonly first: number;
  /** The end of the previous page. */
  readonly after: Cursor | null;
}

/** A page in order, with the status of each source over everything that was searched. */
export interface AgendaPage extends CalendarReading {
  /** The instants, in milliseconds, at which the page may be another one. */
  readonly changesAt: readonly number[];
  readonly hasNext: boolean;
}

/**
 * Days to search from the start of the page; each step costs one round of calls when nothing is
 * cached.
 */
const SEARCH_HORIZONS = [31, 93, 217, 400];

/** Reads the page; searches at most 400 days from now. Never rejects. */
export async function readAgenda(through: ReadThrough, request: AgendaRequest): Promise<AgendaPage> {
  const { agenda, first, after, now } = request;
  const period = periodAround(now, through);
  for (const [index, days] of SEARCH_HORIZONS.entries()) {
    const window = windowOf(request, days, period);
    const reading = await readCalendar(through, { ...request, window });
    // Events outside the window may come before events that reach beyond it, so only positions
    // inside it are final.
    const settled = reading.events.filter((event) => isWithin(cursorAt(agenda, event).moment, window, agenda));
    const page = agendaAfter(agenda, settled, after, now);
    if (page.length > first || index === SEARCH_HORIZONS.length - 1) {
      const changesAt = changesOf(reading.events, request, period);
      return { ...reading, events: page.slice(0, first), hasNext: page.length > first, changesAt };
    }
  }
  throw new RangeError('there is always a last look');
}

/**
 * The window from the start of the page, `days` in the agenda's direction, within the limit from
 * now. It ends with a period, not `days` from now, so that no event comes into it in that period.
 */
function windowOf({ agenda, after, now }: AgendaRequest, days: number, period: Window): Window {
  const most = (SEARCH_HORIZONS.at(-1) ?? 0) * DAY_MS;
  if (agenda === 'UPCOMING') {
    // One millisecond earlier, so that an event that ends at this instant overlaps the window.
    const from = Math.max(now, (after?.moment ?? now) - 1);
    return { from, to: Math.max(from, Math.min(startOfDay(from) + days * DAY_MS, startOfDay(now) + most)) };
  }
  const begin = Math.min(now, after?.moment ?? now) + 1;
  const from = Math.min(begin, Math.max(begin - days * DAY_MS, now - most));
  return { from, to: begin > now ? period.to : begin };
}

/** The day (UTC) around now, within the month of the home zone. */
function periodAround(now: number, { homeZone }: ReadThrough): Window {
  const month = monthAround(now, homeZone);
  return { from: Math.max(month.from, startOfDay(now)), to: Math.min(month.to, startOfDay(now) + DAY_MS) };
}

const startOfDay = (instant: number): number => instant - (instant % DAY_MS);

/** When the page may be another one: an event changes, leaves the window, or may come into it. */
function changesOf(events: readonly ScheduleEvent[], { after, now }: AgendaRequest, period: Window): readonly number[] {
  const edges = (instant: number) => [instant - 1, instant, instant + 1];
  const leaving = ({ endsAt }: ScheduleEvent) => SEARCH_HORIZONS.flatMap((days) => edges(endsAt + days * DAY_MS));
  return [
    // Before now, events that have ended are in the window.
    now,
    period.from,
    period.to,
    ...(after === null ? [] : edges(after.moment)),
    ...events.flatMap((event) => [
      event.startsAt,
      event.lateLimit ?? event.endsAt,
      ...edges(event.endsAt),
      ...leaving(event),
    ]),
  ];
}

/**
 * UPCOMING: events before the window's end, including those in progress. OVERDUE: after its start.
 */
function isWithin(moment: number, { from, to }: Window, agenda: Agenda): boolean {
  return agenda === 'UPCOMING' ? moment < to : moment > from;
}
