// EventFilter as a client gives it; what it means is decided where it is read.
import type { Completion } from './derive.ts';
import type { EventKind } from './event.ts';

/** The filter as a client gives it. */
export interface EventFilter {
  readonly kinds?: readonly EventKind[] | null;
  readonly courses?: readonly string[] | null;
  readonly completion?: readonly Completion[] | null;
  readonly search?: string | null;
}
