// The status of each source in words, with a retry button; and the text of an empty calendar.

import { h, icon } from './dom.ts';
import type { Kind, SourceStatus } from './graph-types.ts';
import type { Messages } from './messages.ts';
import type { Filters, Loaded } from './model.ts';
import { filtered } from './model.ts';

/** A source's status as a sentence: 출석: 3분 전 자료. `now`: the server's clock, in milliseconds. */
export function statusText(source: SourceStatus, messages: Messages, now: number): string {
  const { kind, status, fetchedAt } = source;
  if (status === 'UNAVAILABLE') return messages.notLoaded(messages.couldNotLoad[kind]);
  if (source.truncated) return `${messages.kind[kind]}: ${messages.tooMany}`;
  if (source.dropped > 0) return `${messages.kind[kind]}: ${messages.leftOut(source.dropped)}`;
  if (status === 'FRESH' || fetchedAt === null) return `${messages.kind[kind]}: ${messages.fresh}`;
  return `${messages.kind[kind]}: ${messages.dataFrom(Math.floor((now - Date.parse(fetchedAt)) / 60_000))}`;
}

/** One item for each source. A missing source says so and has a retry button. */
export function drawStatus(
  sources: readonly SourceStatus[],
  options: { readonly messages: Messages; readonly now: number; readonly onRetry: (kind: Kind) => void },
): HTMLElement[] {
  const { messages, now, onRetry } = options;
  return sources.map((source) =>
    h(
      'li',
      { className: `source source-${source.status}`, data: { kind: source.kind } },
      icon(iconOf(source)),
      h('span', {}, statusText(source, messages, now)),
      source.status === 'UNAVAILABLE' &&
        h('button', { type: 'button', className: 'link', onclick: () => onRetry(source.kind) }, messages.retry),
    ),
  );
}

function iconOf({ status, dropped, truncated }: SourceStatus): 'warning' | 'late' | 'done' {
  if (status === 'UNAVAILABLE' || dropped > 0 || truncated) return 'warning';
  return status === 'STALE' ? 'late' : 'done';
}

/**
 * The text when no event is shown: nothing is scheduled, something could not be loaded, or
 * everything is filtered out. Null when events are shown.
 */
export function emptyText(
  { events, completeness }: Pick<Loaded, 'events' | 'completeness'>,
  filters: Filters,
  messages: Messages,
): string | null {
  if (filtered(events, filters).length > 0) return null;
  if (completeness === 'PARTIAL' || completeness === 'UNAVAILABLE') return messages.emptyUnknown;
  return events.length > 0 ? messages.emptyFiltered : messages.empty;
}
