// How fresh each source is, in words, with a way to try again; and what an empty calendar means.
import type { Kind, SourceStatus } from './answers.ts';
import { h, icon } from './dom.ts';
import type { Filters, Loaded } from './model.ts';
import { filtered } from './model.ts';
import type { Words } from './words.ts';

/** A source's status as a sentence: 출석: 3분 전 자료. `now`: milliseconds, by the server's clock. */
export function statusText({ kind, status, fetchedAt }: SourceStatus, words: Words, now: number): string {
  if (status === 'UNAVAILABLE') return words.notLoaded(words.couldNotLoad[kind]);
  if (status === 'FRESH' || fetchedAt === null) return `${words.kind[kind]}: ${words.fresh}`;
  return `${words.kind[kind]}: ${words.dataFrom(Math.floor((now - Date.parse(fetchedAt)) / 60_000))}`;
}

/** All sources, one item each. What is not there says so, and offers to try again. */
export function drawStatus(
  sources: readonly SourceStatus[],
  options: { readonly words: Words; readonly now: number; readonly onRetry: (kind: Kind) => void },
): HTMLElement[] {
  const { words, now, onRetry } = options;
  return sources.map((source) =>
    h(
      'li',
      { className: `source source-${source.status}`, data: { kind: source.kind } },
      icon(source.status === 'UNAVAILABLE' ? 'warning' : source.status === 'STALE' ? 'late' : 'done'),
      h('span', {}, statusText(source, words, now)),
      source.status === 'UNAVAILABLE' &&
        h('button', { type: 'button', className: 'link', onclick: () => onRetry(source.kind) }, words.retry),
    ),
  );
}

/** What is said when no event is shown: whether nothing is scheduled, nothing is known, or it is filtered out. Null when some are. */
export function emptyText(
  { events, completeness }: Pick<Loaded, 'events' | 'completeness'>,
  filters: Filters,
  words: Words,
): string | null {
  if (filtered(events, filters).length > 0) return null;
  if (completeness === 'PARTIAL' || completeness === 'UNAVAILABLE') return words.emptyUnknown;
  return events.length > 0 ? words.emptyFiltered : words.empty;
}
