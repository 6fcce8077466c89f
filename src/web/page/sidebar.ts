// The sidebar: upcoming and overdue assignments, and conflicts.

import { h, icon } from './dom.ts';
import { dateTimeOf, type Locale } from './event-mark.ts';
import type { Agenda, Conflict, ScheduleEvent } from './graph-types.ts';
import { eventRow } from './list.ts';
import type { Loaded } from './model.ts';

/** The sections. `now`: the server's clock, in milliseconds. */
export function drawSidebar(
  { toDo, conflicts, events }: Pick<Loaded, 'toDo' | 'conflicts' | 'events'>,
  options: { readonly locale: Locale; readonly now: number; readonly onOpen: (event: ScheduleEvent) => void },
): HTMLElement[] {
  const { locale, now, onOpen } = options;
  const { messages } = locale;
  const known = new Map(events.map((event) => [event.id, event]));
  const ahead = conflicts.filter((conflict) => Date.parse(conflict.endsAt) >= now);
  const agenda = (title: string, { nodes, completeness }: Agenda, nothing: string | null) => {
    const unknown = completeness === 'PARTIAL' || completeness === 'UNAVAILABLE';
    if (nodes.length === 0 && nothing === null && !unknown) return null;
    return section(
      title,
      h('ul', {}, ...nodes.map((event) => h('li', {}, eventRow(event, locale, onOpen, true)))),
      nodes.length === 0 && !unknown && nothing !== null && h('p', { className: 'quiet' }, nothing),
      unknown && h('p', { className: 'quiet' }, messages.notAllKnown),
    );
  };
  return [
    agenda(messages.upcoming, toDo.upcoming, messages.nothingUpcoming),
    agenda(messages.overdue, toDo.overdue, null),
    ahead.length === 0
      ? null
      : section(messages.conflicts, h('ul', {}, ...ahead.map((one) => conflictItem(one, known, locale)))),
  ].filter((one) => one !== null);
}

function section(title: string, ...children: readonly (HTMLElement | false)[]): HTMLElement {
  return h('section', {}, h('h2', {}, title), ...children);
}

function conflictItem(conflict: Conflict, known: ReadonlyMap<string, ScheduleEvent>, locale: Locale): HTMLElement {
  const { messages } = locale;
  const text = conflict.kind === 'OVERLAP' ? messages.overlap : messages.cluster(conflict.events.length);
  const courses = conflict.events.map(({ id }) => known.get(id)?.course.title).filter((title) => title !== undefined);
  return h(
    'li',
    { className: 'conflict' },
    icon('warning'),
    h(
      'span',
      { className: 'row-text' },
      h('span', { className: 'row-title' }, text),
      h(
        'span',
        { className: 'row-when' },
        `${dateTimeOf(conflict.startsAt, locale)} · ${[...new Set(courses)].join(', ')}`,
      ),
    ),
  );
}
