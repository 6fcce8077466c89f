// A calendar as iCalendar text (RFC 5545, RFC 7986), from the graph's answer. Pure. The same events
// give the same bytes at any time, so an ETag of the text is an ETag of the content.
import { DAY_MS } from '../durations.ts';
import { type EventKind, KINDS } from '../event-kinds.ts';
import { date, line, text, utc } from './content-line.ts';
import { type Language, WORDS, type WorkState } from './words.ts';

/** An event of the graph's answer; instants in RFC 3339. */
export interface SubscriptionEvent {
  readonly ern: string;
  readonly kind: EventKind;
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
  /** The last instant that counts as late, or from which on it does; null: none. */
  readonly lateLimit?: string | null;
}

export interface CalendarTextOptions {
  /** X-WR-CALNAME. */
  readonly name: string;
  /** How often clients should refresh, in minutes. */
  readonly refreshMinutes: number;
  /** Whether deadlines are written as to-dos instead of short events. */
  readonly todos: boolean;
  /** Whether what is done has a check mark before its title, for clients without to-dos. */
  readonly check: boolean;
  /** Reminders: minutes before the end of a deadline or the start of another event. */
  readonly remind: readonly number[];
  readonly language: Language;
  /** X-WR-TIMEZONE, an IANA name. */
  readonly timeZone: string;
  /** Milliseconds since 1970. Without reminders, the text does not depend on it. */
  readonly now: number;
}

/** Deadlines are shown as events of this length that end when they are due. */
export const DEADLINE_MS = 15 * 60_000;
/** SEQUENCE counts seconds from here: it must grow with every change and fit into 31 bits. */
const SEQUENCE_EPOCH = Date.UTC(2020, 0, 1);
const DONE: ReadonlySet<string> = new Set(['COMPLETED', 'LATE', 'EXCUSED']);
/** What is still open and what was missed is the same here: only a write changes the text. */
const STATES: Readonly<Record<string, WorkState>> = {
  PENDING: 'open',
  MISSED: 'open',
  COMPLETED: 'done',
  LATE: 'late',
  EXCUSED: 'excused',
};
const CHECK_MARK = '✓ ';

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
    line('X-WR-TIMEZONE', options.timeZone),
    line('COLOR', 'royalblue'),
    line('REFRESH-INTERVAL;VALUE=DURATION', refresh),
    line('X-PUBLISHED-TTL', refresh),
    ...events.map((event) => (options.todos && isToDo(event) ? todo(event, options) : occurrence(event, options))),
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

function occurrence(event: SubscriptionEvent, options: CalendarTextOptions): string {
  return component('VEVENT', event, options, [
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

function todo(event: SubscriptionEvent, options: CalendarTextOptions): string {
  const done = DONE.has(event.completion);
  const opens = Math.min(Date.parse(event.startsAt), Date.parse(event.endsAt) - 1000);
  return component('VTODO', event, options, [
    line('DTSTART', utc(opens)),
    line('DUE', utc(Date.parse(event.endsAt))),
    line('STATUS', done ? 'COMPLETED' : 'NEEDS-ACTION'),
    // The last change of the user's submission: when it was handed in.
    ...(done ? [line('COMPLETED', utc(Date.parse(event.updatedAt))), line('PERCENT-COMPLETE', '100')] : []),
  ]);
}

function component(
  type: 'VEVENT' | 'VTODO',
  event: SubscriptionEvent,
  options: CalendarTextOptions,
  own: readonly string[],
): string {
  const updated = Date.parse(event.updatedAt);
  const hasMark = options.check && type === 'VEVENT' && ['COMPLETED', 'LATE'].includes(event.completion);
  const summary = `${hasMark ? CHECK_MARK : ''}${event.title}`;
  return [
    line('BEGIN', type),
    line('UID', text(event.ern)),
    // Without a METHOD, DTSTAMP is when the information was last revised (RFC 5545 §3.8.7.2).
    line('DTSTAMP', utc(updated)),
    line('LAST-MODIFIED', utc(updated)),
    line('SEQUENCE', String(Math.max(0, Math.floor((updated - SEQUENCE_EPOCH) / 1000)))),
    ...own,
    line('SUMMARY', text(summary)),
    line('DESCRIPTION', text(description(event, options.language))),
    ...(event.location === null ? [] : [line('LOCATION', text(event.location))]),
    line('CATEGORIES', `${text(event.course.title)},${text(KINDS[event.kind].words[options.language].one)}`),
    line('URL', event.url),
    ...alarms(event, options, summary),
    line('END', type),
  ].join('');
}

/** Course, state, late limit and link, a line each. */
function description(event: SubscriptionEvent, language: Language): string {
  const { work, checkIn, lateUntil } = WORDS[language];
  const { course, kind, completion, lateLimit, url } = event;
  const state = STATES[completion];
  const { completion: required, lateLimit: limit } = KINDS[kind];
  const words = required?.action === 'CHECK_IN' ? checkIn : work;
  const closesAt = limit?.meaning === 'LATE_UNTIL' ? lateLimit : null;
  return [
    course.title,
    ...(state === undefined ? [] : [words[state]]),
    ...(closesAt != null ? [lateUntil(closesAt.slice(0, 16).replace('T', ' '))] : []),
    url,
  ].join('\n');
}

/** Only for what is still to be done and in the future (RFC 5545 §3.6.6, UID of RFC 9074 §4). */
function alarms(event: SubscriptionEvent, { remind, now }: CalendarTextOptions, summary: string): string[] {
  const atEnd = event.timing === 'DEADLINE';
  const isAhead = Date.parse(atEnd ? event.endsAt : event.startsAt) > now;
  if (event.completion !== 'PENDING' || !isAhead) return [];
  return remind.map((minutes) =>
    [
      line('BEGIN', 'VALARM'),
      line('UID', text(`${event.ern}/alarm/${minutes}`)),
      line('ACTION', 'DISPLAY'),
      line('DESCRIPTION', text(summary)),
      line(atEnd ? 'TRIGGER;RELATED=END' : 'TRIGGER', `-PT${minutes}M`),
      line('END', 'VALARM'),
    ].join(''),
  );
}
