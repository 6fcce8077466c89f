// The scalars of the three services. Instants are strict RFC 3339, and internally UTC text with
// milliseconds, so that comparing texts compares instants. Anything else is refused with what was
// expected and given.
import { GraphQLScalarType, Kind } from 'graphql';
import { badInput } from '../../errors.ts';
import { isErn } from '../../resource-name.ts';

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/i;
/** The range of dates that a calendar shows: from the first, before the second; as UTC text. */
export const FIRST_INSTANT = '1970-01-01T00:00:00.000Z';
export const LAST_INSTANT = '2200-01-01T00:00:00.000Z';
const EXPECTED_INSTANT = 'an RFC 3339 instant with an offset (2026-11-22T09:00:00+09:00)';

/**
 * The instant as `YYYY-MM-DDThh:mm:ss.sssZ`, or null when the text is not one (RFC 3339 §5.6; no
 * leap seconds, years 1–9999).
 */
export function parseInstant(text: unknown): string | null {
  const parts = typeof text === 'string' ? RFC3339.exec(text) : null;
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, ...time] = parts.slice(1).map((part) => Number(part ?? 0));
  if (!isDay(year, month, day) || !isTime(time)) return null;
  const utc = new Date(String(text).toUpperCase()).toISOString();
  return /^(?!0000)\d{4}-/.test(utc) ? utc : null;
}

/**
 * Day 0 of the next month is the last of this one; Date itself would roll 30 February over into
 * March.
 */
function isDay(year: number, month: number, day: number): boolean {
  if (year === 0 || month < 1 || month > 12) return false;
  return day >= 1 && day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

function isTime([hour = 0, minute = 0, second = 0, offsetHours = 0, offsetMinutes = 0]: readonly number[]): boolean {
  return hour <= 23 && minute <= 59 && second <= 59 && offsetHours <= 23 && offsetMinutes <= 59;
}

/** As {@link parseInstant}; throws BAD_USER_INPUT naming the argument. */
export function instantOf(argument: string, given: unknown): string {
  const parsed = parseInstant(given);
  if (parsed === null) throw badInput(argument, EXPECTED_INSTANT, given);
  return parsed;
}

/**
 * RFC 3339 instant within the range that a calendar shows: any other date would be stored and never
 * seen. Output is passed on unchanged.
 */
export const DateTime = scalar('DateTime', EXPECTED_INSTANT, (text) => {
  const parsed = parseInstant(text);
  if (parsed === null || (parsed >= FIRST_INSTANT && parsed < LAST_INSTANT)) return parsed;
  throw badInput('DateTime', `an instant from ${FIRST_INSTANT} and before ${LAST_INSTANT}`, text);
});

/** The expected form of a resource name, for messages. */
export const EXPECTED_ERN = 'a resource name (ern:lms:course/42)';

/** Resource name. */
export const ERN = scalar('ERN', EXPECTED_ERN, (text) => (isErn(text) ? text : null));

/** Absolute http(s) address without credentials, at most 2048 characters. */
export const URLScalar = scalar('URL', 'an absolute http(s) address of at most 2048 characters', (text) => {
  if (typeof text !== 'string' || text.length > 2048 || /[\p{C}\s]/u.test(text) || !URL.canParse(text)) return null;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' ? text : null;
});

function scalar(
  name: string,
  expected: string,
  parse: (value: unknown) => string | null,
): GraphQLScalarType<string, string> {
  const parseValue = (value: unknown): string => {
    const parsed = parse(value);
    if (parsed === null) throw badInput(name, expected, value);
    return parsed;
  };
  return new GraphQLScalarType({
    name,
    parseValue,
    parseLiteral: (node) => parseValue(node.kind === Kind.STRING ? node.value : null),
    serialize: String,
  });
}
