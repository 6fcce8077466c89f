// What is written on an event, wherever it stands: an icon for its kind, its time, its title, and what became of it.
// Colour says the course; nothing is said by colour alone.
import type { ScheduleEvent } from './answers.ts';
import { h, icon } from './dom.ts';
import type { Language, Words } from './words.ts';
import { formatter } from './zone.ts';

/** How things are written. */
export interface Writing {
  readonly timeZone: string;
  readonly language: Language;
  readonly words: Words;
}

/** The local time of an instant, 24 hours: 09:00. */
export function timeOf(instant: string, { timeZone, language }: Writing): string {
  const options = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return formatter(language, options).format(new Date(instant));
}

/** A local day with its weekday: 11월 23일 (월). */
export function dateOf(instant: string, { timeZone, language }: Writing): string {
  const options = { timeZone, month: 'short', day: 'numeric', weekday: 'short' } as const;
  return formatter(language, options).format(new Date(instant));
}

/** Day and time. */
export function dateTimeOf(instant: string, writing: Writing): string {
  return `${dateOf(instant, writing)} ${timeOf(instant, writing)}`;
}

/** When it is, on its day: a deadline's time, or from and to. */
export function whenOf(event: ScheduleEvent, writing: Writing): string {
  if (event.timing === 'DEADLINE') return writing.words.dueAt(timeOf(event.endsAt, writing));
  return `${timeOf(event.startsAt, writing)}–${timeOf(event.endsAt, writing)}`;
}

/** The inside of an event on the grid; kind, day and state are words for those who hear the page. `isTall`: there is room for more than a line. */
export function eventMark(event: ScheduleEvent, writing: Writing & { readonly isTall: boolean }): HTMLElement {
  const at = event.timing === 'DEADLINE' ? event.endsAt : event.startsAt;
  const state = stateOf(event, writing.words);
  return h(
    'span',
    { className: writing.isTall ? 'mark tall' : 'mark' },
    icon(event.kind),
    unseen(`${writing.words.kind[event.kind]}, ${dateOf(at, writing)}, `),
    h('span', { className: 'mark-time' }, timeOf(at, writing)),
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

/** What became of an event, as icon and words; null when there is nothing to say. An extension is said first. */
export function stateOf(event: ScheduleEvent, words: Words): { icon: Parameters<typeof icon>[0]; text: string } | null {
  const text = words.completion[event.completion];
  if (event.completion === 'COMPLETED' || event.completion === 'EXCUSED') return { icon: 'done', text };
  if (event.completion === 'LATE') return { icon: 'late', text };
  if (event.completion === 'MISSED') return { icon: 'warning', text };
  return event.dateOverride === null ? null : { icon: 'extended', text: words.extended };
}
