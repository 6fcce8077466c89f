// How fresh each source is, in words, with a way to try again; and what an empty calendar means.

import { h, icon } from './dom.ts';
import type { Kind, SourceStatus } from './graph-types.ts';
import type { Messages } from './messages.ts';
import type { Filters, Loaded } from './model.ts';
import { filtered } from './model.ts';

/** A source's status as a sentence: 출석: 3분 전 자료. `now`: milliseconds, by the server's clock. */
export function statusText({ kind, status, fetchedAt }: SourceStatus, messages: Messages, now: number): string {
  if (status === 'UNAVAILABLE') return messages.notLoaded(messages.couldNotLoad[kind]);
  if (status === 'FRESH' || fetchedAt === null) return `${messages.kind[kind]}: ${messages.fresh}`;
  return `${messages.kind[kind]}: ${messages.dataFrom(Math.floor((now - Date.parse(fetchedAt)) / 60_000))}`;
}

/** All sources, one item each. What is not there says so, and offers to try again. */
export function drawStatus(
  sources: readonly SourceStatus[],
  options: { readonly messages: Messages; readonly now: number; readonly onRetry: (kind: Kind) => void },
): HTMLElement[] {
  const { messages, now, onRetry } = options;
  return sources.map((source) =>
    h(
      'li',
      { className: `source source-${source.status}`, data: { kind: source.kind } },
      icon(source.status === 'UNAVAILABLE' ? 'warning' : source.status === 'STALE' ? 'late' : 'done'),
      h('span', {}, statusText(source, messages, now)),
      source.status === 'UNAVAILABLE' &&
        h('button', { type: 'button', className: 'link', onclick: () => onRetry(source.kind) }, messages.retry),
    ),
  );
}

/**
 * What is said when no event is shown: whether nothing is scheduled, nothing is known, or it is
 * filtered out. Null when some are.
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
