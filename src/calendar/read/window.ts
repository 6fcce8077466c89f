// Checks the window of a query, and finds the months of the home zone that cover it. Pure.
import { DAY_MS } from '../../durations.ts';
import { badInput } from '../../errors.ts';
import { parseInstant } from '../model/instant.ts';
import type { Month } from '../model/slice.ts';
import { Zone } from '../model/zone.ts';

/** [from, to) in milliseconds, from <= to. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Maximum length of a window, in days. */
export const MAX_WINDOW_DAYS = 400;
/** Maximum length of a window of free/busy, in days: enough to find a time, not a whole term. */
export const MAX_FREE_BUSY_DAYS = 62;

/**
 * Parses the window of a query. It has at most `maxDays` days of 24 hours, or as many local days of
 * the zone. Throws BAD_USER_INPUT with the argument, what was expected and what was
 * given.
 */
export function parseWindow(given: { from: unknown; to: unknown }, zone: Zone, maxDays = MAX_WINDOW_DAYS): Window {
  const from = instantOf('from', given.from);
  const to = instantOf('to', given.to);
  if (from > to) throw badInput('to', `an instant not before from (${String(given.from)})`, given.to);
  if (Math.min(to - from, localTime(to, zone) - localTime(from, zone)) > maxDays * DAY_MS) {
    throw badInput('to', `at most ${maxDays} days after from (${String(given.from)})`, given.to);
  }
  return { from, to };
}

/** The local time of an instant, as milliseconds that count as if it were UTC. */
function localTime(instant: number, zone: Zone): number {
  return Date.parse(`${zone.format(instant).slice(0, 19)}Z`) + (instant % 1_000);
}

/** The time zone with this name. Throws BAD_USER_INPUT naming the argument. */
export function parseZone(name: unknown): Zone {
  const zone = typeof name === 'string' ? Zone.named(name) : null;
  if (zone === null) throw badInput('timeZone', 'an IANA time zone name such as Asia/Seoul', name);
  return zone;
}

/** The calendar months of the zone that overlap the window, in order; none for an empty window. */
export function monthsCovering(window: Window, zone: Zone): readonly Month[] {
  const months: Month[] = [];
  if (window.from === window.to) return months;
  // When clocks are set back over midnight, a date occurs twice (St. John's, 1 November 2009), and
  // our dates ignore the seconds of old offsets: the local date may be a day away from its month,
  // so the search starts at the day before.
  let month = monthNamed(zone.dateOf(window.from - DAY_MS).slice(0, 7), zone);
  while (month.from < window.to) {
    if (month.to > window.from) months.push(month);
    month = monthNamed(nameAfter(month.name), zone);
  }
  return months;
}

/** Months by zone and name; bounded, because instants are bounded. */
const MONTHS = new Map<string, Month>();

function monthNamed(name: string, zone: Zone): Month {
  const key = `${zone.name} ${name}`;
  const known = MONTHS.get(key);
  if (known !== undefined) return known;
  const made = { name, from: zone.startOfDay(`${name}-01`), to: zone.startOfDay(`${nameAfter(name)}-01`) };
  MONTHS.set(key, made);
  return made;
}

/** The next month, YYYY-MM. */
function nameAfter(name: string): string {
  const [year, month] = name.split('-').map(Number) as [number, number];
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
}

function instantOf(argument: string, given: unknown): number {
  const instant = parseInstant(given);
  if (instant !== null) return instant;
  throw badInput(
    argument,
    'an RFC 3339 instant with an offset between 1970 and 2199, such as 2026-11-22T09:00:00+09:00',
    given,
  );
}

/** The calendar month of the zone that contains the instant. */
export function monthAround(instant: number, zone: Zone): Window {
  const [month] = monthsCovering({ from: instant, to: instant + 1 }, zone);
  return month === undefined ? { from: instant, to: instant } : { from: month.from, to: month.to };
}
