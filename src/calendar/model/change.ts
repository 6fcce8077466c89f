// A change: something of this audience changed between these instants. It names what to read anew;
// it carries no data.
import type { EventKind } from './event.ts';

/** One change of one source. */
export interface Change {
  /** Which source it is about; null when the feed does not say: then it is about all of them. */
  readonly kind: EventKind | null;
  readonly audience: string;
  /**
   * The touched span in milliseconds; null: everything of the audience (a membership, a course's
   * title).
   */
  readonly span: { readonly from: number; readonly to: number } | null;
}
