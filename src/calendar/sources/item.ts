// Checks an item from a source field by field. A malformed item is refused with the reason, and
// does not affect the rest of its slice.
import { isObject } from '../../json.ts';
import { isCourseAudience, isErn, isUserAudience, parentOf } from '../model/ern.ts';
import { type CompletionState, type Course, type Item, overlaps } from '../model/event.ts';
import { parseInstant } from '../model/instant.ts';
import type { Month } from '../model/slice.ts';

/** The time of the last write of an item whose source does not know it: 1970. */
const UNKNOWN_TIME = 0;
/** Maximum length of title and location, in characters. */
const MAX_TEXT = 1_000;

/**
 * The audience and month that an item must agree with. `month` is absent when the item was asked
 * for by name.
 */
export interface ItemLocation {
  readonly audience: string;
  readonly month?: Month;
}

/** How the fields that differ between the sources are read. Undefined means malformed. */
export interface ItemAdapter {
  lateLimit(raw: Readonly<Record<string, unknown>>): number | null | undefined;
  lecture(raw: Readonly<Record<string, unknown>>): string | null | undefined;
  done(raw: Readonly<Record<string, unknown>>): CompletionState | null | undefined;
  allDay(raw: Readonly<Record<string, unknown>>): boolean | null | undefined;
}

/** Course objects by content, shared by the items of a batch. */
export type Courses = Map<string, Course>;

/** The checked item, or what is wrong with it. */
export function checkItem(raw: unknown, location: ItemLocation, adapter: ItemAdapter, courses: Courses): Item | string {
  if (!isObject(raw)) return 'not an object';
  const item = {
    ern: isErn(raw.ern) ? raw.ern : undefined,
    audience: raw.audience === location.audience ? location.audience : undefined,
    title: optional(raw.title, text),
    course: optional(raw.course, (value) => courseOf(value, courses)),
    startsAt: optional(raw.startsAt, instant),
    endsAt: optional(raw.endsAt, instant),
    location: optional(raw.room, text),
    updatedAt: orElse(optional(raw.updatedAt, instant), UNKNOWN_TIME),
    hidden: orElse(optional(raw.hidden, truth), false),
    lateLimit: adapter.lateLimit(raw),
    lecture: adapter.lecture(raw),
    done: adapter.done(raw),
    allDay: adapter.allDay(raw),
    originalStartsAt: optional(raw.originalStartsAt, instant),
    originalEndsAt: optional(raw.originalEndsAt, instant),
    overrideReason: optional(raw.overrideReason, text),
  };
  const malformed = Object.entries(item).find(([, value]) => value === undefined);
  if (malformed !== undefined) return `malformed ${malformed[0]}`;
  const made = itemFrom(item as Sure<typeof item>);
  return misplaced(made, location) ?? made;
}

/** The fields of an item as they are sent. */
type Sent = Omit<Item, 'original'> & {
  readonly originalStartsAt: number | null;
  readonly originalEndsAt: number | null;
};
type Sure<T> = { readonly [F in keyof T]: Exclude<T[F], undefined> };

/** Written out: made by spreading, each item would have a hidden class of its own in V8. */
function itemFrom(sent: Sent): Item {
  const { originalStartsAt: startsAt, originalEndsAt: endsAt } = sent;
  return {
    ern: sent.ern,
    audience: sent.audience,
    title: sent.title,
    course: sent.course,
    startsAt: sent.startsAt,
    endsAt: sent.endsAt,
    location: sent.location,
    updatedAt: sent.updatedAt,
    hidden: sent.hidden,
    lateLimit: sent.lateLimit,
    lecture: sent.lecture,
    done: sent.done,
    allDay: sent.allDay,
    original: startsAt === null || endsAt === null ? null : { startsAt, endsAt },
    overrideReason: sent.overrideReason,
  };
}

/** How the item contradicts its location or itself; null if it does not. */
function misplaced(item: Item, location: ItemLocation): string | null {
  return wrongDates(item) ?? wrongAudience(item, location) ?? wrongMonth(item, location);
}

function wrongDates({ startsAt, endsAt, original }: Item): string | null {
  if (startsAt !== null && endsAt !== null && endsAt < startsAt) return 'ends before it starts';
  if (original !== null && original.endsAt < original.startsAt) return 'originally ends before it starts';
  return null;
}

function wrongAudience(item: Item, { audience }: ItemLocation): string | null {
  if (isUserAudience(audience)) return null;
  const { title, course, startsAt, endsAt } = item;
  if (title === null || course === null || startsAt === null || endsAt === null) return 'incomplete';
  if (!isCourseAudience(audience)) return null;
  return parentOf(item.ern) === audience && course.ern === audience ? null : 'of another audience';
}

function wrongMonth({ startsAt, endsAt, original }: Item, { audience, month }: ItemLocation): string | null {
  if (month === undefined || startsAt === null || endsAt === null) return null;
  const within = (dates: { startsAt: number; endsAt: number }) =>
    overlaps(dates.startsAt, dates.endsAt, month.from, month.to);
  const wasWithin = isUserAudience(audience) && original !== null && within(original);
  return wasWithin || within({ startsAt, endsAt }) ? null : 'outside of the slice';
}

function courseOf(value: unknown, courses: Courses): Course | undefined {
  if (!isObject(value) || !isErn(value.ern)) return undefined;
  const [title, color] = [text(value.title), text(value.color)];
  if (title === undefined || color === undefined) return undefined;
  const key = `${value.ern}\n${title}\n${color}`;
  const known = courses.get(key);
  if (known !== undefined) return known;
  const made = { ern: value.ern, title, color };
  courses.set(key, made);
  return made;
}

/** The instant in milliseconds, or undefined when it is malformed. */
export function instant(value: unknown): number | undefined {
  return parseInstant(value) ?? undefined;
}

/** Null and absent values give null; others are read by `read`. */
export function optional<T>(value: unknown, read: (value: unknown) => T | undefined): T | null | undefined {
  return value === null || value === undefined ? null : read(value);
}

/** What was read; `absent` for a field that the source leaves out. */
function orElse<T>(read: T | null | undefined, absent: T): T | undefined {
  return read === null ? absent : read;
}

/** The value if it is a Boolean, otherwise undefined. */
export function truth(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= MAX_TEXT ? value : undefined;
}
