// The cached unit and its key: one source, one audience, one calendar month of the home zone.
import { rootOf } from './ern.ts';
import type { EventKind, Item } from './event.ts';

/** One calendar month of the home zone as instants: [from, to) in milliseconds. */
export interface Month {
  /** YYYY-MM. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The key of a slice: the items of one source for one audience in one month. */
export interface SliceKey {
  readonly kind: EventKind;
  readonly audience: string;
  readonly month: Month;
  /**
   * Set for readers who may not see everything of the user: their copies are kept apart, so that
   * nothing shows what the user's own reads loaded. Of a user's own audience, the course whose
   * items alone are in the copy; otherwise {@link WHOLE}.
   */
  readonly scope?: string | undefined;
}

/** The scope of a copy that is kept apart, and has all items of its slice. */
export const WHOLE = '*';

/** The audience and the scope as one text: no ERN contains a space. */
export function scopedAudience({ audience, scope }: Pick<SliceKey, 'audience' | 'scope'>): string {
  return scope === undefined ? audience : `${audience} ${scope}`;
}

/** The items of a slice, and what had to be left out. */
export interface Slice {
  readonly items: readonly Item[];
  /** Number of malformed items that were left out. */
  readonly dropped: number;
  /** Whether the slice exceeded its limit and was cut. */
  readonly truncated: boolean;
  /** Names of dropped items of a user's own audience, as far as they could be read. */
  readonly droppedErns: readonly string[];
  /**
   * The source's revision: slices of one audience that differ in it are of different moments. Null:
   * the source has none.
   */
  readonly revision: string | null;
}

/** A slice from which nothing had to be left out. */
export function completeSlice(items: readonly Item[]): Slice {
  return { items, dropped: 0, truncated: false, droppedErns: [], revision: null };
}

/**
 * The slice of a user's own audience without what belongs to other courses than the scope. It has
 * no revision, because that of the slice follows all courses.
 */
export function withinScope(slice: Slice, scope: string | undefined): Slice {
  if (scope === undefined || scope === WHOLE) return slice;
  const isInScope = (ern: string) => rootOf(ern) === scope;
  return { ...onlyItems(slice, isInScope), revision: null };
}

/** The slice with these items only; what was dropped without a name may be any of them. */
export function onlyItems(slice: Slice, isWanted: (ern: string) => boolean): Slice {
  const droppedErns = slice.droppedErns.filter(isWanted);
  const dropped = slice.dropped - slice.droppedErns.length + droppedErns.length;
  return { ...slice, items: slice.items.filter(({ ern }) => isWanted(ern)), dropped, droppedErns };
}

/** Whether something of the slice is missing without a name: it may override any item. */
export function hasUnnamedGap({ dropped, truncated, droppedErns }: Slice): boolean {
  return truncated || dropped > droppedErns.length;
}

/**
 * Estimated bytes of a slice: its objects, measured on Node 20 (`test/calendar/memory`), and its
 * texts. Items of one course share the course.
 */
export function bytesOf({ items, revision }: Slice, bytesOfText: (text: string) => number): number {
  const text = (value: string | null) => (value === null ? 0 : bytesOfText(value));
  const courses = new Set(items.map(({ course }) => course).filter((course) => course !== null));
  let bytes = SLICE_BYTES + text(revision);
  for (const { ern, title, color } of courses) bytes += COURSE_BYTES + text(ern) + text(title) + text(color);
  for (const { ern, title, location, lecture, overrideReason } of items) {
    bytes += ITEM_BYTES + text(ern) + text(title) + text(location) + text(lecture) + text(overrideReason);
  }
  return bytes;
}

const SLICE_BYTES = 130;
const COURSE_BYTES = 60;
const ITEM_BYTES = 204;

/** The key of a user's list of audiences at one source. */
export interface AudienceKey {
  readonly kind: EventKind;
  readonly userId: string;
}
