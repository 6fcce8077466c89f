// RFC 3339 text to milliseconds, strictly: what is not a real instant of the accepted span is refused, never bent.

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** The span of instants taken: [1970-01-01, 2200-01-01) in UTC. A schedule outside of it is a mistake. */
export const FIRST_INSTANT = 0;
export const LAST_INSTANT = Date.UTC(2200, 0, 1);

/** As {@link parseRfc3339}, or null when it lies outside of the span taken. */
export function parseInstant(text: unknown): number | null {
  const instant = parseRfc3339(text);
  return instant !== null && instant >= FIRST_INSTANT && instant < LAST_INSTANT ? instant : null;
}

/**
 * Milliseconds since 1970-01-01T00:00:00Z, or null when the text is not an RFC 3339 date-time with an offset
 * or names a day that does not exist. Fractions are cut to milliseconds; no leap seconds.
 */
export function parseRfc3339(text: unknown): number | null {
  const match = typeof text === 'string' ? RFC3339.exec(text) : null;
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null;
  const local = Date.UTC(
    year,
    month - 1,
    day,
    hour,
    minute,
    second,
    Number((match[7] ?? '').slice(0, 3).padEnd(3, '0')),
  );
  // Date.UTC rolls 30 February over to March: the date must read back as it was written.
  const back = new Date(local);
  if (back.getUTCFullYear() !== year || back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return null;
  return local - (match[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000;
}
