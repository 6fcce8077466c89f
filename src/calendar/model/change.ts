// A change: something of this audience changed between these instants. It says what to load again;
// it carries no data.
import type { EventKind } from './event.ts';

/** One change of one source. */
export interface Change {
  /** Its source; null when the feed does not say: then all sources. */
  readonly kind: EventKind | null;
  readonly audience: string;
  /** The item that changed, if the feed names one: which course of the user it concerns. */
  readonly ern?: string | undefined;
  /**
   * The changed span in milliseconds; null: everything of the audience (a membership, a course's
   * title).
   */
  readonly span: { readonly from: number; readonly to: number } | null;
  /** When it was written, in milliseconds, if the feed says so. */
  readonly at?: number | undefined;
}
