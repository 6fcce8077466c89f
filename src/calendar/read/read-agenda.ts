// Reads a page of an agenda: it searches further and further from now until the page is full or the
// limit is reached. There is no fixed number of days and no silent limit: the sources' statuses say
// how complete the search was.
import { DAY_MS } from '../../durations.ts';
import { type Agenda, agendaAfter, type Cursor, cursorAt } from './agenda.ts';
import { type CalendarQuery, type CalendarReading, type ReadThrough, readCalendar } from './read-calendar.ts';
import type { Window } from './window.ts';

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
  for (const [index, days] of SEARCH_HORIZONS.entries()) {
    const window = windowOf(request, days);
    const reading = await readCalendar(through, { ...request, window });
    // Events outside the window may come before events that reach beyond it, so only positions
    // inside it are final.
    const settled = reading.events.filter((event) => isWithin(cursorAt(agenda, event).moment, window, agenda));
    const page = agendaAfter(agenda, settled, after, now);
    if (page.length > first || index === SEARCH_HORIZONS.length - 1) {
      return { ...reading, events: page.slice(0, first), hasNext: page.length > first };
    }
  }
  throw new RangeError('there is always a last look');
}

/**
 * The window from the start of the page, `days` in the agenda's direction, within the limit from
 * now.
 */
function windowOf({ agenda, after, now }: AgendaRequest, days: number): Window {
  const most = (SEARCH_HORIZONS.at(-1) ?? 0) * DAY_MS;
  if (agenda === 'UPCOMING') {
    // One millisecond earlier, so that an event that ends at this instant overlaps the window.
    const from = Math.max(now, (after?.moment ?? now) - 1);
    return { from, to: Math.max(from, Math.min(from + days * DAY_MS, now + most)) };
  }
  const to = Math.min(now, after?.moment ?? now) + 1;
  return { from: Math.min(to, Math.max(to - days * DAY_MS, now - most)), to };
}

/**
 * UPCOMING: events before the window's end, including those in progress. OVERDUE: after its start.
 */
function isWithin(moment: number, { from, to }: Window, agenda: Agenda): boolean {
  return agenda === 'UPCOMING' ? moment < to : moment > from;
}
