// The list of a period, day by day, for phones and by choice. Plain headings, lists and buttons.

import { h, icon } from './dom.ts';
import { dateOf, dateShown, isLong, type Locale, stateOf, titleShown, unseen, whenOf } from './event-mark.ts';
import type { ScheduleEvent } from './graph-types.ts';
import { dayListed, momentOf } from './model.ts';

/**
 * The days of [from, to) that have events, in order; in the current month, days before today
 * (YYYY-MM-DD) are folded.
 */
export function drawList(
  events: readonly ScheduleEvent[],
  options: {
    readonly from: string;
    readonly to: string;
    readonly today: string;
    readonly locale: Locale;
    readonly onOpen: (event: ScheduleEvent) => void;
  },
): HTMLElement {
  const { from, to, today, locale, onOpen } = options;
  const days = Map.groupBy(
    [...events].sort((a, b) => Date.parse(momentOf(a)) - Date.parse(momentOf(b))),
    (event) => dayListed(event, today, locale.timeZone),
  );
  const shown = [...days].filter(([day]) => day >= from && day < to).sort(([a], [b]) => (a < b ? -1 : 1));
  const draw = (some: typeof shown) => some.map(([day, those]) => drawDay(day, those, day === today, locale, onOpen));
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
        h('summary', {}, locale.messages.pastDays(past.length)),
        h('div', { className: 'list' }, ...draw(past)),
      ),
    ...draw(rest),
  );
}

function drawDay(
  day: string,
  events: readonly ScheduleEvent[],
  isToday: boolean,
  locale: Locale,
  onOpen: (event: ScheduleEvent) => void,
): HTMLElement {
  const title = dateOf(`${day}T12:00:00Z`, { ...locale, timeZone: 'UTC' });
  return h(
    'section',
    { className: isToday ? 'list-day today' : 'list-day', data: { day } },
    h('h3', {}, title, isToday && h('span', { className: 'badge' }, locale.messages.today)),
    h('ul', {}, ...events.map((event) => h('li', {}, eventRow(event, locale, onOpen)))),
  );
}

/** An event as a button: course, icon, time, title, place, state. `withDay`: also its day. */
export function eventRow(
  event: ScheduleEvent,
  locale: Locale,
  onOpen: (event: ScheduleEvent) => void,
  withDay = false,
): HTMLElement {
  const state = stateOf(event, locale.messages);
  const when = whenOf(event, locale);
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
    unseen(`${locale.messages.kind[event.kind]}, `),
    h(
      'span',
      { className: 'row-text' },
      h('span', { className: 'row-title' }, titleShown(event)),
      h(
        'span',
        { className: 'row-when' },
        [withDay && !isLong(event, locale) ? dateShown(event, locale) : '', when, event.location ?? '']
          .filter(Boolean)
          .join(' · '),
      ),
    ),
    state === null ? null : h('span', { className: `state state-${state.icon}` }, icon(state.icon), state.text),
  );
}
