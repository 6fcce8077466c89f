// The list of the kinds of events; each has one source. Pure.

/** Every kind, in the order answers list them. */
export const EVENT_KINDS = ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'] as const;

/** The three kinds, one per source. */
export type EventKind = (typeof EVENT_KINDS)[number];

/** One value for each kind. */
export type ByKind<T> = Readonly<Record<EventKind, T>>;

/** Makes one value for each kind. */
export function byKind<T>(make: (kind: EventKind) => T): ByKind<T> {
  return Object.fromEntries(EVENT_KINDS.map((kind) => [kind, make(kind)])) as Record<EventKind, T>;
}

/** Whether a text names a kind. */
export function isEventKind(text: unknown): text is EventKind {
  return EVENT_KINDS.some((kind) => kind === text);
}
