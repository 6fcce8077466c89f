// What is written on an event, wherever it stands: an icon for its kind, its time, its title, and
// what became of it. Colour says the course; nothing is said by colour alone.

import { h, icon } from './dom.ts';
import type { ScheduleEvent } from './graph-types.ts';
import type { Language, Messages } from './messages.ts';
import { formatter } from './zone.ts';

/** How things are written. */
export interface Locale {
  readonly timeZone: string;
  readonly language: Language;
  readonly messages: Messages;
}

/** The local time of an instant, 24 hours: 09:00. */
export function timeOf(instant: string, { timeZone, language }: Locale): string {
  const options = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return formatter(language, options).format(new Date(instant));
}

/** A local day with its weekday: 11월 23일 (월). */
export function dateOf(instant: string, { timeZone, language }: Locale): string {
  const options = { timeZone, month: 'short', day: 'numeric', weekday: 'short' } as const;
  return formatter(language, options).format(new Date(instant));
}

/** Day and time. */
export function dateTimeOf(instant: string, locale: Locale): string {
  return `${dateOf(instant, locale)} ${timeOf(instant, locale)}`;
}

/** When it is, on its day: a deadline's time, or from and to. */
export function whenOf(event: ScheduleEvent, locale: Locale): string {
  if (event.timing === 'DEADLINE') return locale.messages.dueAt(timeOf(event.endsAt, locale));
  return `${timeOf(event.startsAt, locale)}–${timeOf(event.endsAt, locale)}`;
}

/**
 * The inside of an event on the grid; kind, day and state are words for those who hear the page.
 * `isTall`: there is room for more than a line.
 */
export function eventMark(event: ScheduleEvent, locale: Locale & { readonly isTall: boolean }): HTMLElement {
  const at = event.timing === 'DEADLINE' ? event.endsAt : event.startsAt;
  const state = stateOf(event, locale.messages);
  return h(
    'span',
    { className: locale.isTall ? 'mark tall' : 'mark' },
    icon(event.kind),
    unseen(`${locale.messages.kind[event.kind]}, ${dateOf(at, locale)}, `),
    h('span', { className: 'mark-time' }, timeOf(at, locale)),
    h('span', { className: 'mark-title' }, event.title),
    state === null
      ? null
      : h('span', { className: 'mark-state', title: state.text }, icon(state.icon), unseen(`, ${state.text}`)),
  );
}

/** Words that are heard and not seen. */
export function unseen(text: string): HTMLElement {
  return h('span', { className: 'unseen' }, text);
}

/**
 * What became of an event, as icon and words; null when there is nothing to say. An extension is
 * said first.
 */
export function stateOf(
  event: ScheduleEvent,
  messages: Messages,
): { icon: Parameters<typeof icon>[0]; text: string } | null {
  const text = messages.completion[event.completion];
  if (event.completion === 'COMPLETED' || event.completion === 'EXCUSED') return { icon: 'done', text };
  if (event.completion === 'LATE') return { icon: 'late', text };
  if (event.completion === 'MISSED') return { icon: 'warning', text };
  return event.dateOverride === null ? null : { icon: 'extended', text: messages.extended };
}
