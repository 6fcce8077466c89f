// The kinds of events, from the registry; each has one source. Pure.
import * as all from './kinds/all.ts';
import type { KindDefinition } from './kinds/kind.ts';

export type { CompletionState, KindDefinition } from './kinds/kind.ts';

/** The name of a kind. */
export type EventKind = keyof typeof all;

/** One value for each kind. */
export type ByKind<T> = Readonly<Record<EventKind, T>>;

/** What each kind is. */
export const KINDS: ByKind<KindDefinition> = { ...all };

/** Every kind, in the order answers list them. */
export const EVENT_KINDS: readonly EventKind[] = (Object.keys(KINDS) as EventKind[]).sort(
  (a, b) => KINDS[a].port - KINDS[b].port,
);

/** The kind whose service also knows who is in which course, who teaches, and who observes whom. */
export const RELATIONS_KIND: EventKind = 'LECTURE';

/** Makes one value for each kind. */
export function byKind<T>(make: (kind: EventKind) => T): ByKind<T> {
  return Object.fromEntries(EVENT_KINDS.map((kind) => [kind, make(kind)])) as Record<EventKind, T>;
}

/** Whether a text names a kind. */
export function isEventKind(text: unknown): text is EventKind {
  return EVENT_KINDS.some((kind) => kind === text);
}

/** The name of a kind's service and subgraph: `exam` of EXAM. */
export function serviceOf<K extends EventKind>(kind: K): Lowercase<K> {
  return kind.toLowerCase() as Lowercase<K>;
}

/** What the types of a kind begin with: `Exam` of EXAM. */
export function typePrefixOf(kind: EventKind): string {
  return kind.slice(0, 1) + kind.slice(1).toLowerCase();
}

/** The schema's type for events of a kind: `ExamEvent` of EXAM. */
export function eventTypeOf<K extends EventKind>(kind: K): `${Capitalize<Lowercase<K>>}Event` {
  return `${typePrefixOf(kind)}Event` as `${Capitalize<Lowercase<K>>}Event`;
}
