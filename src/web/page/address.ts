// The query string of the page, which says what is shown: whose calendar, which view and period,
// what is filtered out, and the open event. Pure. Language and theme belong to the browser instead.
import { EVENT_KINDS, type Kind } from './graph-types.ts';
import type { Filters } from './model.ts';
import type { View } from './preferences.ts';
import { weekOf } from './zone.ts';

/** What a query string says; null and empty sets: nothing. */
export interface Address {
  readonly user: string | null;
  readonly view: View | null;
  /** A day of the period, YYYY-MM-DD; null: today. */
  readonly day: string | null;
  readonly filters: Filters;
  /** The id of the open event. In links of earlier versions: its ERN. */
  readonly event: string | null;
  /** The parameters that could not be read, as they were given: `month=2026-13`. */
  readonly problems: readonly string[];
}

const VIEWS: readonly View[] = ['month', 'week', 'list'];

/** Reads a query string. What cannot be read is listed, and counts as not given. */
export function parseAddress(search: string): Address {
  const given = new URLSearchParams(search);
  const problems: string[] = [];
  const read = <T>(name: string, parse: (text: string) => T | null): T | null => {
    const text = given.get(name);
    if (text === null || text === '') return null;
    const value = parse(text);
    if (value === null) problems.push(`${name}=${text}`);
    return value;
  };
  const month = read('month', (text) => dayFrom(`${text}-01`));
  return {
    user: given.get('user') || null,
    view: read('view', (text) => VIEWS.find((view) => view === text) ?? null),
    day: read('day', dayFrom) ?? month,
    filters: {
      kinds: new Set(read('hide', kindsFrom)),
      courses: new Set(given.getAll('hideCourse').filter(Boolean)),
    },
    event: given.get('event') || null,
    problems,
  };
}

/** A day that exists, in the years that the API can be asked for. */
function dayFrom(text: string): string | null {
  const isDay = /^(?:19|20|21)\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  return isDay && new Date(text).toISOString().startsWith(text) ? text : null;
}

function kindsFrom(text: string): readonly Kind[] | null {
  const kinds = text.split(',').map((one) => EVENT_KINDS.find((kind) => kind.toLowerCase() === one));
  return kinds.every((kind) => kind !== undefined) ? kinds : null;
}

/** What the page shows, as far as its address says it. */
export interface Shown extends Omit<Address, 'problems' | 'view'> {
  readonly view: View;
  /** The current day, YYYY-MM-DD. */
  readonly today: string;
}

/**
 * The query string of what is shown. The current period is left out, unless an event is open: a
 * link to an event without a period changes to the event's.
 */
export function searchOf({ user, view, day, today, filters, event }: Shown): string {
  const period = (of: string) => (view === 'week' ? weekOf(of) : of.slice(0, 7));
  const address = new URLSearchParams();
  if (user !== null) address.set('user', user);
  address.set('view', view);
  const shown = period(day ?? today);
  if (event !== null || shown !== period(today)) address.set(view === 'week' ? 'day' : 'month', shown);
  const kinds = EVENT_KINDS.filter((kind) => filters.kinds.has(kind));
  if (kinds.length > 0) address.set('hide', kinds.join(',').toLowerCase());
  for (const course of [...filters.courses].sort()) address.append('hideCourse', course);
  if (event !== null) address.set('event', event);
  return `?${address.toString()}`;
}
