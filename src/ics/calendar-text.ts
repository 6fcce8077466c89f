// A calendar as iCalendar text (RFC 5545, RFC 7986), from the graph's answer. Pure. The same events
// give the same bytes at any time, so an ETag of the text is an ETag of the content.
import { DAY_MS } from '../durations.ts';
import { date, line, text, utc } from './content-line.ts';

/** An event of the graph's answer; instants in RFC 3339. */
export interface SubscriptionEvent {
  readonly ern: string;
  readonly kind: string;
  readonly title: string;
  readonly course: { readonly title: string };
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timing: 'INTERVAL' | 'DEADLINE' | 'ALL_DAY';
  readonly completion: string;
  readonly busyStatus: 'BUSY' | 'FREE';
  readonly location: string | null;
  readonly url: string;
  readonly updatedAt: string;
}

export interface CalendarTextOptions {
  /** X-WR-CALNAME. */
  readonly name: string;
  /** How often clients should refresh, in minutes. */
  readonly refreshMinutes: number;
  /** Whether deadlines are written as to-dos instead of short events. */
  readonly todos: boolean;
}

/** Deadlines are shown as events of this length that end when they are due. */
export const DEADLINE_MS = 15 * 60_000;
/** SEQUENCE counts seconds from here: it must grow with every change and fit into 31 bits. */
const SEQUENCE_EPOCH = Date.UTC(2020, 0, 1);
const DONE: ReadonlySet<string> = new Set(['COMPLETED', 'LATE', 'EXCUSED']);

/**
 * Stands in an empty calendar, far in the past: a VCALENDAR must have a component (RFC 5545 §3.6),
 * and clients that refuse one without events go on showing the old ones.
 */
const PLACEHOLDER = [
  line('BEGIN', 'VEVENT'),
  line('UID', 'placeholder@calendar-federated'),
  line('DTSTAMP', '20000101T000000Z'),
  line('DTSTART;VALUE=DATE', '20000101'),
  line('TRANSP', 'TRANSPARENT'),
  line('STATUS', 'CONFIRMED'),
  line('SUMMARY', 'No events'),
  line('END', 'VEVENT'),
].join('');

/** The VCALENDAR, with CRLF line ends. */
export function calendarText(events: readonly SubscriptionEvent[], options: CalendarTextOptions): string {
  const refresh = `PT${options.refreshMinutes}M`;
  return [
    line('BEGIN', 'VCALENDAR'),
    line('VERSION', '2.0'),
    line('PRODID', '-//calendar-federated//calendar//EN'),
    line('CALSCALE', 'GREGORIAN'),
    line('X-WR-CALNAME', text(options.name)),
    line('NAME', text(options.name)),
    line('REFRESH-INTERVAL;VALUE=DURATION', refresh),
    line('X-PUBLISHED-TTL', refresh),
    ...events.map((event) => (options.todos && isToDo(event) ? todo(event) : occurrence(event))),
    ...(events.length === 0 ? [PLACEHOLDER] : []),
    line('END', 'VCALENDAR'),
  ].join('');
}

/**
 * The text without its revision stamps: what an event says to a person. A change that the text does
 * not carry changes only the stamps.
 */
export function contentOf(calendar: string): string {
  return calendar.replace(/^(?:DTSTAMP|LAST-MODIFIED|SEQUENCE):.*\r\n/gm, '');
}

/** Whether it is a deadline for this user: for a teacher it is not a to-do. */
function isToDo({ timing, completion }: SubscriptionEvent): boolean {
  return timing === 'DEADLINE' && completion !== 'NOT_REQUIRED';
}

function occurrence(event: SubscriptionEvent): string {
  return component('VEVENT', event, [
    ...(event.timing === 'ALL_DAY' ? wholeDays(event) : instants(event)),
    line('TRANSP', event.busyStatus === 'BUSY' ? 'OPAQUE' : 'TRANSPARENT'),
    line('STATUS', 'CONFIRMED'),
  ]);
}

/**
 * Times have whole seconds. DTEND must be later than DTSTART (RFC 5545 §3.6.1), else it is left
 * out.
 */
function instants({ timing, startsAt, endsAt }: SubscriptionEvent): string[] {
  const end = Date.parse(endsAt);
  const [from, to] = [utc(timing === 'DEADLINE' ? end - DEADLINE_MS : Date.parse(startsAt)), utc(end)];
  return [line('DTSTART', from), ...(to > from ? [line('DTEND', to)] : [])];
}

/** Local days; DTEND is the day after the last one (RFC 5545 §3.6.1). */
function wholeDays({ startsAt, endsAt }: SubscriptionEvent): string[] {
  const last = /T00:00:00(?![.:]\d*[1-9])/.test(endsAt) ? endsAt : nextDay(endsAt);
  const [from, to] = [date(startsAt), date(last)];
  return [line('DTSTART;VALUE=DATE', from), ...(to > from ? [line('DTEND;VALUE=DATE', to)] : [])];
}

function nextDay(instant: string): string {
  return new Date(Date.parse(`${instant.slice(0, 10)}T00:00:00Z`) + DAY_MS).toISOString();
}

function todo(event: SubscriptionEvent): string {
  const done = DONE.has(event.completion);
  const opens = Math.min(Date.parse(event.startsAt), Date.parse(event.endsAt) - 1000);
  return component('VTODO', event, [
    line('DTSTART', utc(opens)),
    line('DUE', utc(Date.parse(event.endsAt))),
    line('STATUS', done ? 'COMPLETED' : 'NEEDS-ACTION'),
    // The last change of the user's submission: when it was handed in.
    ...(done ? [line('COMPLETED', utc(Date.parse(event.updatedAt))), line('PERCENT-COMPLETE', '100')] : []),
  ]);
}

function component(type: 'VEVENT' | 'VTODO', event: SubscriptionEvent, own: readonly string[]): string {
  const updated = Date.parse(event.updatedAt);
  return [
    line('BEGIN', type),
    line('UID', text(event.ern)),
    // Without a METHOD, DTSTAMP is when the information was last revised (RFC 5545 §3.8.7.2).
    line('DTSTAMP', utc(updated)),
    line('LAST-MODIFIED', utc(updated)),
    line('SEQUENCE', String(Math.max(0, Math.floor((updated - SEQUENCE_EPOCH) / 1000)))),
    ...own,
    line('SUMMARY', text(event.title)),
    ...(event.location === null ? [] : [line('LOCATION', text(event.location))]),
    line('CATEGORIES', `${text(event.course.title)},${text(event.kind)}`),
    line('URL', event.url),
    line('END', type),
  ].join('');
}
