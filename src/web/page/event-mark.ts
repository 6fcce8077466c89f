// The text of an event: an icon for its kind, its time, its title, and its state. Colour shows the
// course; nothing is shown by colour alone.

import { h, icon } from './dom.ts';
import type { ScheduleEvent } from './graph-types.ts';
import { mainCheck } from './joined-checks.ts';
import type { Language, Messages } from './messages.ts';
import { dayShown, lastDayOf, lastMomentOf } from './model.ts';
import type { HourCycle } from './preferences.ts';
import { formatter, localOf } from './zone.ts';

/** Language, texts, time zone and clock. */
export interface Locale {
  readonly hourCycle: HourCycle;
  readonly timeZone: string;
  readonly language: Language;
  readonly messages: Messages;
}

/** The local time of an instant: 09:00, or with a clock of 12 hours 9:00 AM. */
export function timeOf(instant: string, { timeZone, language, hourCycle }: Locale): string {
  return formatter(language, { timeZone, ...clockOf(hourCycle) }).format(new Date(instant));
}

/** How a time of the day is written. */
export function clockOf(hourCycle: HourCycle) {
  return { hour: hourCycle === 'h23' ? '2-digit' : 'numeric', minute: '2-digit', hourCycle } as const;
}

/**
 * The local time at which something ends: midnight is 24:00 of the day that ends there, or in words
 * where 12:00 AM would begin it.
 */
export function dueTimeOf(instant: string, locale: Locale): string {
  if (!/T00:00:00$/.test(localOf(instant, locale.timeZone))) return timeOf(instant, locale);
  return locale.hourCycle === 'h23' ? '24:00' : locale.messages.midnight;
}

/** The local day on which an event is shown. */
export function dateShown(event: ScheduleEvent, locale: Locale): string {
  const isDeadline = event.timing === 'DEADLINE';
  return dateOf(isDeadline ? new Date(Date.parse(event.endsAt) - 1).toISOString() : event.startsAt, locale);
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

/** Its time within its day: of a deadline, or from and to; over several days with the days. */
export function whenOf(event: ScheduleEvent, locale: Locale): string {
  const { startsAt, endsAt } = event;
  if (event.timing === 'DEADLINE') return locale.messages.dueAt(dueTimeOf(endsAt, locale));
  if (event.timing === 'ALL_DAY') return daysOf(event, locale);
  if (!isLong(event, locale)) return `${timeOf(startsAt, locale)}–${dueTimeOf(endsAt, locale)}`;
  const lastDay = dateOf(new Date(lastMomentOf(event)).toISOString(), locale);
  return `${dateTimeOf(startsAt, locale)} – ${lastDay} ${dueTimeOf(endsAt, locale)}`;
}

/** The days of an event of whole days. */
function daysOf(event: ScheduleEvent, locale: Locale): string {
  if (!isLong(event, locale)) return locale.messages.allDay;
  return `${dateOf(event.startsAt, locale)} – ${dateOf(new Date(lastMomentOf(event)).toISOString(), locale)}`;
}

/** Whether it takes place on several days. */
export function isLong(event: ScheduleEvent, { timeZone }: Pick<Locale, 'timeZone'>): boolean {
  return event.timing !== 'DEADLINE' && dayShown(event, timeZone) !== lastDayOf(event, timeZone);
}

/**
 * The content of an event on the grid. Kind, day and state are words for screen readers. `isTall`:
 * there is room for several lines.
 */
export function eventMark(event: ScheduleEvent, locale: Locale & { readonly isTall: boolean }): HTMLElement {
  const time = event.timing === 'DEADLINE' ? dueTimeOf(event.endsAt, locale) : timeOf(event.startsAt, locale);
  // There is little room: 9:00 AM is 9 AM.
  const short = locale.hourCycle === 'h12' ? time.replace(':00', '') : time;
  const isAllDay = event.timing === 'ALL_DAY';
  const state = stateOf(event, locale.messages);
  return h(
    'span',
    { className: locale.isTall ? 'mark tall' : 'mark' },
    icon(event.kind),
    unseen(`${locale.messages.kind[event.kind]}, ${dateShown(event, locale)}, `),
    isAllDay ? null : h('span', { className: 'mark-time' }, short),
    h('span', { className: 'mark-title' }, titleShown(event)),
    state === null
      ? null
      : h('span', { className: 'mark-state', title: state.text }, icon(state.icon), unseen(`, ${state.text}`)),
  );
}

/**
 * The title with its course first, which is named once; of the course only what comes before a
 * bracket.
 */
export function titleShown({ title, course }: Pick<ScheduleEvent, 'title' | 'course'>): string {
  const short = course.title.replace(/\s*[([（].*$/s, '') || course.title;
  const rest = title.replace(course.title, '').replace(short, '').trim();
  if (rest === '' || rest === title) return title === short || rest === '' ? title : `${short} ${title}`;
  return `${short} ${rest.replace(/^[-–—:·,]\s*/, '')}`;
}

/** Text for screen readers only. */
export function unseen(text: string): HTMLElement {
  return h('span', { className: 'unseen' }, text);
}

/** Whether this user may hand in later than the others. */
export function isExtended({ timing, endsAt, dateOverride }: ScheduleEvent): boolean {
  return timing === 'DEADLINE' && dateOverride !== null && Date.parse(endsAt) > Date.parse(dateOverride.endsAt);
}

/**
 * The state of an event as icon and words; null when there is nothing to say. An extension comes
 * first.
 */
export function stateOf(
  event: ScheduleEvent,
  messages: Messages,
): { icon: Parameters<typeof icon>[0]; text: string } | null {
  const check = mainCheck(event);
  const ofCheck = check === undefined ? null : stateOfCheck(check, messages);
  if (ofCheck !== null) return ofCheck;
  const text = messages.completion[event.completion];
  if (event.completion === 'COMPLETED' || event.completion === 'EXCUSED') return { icon: 'done', text };
  if (event.completion === 'LATE') return { icon: 'late', text };
  if (event.completion === 'MISSED') return { icon: 'warning', text };
  if (event.dateOverride === null) return null;
  return { icon: 'extended', text: isExtended(event) ? messages.extended : messages.moved };
}

/** The state of a lecture's check: also that one can check in now. */
function stateOfCheck(check: ScheduleEvent, messages: Messages): ReturnType<typeof stateOf> {
  const isOpen = check.phase === 'OPEN' && check.completion === 'PENDING';
  const state = isOpen ? ({ icon: 'late', text: messages.checkInNow } as const) : stateOf(check, messages);
  return state === null ? null : { ...state, text: `${messages.kind.ATTENDANCE}: ${state.text}` };
}
