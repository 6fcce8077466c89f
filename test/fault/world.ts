// What everybody has on the calendar, as a rule instead of rows: the sources answer by it and the
// oracle checks by it. Ids name their owner, so that a foreign event is seen.
import { type EventKind, serviceOf } from '../../src/event-kinds.ts';

const COURSES = 80;
/** Items of one course and kind in a month, in one hour each. */
const ITEMS = 10;
const HOUR_MS = 3_600_000;

/** So many months from March 2026 on in the default home zone. */
export const windowOf = (months: number) => ({ from: startOf(0), to: startOf(months) });
const startOf = (month: number) => new Date(Date.UTC(2026, 2 + month) - 9 * HOUR_MS).toISOString();

/** The id of the nth user. */
export const userId = (number: number) => `user-${number}`;

/** The courses of a user: those of even users and of odd ones have none in common. */
export function coursesOf(user: string): readonly number[] {
  const number = Number(/\d+$/.exec(user)?.[0] ?? 0);
  const half = COURSES / 2;
  const own = [number >> 1, (number >> 1) * 7 + 3, (number >> 1) * 13 + 5].map(
    (value) => 2 * (value % half) + (number % 2),
  );
  return [...new Set(own)];
}

/** The audiences of a user: the courses, and the user alone. */
export const audiencesOf = (user: string) => [
  ...coursesOf(user).map((course) => `ern:lms:course/${course}`),
  `ern:lms:user/${user}`,
];

/** A source's items of an audience in the month that begins at `from`. */
export function itemsOf(kind: EventKind, audience: string, from: number): readonly Readonly<Record<string, unknown>>[] {
  const isOwn = audience.includes(':user/');
  return Array.from({ length: isOwn ? 1 : ITEMS }, (_, index) => {
    const startsAt = from + (2 + 60 * index + (isOwn ? 31 : 0)) * HOUR_MS;
    return {
      ern: ernOf(kind, audience, from, index),
      audience,
      title: titleOf(kind, audience, index),
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(startsAt + HOUR_MS).toISOString(),
      course: { ern: isOwn ? 'ern:lms:course/own' : audience, title: audience, color: '#336699' },
      updatedAt: '2026-01-01T00:00:00.000Z',
      hidden: false,
    };
  });
}

/** What an answer must have of one kind in so many months: each event as `ern title`. */
export function expectedOf(kind: EventKind, user: string, months: number): ReadonlySet<string> {
  const key = `${kind} ${user} ${months}`;
  const known = EXPECTED.get(key);
  if (known !== undefined) return known;
  const all = new Set<string>();
  for (const audience of audiencesOf(user)) {
    for (let month = 0; month < months; month += 1) {
      for (let index = 0; index < (audience.includes(':user/') ? 1 : ITEMS); index += 1) {
        all.add(`${ernOf(kind, audience, Date.parse(startOf(month)), index)} ${titleOf(kind, audience, index)}`);
      }
    }
  }
  if (EXPECTED.size < MAX_EXPECTED) EXPECTED.set(key, all);
  return all;
}
const EXPECTED = new Map<string, ReadonlySet<string>>();
const MAX_EXPECTED = 3_000;

const ernOf = (kind: EventKind, audience: string, from: number, index: number) =>
  `${audience}/${serviceOf(kind)}/${new Date(from).toISOString().slice(0, 10)}-${index}`;
const titleOf = (kind: EventKind, audience: string, index: number) => `${serviceOf(kind)} ${index} of ${audience}`;
