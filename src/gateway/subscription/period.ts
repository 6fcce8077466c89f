// The days that a subscription shows: whole months (UTC) around the current one, so that the text
// stays the same for weeks, and fewer of them when there are more events than clients take. Pure.
import type { SubscriptionEvent } from '../../ics/calendar-text.ts';

/** The half-open interval [from, to), in RFC 3339. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** Months before and after the current one: at least 90 days back and 270 ahead. */
const MONTHS = { back: 3, ahead: 9 };
/** Google Calendar takes about 1,111 events and 1 MB, as its users report. */
const MAX_EVENTS = 1_000;
const MAX_BYTES = 1_000_000;

/** The longest period at this instant (milliseconds since 1970). */
export function periodAt(now: number): Period {
  return { from: monthFrom(now, -MONTHS.back), to: monthFrom(now, MONTHS.ahead + 1) };
}

/**
 * The text of as many months as clients take: months of the past are left out first, the earliest
 * before the later ones, then those of the future, the last first. The current and the next month
 * are always there.
 */
export function fittingText(
  events: readonly SubscriptionEvent[],
  now: number,
  textOf: (events: readonly SubscriptionEvent[]) => string,
): string {
  let text = '';
  for (const { from, to } of narrowing(now)) {
    const shown = events.filter(({ startsAt, endsAt }) => Date.parse(endsAt) >= from && Date.parse(startsAt) < to);
    if (shown.length > MAX_EVENTS && to > Date.parse(monthFrom(now, 2))) continue;
    text = textOf(shown);
    if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  }
  return text;
}

/** The periods to try, the longest first, in milliseconds. */
function* narrowing(now: number) {
  const month = (offset: number) => Date.parse(monthFrom(now, offset));
  // The calendar chose what belongs to the longest one.
  yield { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  for (let back = MONTHS.back - 1; back >= 0; back -= 1) yield { from: month(-back), to: month(MONTHS.ahead + 1) };
  for (let ahead = MONTHS.ahead; ahead >= 2; ahead -= 1) yield { from: month(0), to: month(ahead) };
}

/** The first instant of the month that is `offset` months after that of `now`, in UTC. */
function monthFrom(now: number, offset: number): string {
  const day = new Date(now);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + offset, 1)).toISOString();
}
