// The cached unit and its key: one source, one audience, one calendar month of the home zone.
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
}

/** The items of a slice, and what had to be left out. */
export interface Slice {
  readonly items: readonly Item[];
  /** Number of malformed items that were left out. */
  readonly dropped: number;
  /** Whether the slice exceeded its limit and was cut. */
  readonly truncated: boolean;
}

/** The key of a user's list of audiences at one source. */
export interface AudienceKey {
  readonly kind: EventKind;
  readonly userId: string;
}
