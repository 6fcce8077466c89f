// The list of a period, day by day: what phones get, and whoever prefers to read. Plain headings, lists and buttons.
import type { ScheduleEvent } from './answers.ts';
import { h, icon } from './dom.ts';
import { dateOf, stateOf, unseen, type Writing, whenOf } from './event-mark.ts';
import { momentOf } from './model.ts';
import { dayOf } from './zone.ts';

/** The days of [from, to) that have events, in order; those before today (YYYY-MM-DD) folded away in its own month. */
export function drawList(
  events: readonly ScheduleEvent[],
  options: {
    readonly from: string;
    readonly to: string;
    readonly today: string;
    readonly writing: Writing;
    readonly onOpen: (event: ScheduleEvent) => void;
  },
): HTMLElement {
  const { from, to, today, writing, onOpen } = options;
  const days = Map.groupBy(
    [...events].sort((a, b) => Date.parse(momentOf(a)) - Date.parse(momentOf(b))),
    (event) => dayOf(momentOf(event), writing.timeZone),
  );
  const shown = [...days].filter(([day]) => day >= from && day < to);
  const draw = (some: typeof shown) => some.map(([day, those]) => drawDay(day, those, day === today, writing, onOpen));
  const isCurrent = from <= today && today < to;
  const past = isCurrent ? shown.filter(([day]) => day < today) : [];
  const rest = shown.slice(past.length);
  return h(
    'div',
    { className: 'list' },
    past.length > 0 &&
      h(
        'details',
        { className: 'past' },
        h('summary', {}, writing.words.pastDays(past.length)),
        h('div', { className: 'list' }, ...draw(past)),
      ),
    ...draw(rest),
  );
}

function drawDay(
  day: string,
  events: readonly ScheduleEvent[],
  isToday: boolean,
  writing: Writing,
  onOpen: (event: ScheduleEvent) => void,
): HTMLElement {
  const [first] = events;
  const title = first === undefined ? day : dateOf(momentOf(first), writing);
  return h(
    'section',
    { className: isToday ? 'list-day today' : 'list-day', data: { day } },
    h('h3', {}, title, isToday && h('span', { className: 'badge' }, writing.words.today)),
    h('ul', {}, ...events.map((event) => h('li', {}, eventRow(event, writing, onOpen)))),
  );
}

/** One event as a button: course, icon, time, title, place, what became of it. `withDay`: also its day. */
export function eventRow(
  event: ScheduleEvent,
  writing: Writing,
  onOpen: (event: ScheduleEvent) => void,
  withDay = false,
): HTMLElement {
  const state = stateOf(event, writing.words);
  const when = whenOf(event, writing);
  return h(
    'button',
    {
      type: 'button',
      className: `row kind-${event.kind} completion-${event.completion} phase-${event.phase}`,
      data: { event: event.id },
      vars: { '--course': event.course.color },
      onclick: () => onOpen(event),
    },
    icon(event.kind),
    unseen(`${writing.words.kind[event.kind]}, `),
    h(
      'span',
      { className: 'row-text' },
      h('span', { className: 'row-title' }, event.title),
      h(
        'span',
        { className: 'row-when' },
        [withDay ? dateOf(momentOf(event), writing) : '', when, event.location ?? ''].filter(Boolean).join(' · '),
      ),
    ),
    state === null ? null : h('span', { className: `state state-${state.icon}` }, icon(state.icon), state.text),
  );
}
