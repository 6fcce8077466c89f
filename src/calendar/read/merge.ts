// Merges slices into events: each resource once, with the user's overrides applied, within the
// window. Pure.

import { type EventKind, type Item, type OriginalDates, overlaps, type ScheduleEvent } from '../model/event.ts';
import { eventId } from '../model/event-id.ts';
import type { Month, Slice } from '../model/slice.ts';
import type { Window } from './window.ts';

/** The slices of one source that were read for one user. */
export interface SourceSlices {
  readonly kind: EventKind;
  /** Slices of courses, and of other shared audiences. */
  readonly shared: readonly Slice[];
  /** Slices of the user's own audience. */
  readonly own: readonly Slice[];
  /** Audiences that the user teaches. */
  readonly taught: readonly string[];
  /**
   * Months in which overrides are missing that have no name: any item may be hidden from the user.
   */
  readonly unknownMonths: readonly Month[];
}

/**
 * The user's events of one source within the window, unordered, and the number of unusable items:
 * with their override they end before they start, or they override an item that cannot be found. An
 * item whose override was dropped is left out, because it may be hidden from this user.
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
  const uncertain = new Set(slices.own.flatMap((slice) => slice.droppedErns));
  const add = (item: Item, override: Item | undefined) => {
    const event = toEvent(slices, userId, item, override);
    if (event === null) return;
    if (event.endsAt < event.startsAt) dropped += 1;
    else if (overlaps(event.startsAt, event.endsAt, window.from, window.to)) events.push(event);
  };
  for (const item of shared.values()) {
    if (!uncertain.has(item.ern) && !slices.unknownMonths.some((month) => isIn(item, month))) {
      add(item, own.get(item.ern));
    }
  }
  // An own item without a course item in these slices: a personal item, or an override of a missing
  // item.
  for (const item of own.values()) {
    if (shared.has(item.ern)) continue;
    // Its original slices were read, so the item is in no audience of the user: nothing is missing.
    if (isMoved(item)) continue;
    if (isDatedCorrection(item)) dropped += 1;
    else add(item, undefined);
  }
  return { events, dropped };
}

function isIn({ startsAt, endsAt }: Item, month: Month): boolean {
  return startsAt === null || endsAt === null || overlaps(startsAt, endsAt, month.from, month.to);
}

/**
 * Overrides that moved an item into these months: the values they leave out are in the course's
 * slice of the original dates, which must be loaded before merging.
 */
export function movedIntoWindow({
  shared,
  own,
}: Pick<SourceSlices, 'shared' | 'own'>): readonly (Item & { readonly original: OriginalDates })[] {
  const moved = own.flatMap((slice) => slice.items).filter(isMoved);
  if (moved.length === 0) return [];
  const known = newestByErn(shared);
  return moved.filter((item) => !known.has(item.ern));
}

const isMoved = (item: Item): item is Item & { readonly original: OriginalDates } =>
  item.original !== null && isDatedCorrection(item);

/**
 * It has dates but not all other values, so it cannot be shown without the item that it overrides.
 */
const isDatedCorrection = (item: Item): boolean =>
  !item.hidden && !isComplete(item) && (item.startsAt !== null || item.endsAt !== null);

const isComplete = ({ title, course, startsAt, endsAt }: Item): boolean =>
  title !== null && course !== null && startsAt !== null && endsAt !== null;

/** Sorts events by (startsAt, id), the order of answers. */
export function inOrder(events: ScheduleEvent[]): ScheduleEvent[] {
  return events.sort((a, b) => a.startsAt - b.startsAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/**
 * An item that spans months is in several slices. Copies of different age may differ: the newest
 * one counts.
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
 * The event of an item for this user; null when it is hidden, or is only an override of a missing
 * item. Of what the user teaches nothing is required of the user. The caller checks that the merged
 * dates are in order.
 */
export function toEvent(
  { kind, taught }: Pick<SourceSlices, 'kind' | 'taught'>,
  userId: string,
  item: Item,
  override: Item | undefined,
): ScheduleEvent | null {
  if (item.hidden || override?.hidden) return null;
  const merged = override === undefined ? item : withOverride(item, override);
  const { ern, title, course, startsAt, endsAt, location, updatedAt, lateLimit, lecture, allDay } = merged;
  if (title === null || course === null || startsAt === null || endsAt === null) return null;
  const dateOverride = dateOverrideOf(item, override, startsAt, endsAt);
  const id = eventId({ kind, userId, ern });
  const isTaught = taught.length > 0 && (taught.includes(item.audience) || taught.includes(course.ern));
  const done = isTaught ? 'NOT_ASKED' : merged.done;
  return {
    id,
    ern,
    audience: item.audience,
    kind,
    title,
    course,
    startsAt,
    endsAt,
    location,
    updatedAt,
    lateLimit,
    lecture,
    done,
    allDay: allDay === true,
    dateOverride,
  };
}

/** Replaces the item's values with those that the override has. */
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
    lecture: override.lecture ?? item.lecture,
    done: override.done ?? item.done,
    allDay: override.allDay ?? item.allDay,
  };
}

/** The event for those who may not know why its dates differ. */
export function withoutReason(event: ScheduleEvent): ScheduleEvent {
  const { dateOverride } = event;
  return dateOverride === null ? event : { ...event, dateOverride: { ...dateOverride, reason: null } };
}

function dateOverrideOf(item: Item, override: Item | undefined, startsAt: number, endsAt: number) {
  const original = override === undefined ? item.original : { startsAt: item.startsAt, endsAt: item.endsAt };
  if (original === null || original.startsAt === null || original.endsAt === null) return null;
  if (original.startsAt === startsAt && original.endsAt === endsAt) return null;
  const reason = (override ?? item).overrideReason;
  return { startsAt: original.startsAt, endsAt: original.endsAt, reason };
}
