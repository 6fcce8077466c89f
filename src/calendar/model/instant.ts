// Parses RFC 3339 text to milliseconds, strictly: a text that is not an instant in the accepted
// range is refused, never adjusted.

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** The accepted instants: [1970-01-01, 2200-01-01) in UTC. A date outside is a mistake. */
export const FIRST_INSTANT = 0;
export const LAST_INSTANT = Date.UTC(2200, 0, 1);

/** As {@link parseRfc3339}; also null when the instant is outside of the accepted range. */
export function parseInstant(text: unknown): number | null {
  const instant = parseRfc3339(text);
  return instant !== null && instant >= FIRST_INSTANT && instant < LAST_INSTANT ? instant : null;
}

/**
 * Milliseconds since 1970-01-01T00:00:00Z, or null when the text is not an RFC 3339 date-time with
 * an offset or names a day that does not exist. Fractions are cut to milliseconds; no leap seconds.
 */
export function parseRfc3339(text: unknown): number | null {
  const match = typeof text === 'string' ? RFC3339.exec(text) : null;
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = numbersOf(match, 1, 7) as SixNumbers;
  const [offsetHour, offsetMinute] = numbersOf(match, 9, 11) as [number, number];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null;
  const millisecond = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const local = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  if (!isOnDay(new Date(local), year, month, day)) return null;
  return local - (match[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000;
}

type SixNumbers = [number, number, number, number, number, number];

/** The groups from `first` to before `end` as numbers; a group that is absent is 0. */
function numbersOf(match: RegExpExecArray, first: number, end: number): number[] {
  return match.slice(first, end).map((text) => Number(text ?? 0));
}

/** Date.UTC rolls 30 February over to March: the date must read back as it was written. */
function isOnDay(date: Date, year: number, month: number, day: number): boolean {
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
