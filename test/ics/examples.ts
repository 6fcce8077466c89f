// Example events, their iCalendar text, and what two independent parsers read from it.
import fc from 'fast-check';
import ICAL from 'ical.js';
import ical from 'node-ical';
import { type CalendarTextOptions, calendarText, type SubscriptionEvent } from '../../src/ics/calendar-text.ts';

/** Options of everything here unless said. */
export const OPTIONS: CalendarTextOptions = {
  name: 'Course schedule',
  refreshMinutes: 30,
  todos: false,
  check: true,
  remind: [],
  language: 'en',
  timeZone: 'Asia/Seoul',
  now: Date.UTC(2026, 2, 10),
};

/** A lecture, changed in the fields a test is about. */
export function feedEvent(given: Partial<SubscriptionEvent> = {}): SubscriptionEvent {
  return {
    ern: 'ern:lms:course/42/lecture/1',
    kind: 'LECTURE',
    title: '연결 리스트',
    course: { title: '자료구조' },
    startsAt: '2026-03-10T09:00:00+09:00',
    endsAt: '2026-03-10T10:30:00+09:00',
    timing: 'INTERVAL',
    completion: 'NOT_REQUIRED',
    busyStatus: 'BUSY',
    location: null,
    url: 'https://lms.test/?event=ern%3Alms%3Acourse%2F42%2Flecture%2F1',
    updatedAt: '2026-03-01T00:00:00Z',
    ...given,
  };
}

/** An assignment, due at the end of 12 March. */
export const essay = (given: Partial<SubscriptionEvent> = {}): SubscriptionEvent =>
  feedEvent({
    ern: 'ern:lms:course/42/assignment/1',
    kind: 'ASSIGNMENT',
    timing: 'DEADLINE',
    busyStatus: 'FREE',
    completion: 'PENDING',
    startsAt: '2026-03-05T00:00:00+09:00',
    endsAt: '2026-03-12T23:59:00+09:00',
    ...given,
  });

/** The calendar of these events. */
export const textOf = (events: readonly SubscriptionEvent[], options: Partial<CalendarTextOptions> = {}): string =>
  calendarText(events, { ...OPTIONS, ...options });

/** The values of one property, unfolded and as they are written. */
export function values(text: string, name: string): string[] {
  const lines = text.replace(/\r\n /g, '').split('\r\n');
  return lines.filter((one) => one.startsWith(`${name}:`)).map((one) => one.slice(name.length + 1));
}

/** As much of an event as a phone shows; instants in milliseconds. */
export interface Read {
  readonly uid: string;
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly location: string | null;
}

/** What ical.js (Thunderbird's parser) reads. */
export function readByIcalJs(text: string): Read[] {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      title: event.summary ?? '',
      start: event.startDate.toJSDate().getTime(),
      end: event.endDate.toJSDate().getTime(),
      location: event.location ?? null,
    };
  });
}

/** What node-ical reads. */
export function readByNodeIcal(text: string): Read[] {
  return Object.values(ical.sync.parseICS(text)).flatMap((one) => {
    if (one?.type !== 'VEVENT') return [];
    const { uid, summary, start, end, location } = one;
    const value = (of: unknown) => (typeof of === 'string' ? of : ((of as { val?: string } | undefined)?.val ?? ''));
    return [
      {
        uid,
        title: value(summary),
        start: start.getTime(),
        end: end?.getTime() ?? start.getTime(),
        location: location === undefined ? null : value(location),
      },
    ];
  });
}

/**
 * What a phone is to show of an event: text without control characters, deadlines as a quarter of
 * an hour.
 */
export function expectedOf(event: SubscriptionEvent): Read {
  const end = Date.parse(event.endsAt);
  return {
    uid: event.ern,
    title: harmless(event.title),
    start: event.timing === 'DEADLINE' ? end - 15 * 60_000 : Date.parse(event.startsAt),
    end,
    location: event.location === null ? null : harmless(event.location),
  };
}

/**
 * The same, with node-ical 0.26.1's two faults: it takes an escaped backslash before an n for an
 * escaped line end, and quotes around a text for none of it.
 */
export function expectedOfNodeIcal(event: SubscriptionEvent): Read {
  const misread = (text: string) => text.replace(/\\[nN]/g, '\\\n').replace(/^"(.*)"$/, '$1');
  const { title, location, ...rest } = expectedOf(event);
  return { ...rest, title: misread(title), location: location === null ? null : misread(location) };
}

/** Line ends are one kind, tabs are spaces, and what is no text is gone. */
function harmless(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/(?!\n)[\p{Cc}\u2028\u2029]/gu, '');
}

/** Titles as nobody would wish them: any Unicode, and all that means something to a parser. */
export const title: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('\r\n', '\n', '\r', '\t', '\\', ';', ',', ':', '"', '\\n', '\\,', ' ', '\r\n ', '^n', '&quot;'),
      fc.constantFrom('\u0000', '\u001b', '\u007f', '\u0085', '\u2028', '\u2029', '\u200f', '\ufeff', '👨‍👩‍👧‍👦', '가'),
      fc.constantFrom('\r\nEND:VEVENT\r\n', '\r\nATTACH:http://x.test\r\n', '\nBEGIN:VALARM\n', '강의'.repeat(40)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
