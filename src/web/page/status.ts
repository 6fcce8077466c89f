// The status of each source in words, with a retry button; and the text of an empty calendar.

import { h, icon } from './dom.ts';
import type { Kind, SourceStatus } from './graph-types.ts';
import type { Messages } from './messages.ts';
import type { Filters, Loaded } from './model.ts';
import { filtered } from './model.ts';

/**
 * A source's status as a sentence: 출석: 3분 전 자료. `now`: the server's clock, in milliseconds.
 * `isCurrent`: false after a failure, when what was fresh is only as old as it is.
 */
export function statusText(source: SourceStatus, messages: Messages, now: number, isCurrent: boolean): string {
  const { kind, status, fetchedAt } = source;
  if (status === 'UNAVAILABLE') return messages.notLoaded(messages.kind[kind]);
  if (source.truncated) return `${messages.kind[kind]}: ${messages.tooMany}`;
  if (source.dropped > 0) return `${messages.kind[kind]}: ${messages.leftOut(source.dropped)}`;
  if ((status === 'FRESH' && isCurrent) || fetchedAt === null) return `${messages.kind[kind]}: ${messages.fresh}`;
  return `${messages.kind[kind]}: ${messages.dataFrom(Math.floor((now - Date.parse(fetchedAt)) / 60_000))}`;
}

/** One item for each source. A missing source says so and has a retry button. */
export function drawStatus(
  sources: readonly SourceStatus[],
  options: {
    readonly messages: Messages;
    readonly now: number;
    /** Whether the last request was answered. */
    readonly isCurrent: boolean;
    readonly onRetry: (kind: Kind) => void;
  },
): HTMLElement[] {
  const { messages, now, isCurrent, onRetry } = options;
  return sources.map((source) =>
    h(
      'li',
      { className: `source source-${stateOf(source, isCurrent)}`, data: { kind: source.kind } },
      icon(iconOf(source, isCurrent)),
      h('span', {}, statusText(source, messages, now, isCurrent)),
      source.status === 'UNAVAILABLE' &&
        h('button', { type: 'button', className: 'link', onclick: () => onRetry(source.kind) }, messages.retry),
    ),
  );
}

function iconOf(source: SourceStatus, isCurrent: boolean): 'warning' | 'late' | 'done' {
  const { status, dropped, truncated } = source;
  if (status === 'UNAVAILABLE' || dropped > 0 || truncated) return 'warning';
  return stateOf(source, isCurrent) === 'STALE' ? 'late' : 'done';
}

/** Nothing is known to be fresh after a failure. */
function stateOf({ status }: SourceStatus, isCurrent: boolean): SourceStatus['status'] {
  return status === 'FRESH' && !isCurrent ? 'STALE' : status;
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
