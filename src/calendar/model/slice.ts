// The cached unit and its key: one source, one audience, one calendar month of the home zone.
import type { EventKind, Item } from './event.ts';

/** One calendar month of the home zone as instants: [from, to) in milliseconds. */
export interface Month {
  /** YYYY-MM. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What one source has for one audience in one month. */
export interface SliceKey {
  readonly kind: EventKind;
  readonly audience: string;
  readonly month: Month;
}

/** The items of a slice, with what had to be left out of it. */
export interface Slice {
  readonly items: readonly Item[];
  /** Malformed items left out. */
  readonly dropped: number;
  /** Whether it was cut at the per-slice limit. */
  readonly truncated: boolean;
}

/** Whose schedules a user sees at one source. */
export interface AudienceKey {
  readonly kind: EventKind;
  readonly userId: string;
}
