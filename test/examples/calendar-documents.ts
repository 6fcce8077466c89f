// The documents of the client examples: a window of the calendar, and what has changed in it since.

const EVENT = 'id __typename ern kind title startsAt endsAt course { ern title color }';

/** The events of a window, and the token of its next changes. */
export const WINDOW = `query Window($from: DateTime!, $to: DateTime!) {
  viewer { id calendar(from: $from, to: $to) { syncToken completeness events { ${EVENT} } } } }`;

/** What has changed in the window of the token. */
export const CHANGES = `query Changes($since: String!) {
  viewer { id calendarChanges(since: $since) { isFullSync syncToken completeness upserted { ${EVENT} } removed } } }`;

/** An event, as far as merging needs it. */
export interface EventRow {
  readonly id: string;
  readonly title: string;
  readonly startsAt: string;
}

/** What {@link WINDOW} answers. */
export interface WindowAnswer {
  readonly viewer: {
    readonly id: string;
    readonly calendar: {
      readonly syncToken: string;
      readonly completeness: string;
      readonly events: readonly EventRow[];
    };
  };
}

/** `calendarChanges` of {@link CHANGES}. */
export interface Changes {
  readonly isFullSync: boolean;
  readonly syncToken: string;
  readonly completeness: string;
  readonly upserted: readonly EventRow[];
  readonly removed: readonly string[];
}

/** What {@link CHANGES} answers. */
export interface ChangesAnswer {
  readonly viewer: { readonly id: string; readonly calendarChanges: Changes };
}

/** The window with the changes in it: by id, in the order of answers. Pure. */
export function withChanges(window: WindowAnswer, changes: Changes): WindowAnswer {
  const { calendar } = window.viewer;
  const gone = new Set([...changes.removed, ...changes.upserted.map(({ id }) => id)]);
  const kept = changes.isFullSync ? [] : calendar.events.filter(({ id }) => !gone.has(id));
  const events = [...kept, ...changes.upserted].toSorted(
    (a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt) || (a.id < b.id ? -1 : 1),
  );
  const { syncToken, completeness } = changes;
  return { viewer: { ...window.viewer, calendar: { ...calendar, syncToken, completeness, events } } };
}

/** The events of several windows, each once. Pure. */
export function mergeWindows(windows: readonly WindowAnswer[]): readonly EventRow[] {
  const byId = new Map(windows.flatMap(({ viewer }) => viewer.calendar.events).map((event) => [event.id, event]));
  return [...byId.values()].toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt));
}
