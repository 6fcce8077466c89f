// Slices to events: each resource once, a user's own items over the course's, what meets the
// window. Pure.

import { type EventKind, type Item, type OriginalDates, overlaps, type ScheduleEvent } from '../model/event.ts';
import { eventId } from '../model/event-id.ts';
import type { Slice } from '../model/slice.ts';
import type { Window } from './window.ts';

/** The slices of one source, as read for one user. */
export interface SourceSlices {
  readonly kind: EventKind;
  /** Of the courses and whoever else shares a schedule. */
  readonly shared: readonly Slice[];
  /** Of the user's own audience. */
  readonly own: readonly Slice[];
}

/**
 * The user's events of one source that meet the window, in no order, and how many items could not
 * be used: joined with their correction they end before they start, or they correct the dates of
 * something not there.
 */
export function mergeSource(
  slices: SourceSlices,
  userId: string,
  window: Window,
): { readonly events: ScheduleEvent[]; readonly dropped: number } {
  const shared = newestByErn(slices.shared);
  const own = newestByErn(slices.own);
  const events: ScheduleEvent[] = [];
  let dropped = 0;
  const add = (item: Item, override: Item | undefined) => {
    const event = toEvent(slices.kind, userId, item, override);
    if (event === null) return;
    if (event.endsAt < event.startsAt) dropped += 1;
    else if (overlaps(event.startsAt, event.endsAt, window.from, window.to)) events.push(event);
  };
  for (const item of shared.values()) add(item, own.get(item.ern));
  // An own item whose course item is not in these slices: a personal one, or a correction to
  // something not there.
  for (const item of own.values()) {
    if (shared.has(item.ern)) continue;
    if (isDatedCorrection(item)) dropped += 1;
    else add(item, undefined);
  }
  return { events, dropped };
}

/**
 * Own items that the course's slices of these months may know nothing of: they were moved here, and
 * what they leave out stands where the course's own dates are. To be read from there before the
 * slices are merged.
 */
export function movedIntoWindow({
  shared,
  own,
}: SourceSlices): readonly (Item & { readonly original: OriginalDates })[] {
  const moved = own.flatMap((slice) => slice.items).filter(isMoved);
  if (moved.length === 0) return [];
  const known = newestByErn(shared);
  return moved.filter((item) => !known.has(item.ern));
}

const isMoved = (item: Item): item is Item & { readonly original: OriginalDates } =>
  item.original !== null && isDatedCorrection(item);

/** Says when, but not what: it cannot be drawn without the item it corrects. */
const isDatedCorrection = (item: Item): boolean =>
  !item.hidden && !isComplete(item) && (item.startsAt !== null || item.endsAt !== null);

const isComplete = ({ title, course, startsAt, endsAt }: Item): boolean =>
  title !== null && course !== null && startsAt !== null && endsAt !== null;

/** All events in the order of an answer: by (startsAt, id). */
export function inOrder(events: ScheduleEvent[]): ScheduleEvent[] {
  return events.sort((a, b) => a.startsAt - b.startsAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/**
 * An item may stand in several slices (it crosses months); copies of different age may disagree:
 * the newest counts.
 */
function newestByErn(slices: readonly Slice[]): Map<string, Item> {
  const newest = new Map<string, Item>();
  for (const slice of slices) {
    for (const item of slice.items) {
      const other = newest.get(item.ern);
      if (other === undefined || other.updatedAt < item.updatedAt) newest.set(item.ern, item);
    }
  }
  return newest;
}

/**
 * The item as the user has it; null when it is hidden, or when it is only a correction to something
 * not there. The caller checks that what came of joining the two does not end before it starts.
 */
export function toEvent(kind: EventKind, userId: string, item: Item, override: Item | undefined): ScheduleEvent | null {
  if (item.hidden || override?.hidden) return null;
  const merged = override === undefined ? item : withOverride(item, override);
  const { ern, title, course, startsAt, endsAt, location, updatedAt, lateLimit, done } = merged;
  if (title === null || course === null || startsAt === null || endsAt === null) return null;
  const dateOverride = dateOverrideOf(item, override, startsAt, endsAt);
  const id = eventId({ kind, userId, ern });
  return { id, ern, kind, title, course, startsAt, endsAt, location, updatedAt, lateLimit, done, dateOverride };
}

/** What the override gives replaces the item's values. */
function withOverride(item: Item, override: Item): Item {
  return {
    ...item,
    title: override.title ?? item.title,
    course: override.course ?? item.course,
    startsAt: override.startsAt ?? item.startsAt,
    endsAt: override.endsAt ?? item.endsAt,
    location: override.location ?? item.location,
    updatedAt: Math.max(item.updatedAt, override.updatedAt),
    lateLimit: override.lateLimit ?? item.lateLimit,
    done: override.done ?? item.done,
  };
}

/**
 * The event as whoever teaches these courses has it: what is to be done in them is for others to
 * do.
 */
export function withTeacherView(event: ScheduleEvent, courses: ReadonlySet<string>): ScheduleEvent {
  return courses.has(event.course.ern) ? { ...event, done: 'NOT_ASKED' } : event;
}

function dateOverrideOf(item: Item, override: Item | undefined, startsAt: number, endsAt: number) {
  const original = override === undefined ? item.original : { startsAt: item.startsAt, endsAt: item.endsAt };
  if (original === null || original.startsAt === null || original.endsAt === null) return null;
  if (original.startsAt === startsAt && original.endsAt === endsAt) return null;
  const reason = (override ?? item).overrideReason;
  return { startsAt: original.startsAt, endsAt: original.endsAt, reason };
}
