// Reads an agenda page: looks further and further from now until the page is full or the limit is
// reached. Never a fixed number of days, never a silent cap: the sources' status tells how well it
// was looked.
import { DAY_MS } from '../../durations.ts';
import { type Agenda, agendaAfter, type Cursor, cursorAt } from './agenda.ts';
import { type CalendarQuery, type CalendarReading, type ReadThrough, readCalendar } from './read-calendar.ts';
import type { Window } from './window.ts';

/** One page of an agenda. */
export interface AgendaRequest extends CalendarQuery {
  readonly agenda: Agenda;
  /** Milliseconds. */
  readonly now: number;
  /** Most events of the page. */
  readonly first: number;
  /** Where the page before ended. */
  readonly after: Cursor | null;
}

/** A page in the agenda's order, with the status of all that was looked at. */
export interface AgendaPage extends CalendarReading {
  readonly hasNext: boolean;
}

/**
 * How far is looked from where the page begins, in days: each look costs one round of calls when
 * cold.
 */
const SEARCH_HORIZONS = [31, 93, 217, 400];

/** Reads the page; looks at most 400 days from now. Never rejects. */
export async function readAgenda(through: ReadThrough, request: AgendaRequest): Promise<AgendaPage> {
  const { agenda, first, after, now } = request;
  for (const [index, days] of SEARCH_HORIZONS.entries()) {
    const window = windowOf(request, days);
    const reading = await readCalendar(through, { ...request, window });
    // What lies beyond the window may come before what reaches beyond it: only moments within are
    // settled.
    const settled = reading.events.filter((event) => isWithin(cursorAt(agenda, event).moment, window, agenda));
    const page = agendaAfter(agenda, settled, after, now);
    if (page.length > first || index === SEARCH_HORIZONS.length - 1) {
      return { ...reading, events: page.slice(0, first), hasNext: page.length > first };
    }
  }
  throw new RangeError('there is always a last look');
}

/**
 * From where the page begins, `days` in the agenda's direction, never more than the most days from
 * now.
 */
function windowOf({ agenda, after, now }: AgendaRequest, days: number): Window {
  const most = (SEARCH_HORIZONS.at(-1) ?? 0) * DAY_MS;
  if (agenda === 'UPCOMING') {
    // One millisecond earlier: an event that ends at the moment itself meets the window.
    const from = Math.max(now, (after?.moment ?? now) - 1);
    return { from, to: Math.max(from, Math.min(from + days * DAY_MS, now + most)) };
  }
  const to = Math.min(now, after?.moment ?? now) + 1;
  return { from: Math.min(to, Math.max(to - days * DAY_MS, now - most)), to };
}

/**
 * UPCOMING: moments before the window's end, those already past (it is going on) too. OVERDUE:
 * after its start.
 */
function isWithin(moment: number, { from, to }: Window, agenda: Agenda): boolean {
  return agenda === 'UPCOMING' ? moment < to : moment > from;
}
