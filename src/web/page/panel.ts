// The panel of one event: what is loaded already, and details once its service has answered.

import { at, h, icon } from './dom.ts';
import {
  dateShown,
  dateTimeOf,
  dueTimeOf,
  isExtended,
  isLong,
  type Locale,
  stateOf,
  timeOf,
  whenOf,
} from './event-mark.ts';
import type { EventDetail, Kind, ScheduleEvent } from './graph-types.ts';
import type { Messages } from './messages.ts';

type Detail = NonNullable<EventDetail['scheduleEvent']>;

/** What fills the panel of an event. */
export interface PanelOptions {
  readonly detail: () => Promise<Detail | null>;
  /** The checks of a lecture, each of which opens its own panel. */
  readonly checks: readonly HTMLElement[];
  /** The controls below the details. */
  readonly actions: (detail: Detail) => readonly HTMLElement[];
  /** What was done a moment ago, in words. */
  readonly said?: string;
}

/** Opens the panel and calls `detail`. A panel that was opened since is not changed. */
export async function openPanel(
  event: ScheduleEvent,
  locale: Locale,
  { detail, checks, actions, said = '' }: PanelOptions,
): Promise<void> {
  const dialog = at<HTMLDialogElement>('panel');
  const behind = h(
    'div',
    { className: 'behind', aria: { busy: 'true' } },
    h('div', { className: 'skeleton line' }),
    h('div', { className: 'skeleton line' }),
  );
  const done = h('p', { role: 'status' }, said);
  const body = drawEvent(event, locale, behind, () => dialog.close());
  behind.before(...checks);
  body.append(done);
  dialog.replaceChildren(body);
  dialog.dataset.event = event.id;
  if (!dialog.open) dialog.showModal();
  const found = await detail().catch(() => null);
  behind.ariaBusy = 'false';
  behind.replaceChildren(...drawBehind(event, found, locale), ...(found === null ? [] : actions(found)));
}

/** The heading of a panel, with a button that closes it. `about`: in small letters above it. */
export function panelHeading(
  messages: Messages,
  dialog: HTMLDialogElement,
  about: string,
  id: string,
  title: string,
): HTMLElement {
  return h(
    'header',
    {},
    h('p', { className: 'panel-kind' }, about),
    h(
      'button',
      { type: 'button', className: 'plain', aria: { label: messages.close }, onclick: () => dialog.close() },
      icon('close'),
    ),
    h('h2', { id }, title),
  );
}

/** Calls back when the user has closed the panel. */
export function onPanelClosed(run: () => void): void {
  const dialog = at<HTMLDialogElement>('panel');
  dialog.addEventListener('close', () => {
    // The event comes later: another one may be open by then.
    if (!dialog.open) run();
  });
}

/** Closes the panel if it is open. */
export function closePanel(): void {
  at<HTMLDialogElement>('panel').close();
}

function drawEvent(event: ScheduleEvent, locale: Locale, behind: HTMLElement, onClose: () => void): HTMLElement {
  const { messages } = locale;
  const state = stateOf(event, messages);
  const { dateOverride } = event;
  return h(
    'div',
    { className: 'panel-body', vars: { '--course': event.course.color } },
    h(
      'header',
      {},
      h('p', { className: 'panel-kind' }, icon(event.kind), `${messages.kind[event.kind]} · ${event.course.title}`),
      h(
        'button',
        { type: 'button', className: 'plain', aria: { label: messages.close }, onclick: onClose },
        icon('close'),
      ),
      h('h2', { id: 'panel-title' }, event.title),
    ),
    rows([
      [
        event.timing === 'DEADLINE' ? messages.due : messages.time,
        isLong(event, locale)
          ? whenOf(event, locale)
          : `${dateShown(event, locale)} ${event.timing === 'DEADLINE' ? dueTimeOf(event.endsAt, locale) : whenOf(event, locale)}`,
      ],
      [messages.place, event.location],
      [messages.state, state?.text || messages.completion[event.completion]],
      [messages.lateFrom, event.lateAt && timeOf(event.lateAt, locale)],
      [messages.closesAt, event.closesAt && messages.until(dateTimeOf(event.closesAt, locale))],
      [
        isExtended(event) ? messages.extended : messages.moved,
        dateOverride && overriddenFrom(event, dateOverride, locale),
      ],
    ]),
    behind,
  );
}

/** Whether what is behind the event did not come. Of further kinds the page asks for nothing. */
function isMissing(kind: Kind, { lecture, attendanceCheck, assignment }: Detail): boolean {
  const resources: Partial<Record<Kind, unknown>> = {
    LECTURE: lecture,
    ATTENDANCE: attendanceCheck,
    ASSIGNMENT: assignment,
  };
  return kind in resources && !resources[kind];
}

function drawBehind(event: ScheduleEvent, found: Detail | null, { messages }: Locale): HTMLElement[] {
  if (found === null || isMissing(event.kind, found)) return [h('p', { className: 'quiet' }, messages.behindUnknown)];
  const { lecture, attendanceCheck, assignment } = found;
  const description = lecture?.description ?? assignment?.description;
  const url = assignment?.submissionUrl;
  return [
    ...(description ? [h('p', { className: 'description' }, description)] : []),
    rows([
      [messages.lecturer, lecture?.lecturer],
      [messages.method, attendanceCheck && messages.methods[attendanceCheck.method]],
      [messages.points, assignment && String(assignment.points)],
      [
        messages.submission,
        url && h('a', { href: url, rel: 'noreferrer noopener', target: '_blank' }, new URL(url).host),
      ],
    ]),
  ];
}

type Row = readonly [term: string, text: string | Node | null | undefined];

/** A definition list without the terms that have no value. */
function overriddenFrom(
  event: ScheduleEvent,
  original: NonNullable<ScheduleEvent['dateOverride']>,
  locale: Locale,
): string {
  const reason = original.reason ?? '';
  return isExtended(event)
    ? locale.messages.extendedFrom(dateTimeOf(original.endsAt, locale), reason)
    : locale.messages.movedFrom(dateTimeOf(original.startsAt, locale), reason);
}

function rows(all: readonly Row[]): HTMLElement {
  const given = all.filter((row): row is [string, string | Node] => Boolean(row[1]));
  return h('dl', {}, ...given.flatMap(([term, text]) => [h('dt', {}, term), h('dd', {}, text)]));
}
