// The rail beside the calendar: what is to be handed in, what was missed, what cannot be done at once.
import type { Agenda, Conflict, ScheduleEvent } from './answers.ts';
import { h, icon } from './dom.ts';
import { dateTimeOf, type Writing } from './event-mark.ts';
import { eventRow } from './list.ts';
import type { Loaded } from './model.ts';

/** Sections of the rail. `now`: milliseconds, by the server's clock. */
export function drawRail(
  { toDo, conflicts, events }: Pick<Loaded, 'toDo' | 'conflicts' | 'events'>,
  options: { readonly writing: Writing; readonly now: number; readonly onOpen: (event: ScheduleEvent) => void },
): HTMLElement[] {
  const { writing, now, onOpen } = options;
  const { words } = writing;
  const known = new Map(events.map((event) => [event.id, event]));
  const ahead = conflicts.filter((conflict) => Date.parse(conflict.endsAt) >= now);
  const agenda = (title: string, { nodes, completeness }: Agenda, nothing: string | null) => {
    const unknown = completeness === 'PARTIAL' || completeness === 'UNAVAILABLE';
    if (nodes.length === 0 && nothing === null && !unknown) return null;
    return section(
      title,
      h('ul', {}, ...nodes.map((event) => h('li', {}, eventRow(event, writing, onOpen, true)))),
      nodes.length === 0 && !unknown && nothing !== null && h('p', { className: 'quiet' }, nothing),
      unknown && h('p', { className: 'quiet' }, words.notAllKnown),
    );
  };
  return [
    agenda(words.upcoming, toDo.upcoming, words.nothingUpcoming),
    agenda(words.overdue, toDo.overdue, null),
    ahead.length === 0
      ? null
      : section(words.conflicts, h('ul', {}, ...ahead.map((one) => conflictItem(one, known, writing)))),
  ].filter((one) => one !== null);
}

function section(title: string, ...children: readonly (HTMLElement | false)[]): HTMLElement {
  return h('section', {}, h('h2', {}, title), ...children);
}

function conflictItem(conflict: Conflict, known: ReadonlyMap<string, ScheduleEvent>, writing: Writing): HTMLElement {
  const { words } = writing;
  const text = conflict.kind === 'OVERLAP' ? words.overlap : words.cluster(conflict.events.length);
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
        `${dateTimeOf(conflict.startsAt, writing)} · ${[...new Set(courses)].join(', ')}`,
      ),
    ),
  );
}
