// The month on a phone, above its list: a day has a dot for each of its events, up to three, in the
// colours of their courses. A tap goes to the day in the list.
import { h } from './dom.ts';
import { dateOf, type Locale } from './event-mark.ts';
import type { ScheduleEvent } from './graph-types.ts';
import { dayShown } from './model.ts';
import { addDays, formatter, monthGrid } from './zone.ts';

const MAX_DOTS = 3;

/** What the month is drawn from. `day`: any of the month. */
export interface PhoneMonthOptions {
  readonly events: readonly ScheduleEvent[];
  readonly day: string;
  readonly today: string;
  readonly locale: Locale;
  readonly onDay: (day: string) => void;
}

/** A table of weeks, from Sunday on, whose days are buttons. */
export function drawPhoneMonth({ events, day, today, locale, onDay }: PhoneMonthOptions): HTMLElement {
  const byDay = new Map<string, ScheduleEvent[]>();
  for (const event of events) {
    const shown = dayShown(event, locale.timeZone);
    byDay.set(shown, [...(byDay.get(shown) ?? []), event]);
  }
  const { from, to } = monthGrid(day);
  const cell = (date: string) =>
    h(
      'td',
      {},
      date.startsWith(day.slice(0, 7)) && dayButton(date, byDay.get(date) ?? [], date === today, locale, onDay),
    );
  const weeks: HTMLElement[] = [];
  for (let week = from; week < to; week = addDays(week, 7)) {
    weeks.push(h('tr', {}, ...Array.from({ length: 7 }, (_, offset) => cell(addDays(week, offset)))));
  }
  const heads = Array.from({ length: 7 }, (_, offset) => h('th', {}, weekdayOf(addDays(from, offset), locale)));
  return h('table', { className: 'phone-month' }, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...weeks));
}

function dayButton(
  date: string,
  events: readonly ScheduleEvent[],
  isToday: boolean,
  locale: Locale,
  onDay: (day: string) => void,
): HTMLElement {
  const name = dateOf(`${date}T12:00:00Z`, { ...locale, timeZone: 'UTC' });
  const dots = events
    .slice(0, MAX_DOTS)
    .map(({ course }) => h('span', { className: 'dot', vars: { '--course': course.color } }));
  return h(
    'button',
    {
      type: 'button',
      className: isToday ? 'plain today' : 'plain',
      disabled: events.length === 0,
      aria: { label: locale.messages.eventsOn(name, events.length) },
      onclick: () => onDay(date),
    },
    String(Number(date.slice(8))),
    h('span', { className: 'dots' }, ...dots),
  );
}

function weekdayOf(date: string, { language }: Locale): string {
  return formatter(language, { timeZone: 'UTC', weekday: 'narrow' }).format(new Date(date));
}
