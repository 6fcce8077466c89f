// Local days and times of one zone, independent of the browser's. Days are texts YYYY-MM-DD and are
// counted in UTC, so that no day has 23 or 25 hours. Only Intl knows the zones.

import { DAY_MS } from '../../durations.ts';

/** The local day of an instant (milliseconds or RFC 3339). */
export function dayOf(instant: number | string, zone: string): string {
  // The Swedish locale writes dates as ISO 8601.
  return formatter('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(new Date(instant));
}

/** The day so many days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The first day of the month so many months later. */
export function addMonths(day: string, months: number): string {
  const date = new Date(`${day.slice(0, 7)}-01`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}

/** The first day of the week. Weeks start on Sunday, as in printed calendars in Korea. */
export function weekOf(day: string): string {
  return addDays(day, -new Date(day).getUTCDay());
}

/**
 * The number of the week of a day (ISO 8601). A week here begins the day before, on Sunday: it has
 * the number of its other six days.
 */
export function weekNumberOf(day: string): number {
  const thursday = addDays(weekOf(day), 4);
  return Math.floor((Date.parse(thursday) - Date.parse(`${thursday.slice(0, 4)}-01-01`)) / (7 * DAY_MS)) + 1;
}

/** The weeks that contain a whole month: [from, to), days. */
export function monthGrid(day: string): { from: string; to: string } {
  const first = `${day.slice(0, 7)}-01`;
  return { from: weekOf(first), to: addDays(weekOf(addDays(addMonths(first, 1), -1)), 7) };
}

/**
 * The instant (milliseconds) of a local time, YYYY-MM-DDTHH:mm. A time that does not exist gives
 * the hour after.
 */
export function instantOf(local: string, zone: string): number {
  const wanted = Date.parse(`${local}Z`);
  const offset = (at: number) => Date.parse(`${localOf(at, zone)}Z`) - at;
  // The offset at the first guess may differ; looked up again there, it is right.
  const guess = wanted - offset(wanted);
  return wanted - offset(guess);
}

/** An instant as a local time, YYYY-MM-DDTHH:mm:ss: what `<input type="datetime-local">` takes. */
export function localOf(instant: number | string, zone: string): string {
  const options = { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' } as const;
  return formatter('sv-SE', options).format(new Date(instant)).replace(' ', 'T');
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A cached formatter: creating one takes longer than using it a hundred times. */
export function formatter(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(language, options);
  formatters.set(key, known);
  return known;
}
