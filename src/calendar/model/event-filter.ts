// The type of EventFilter; `read/filter.ts` applies it.
import type { Completion } from './derive.ts';
import type { EventKind } from './event.ts';

/** The filter of a query. */
export interface EventFilter {
  readonly kinds?: readonly EventKind[] | null;
  readonly courses?: readonly string[] | null;
  readonly completion?: readonly Completion[] | null;
  readonly search?: string | null;
}
