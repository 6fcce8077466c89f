// What a student can do about an event in its panel: check in and hand in while the services accept
// it, and the way to the LMS. The server checks every right and time again.
import { h } from './dom.ts';
import type { EventDetail, ScheduleEvent } from './graph-types.ts';
import type { Messages } from './messages.ts';

type Detail = NonNullable<EventDetail['scheduleEvent']>;

/** The action of an event. */
export type EventAction = 'CHECK_IN' | 'HAND_IN';

/** Runs an action. `url`: an address of the work, or null. Rejects with an error for the user. */
export type RunAction = (action: EventAction, url: string | null) => Promise<void>;

/**
 * What the owner of the calendar can do now; null for nothing, and for what is done or taught.
 * `now`: the server's clock, in milliseconds.
 */
export function actionOf(event: ScheduleEvent, detail: Detail, now: number): EventAction | null {
  if (event.completion !== 'PENDING' && event.completion !== 'MISSED') return null;
  if (Date.parse(event.startsAt) > now) return null;
  if (event.kind === 'ATTENDANCE') {
    const isByStudent = (detail.attendanceCheck?.method ?? 'TEACHER') !== 'TEACHER';
    return isByStudent && now < Date.parse(event.endsAt) ? 'CHECK_IN' : null;
  }
  return event.kind === 'ASSIGNMENT' && now <= Date.parse(event.closesAt ?? event.endsAt) ? 'HAND_IN' : null;
}

/** The controls of an event: of its action if there is one, and a link to the LMS. */
export function drawActions(
  detail: Detail,
  {
    action,
    messages,
    run,
  }: { readonly action: EventAction | null; readonly messages: Messages; readonly run: RunAction },
): HTMLElement[] {
  return [
    ...(action === null ? [] : [action === 'CHECK_IN' ? checkInForm(messages, run) : handInForm(messages, run)]),
    ...lmsLink(detail.url, messages),
  ];
}

/** The event's URL leads to My Page, unless the deployment has a page of its own for events. */
function lmsLink(url: string, messages: Messages): HTMLElement[] {
  const { searchParams } = new URL(url);
  if (searchParams.has('user') && searchParams.has('event')) return [];
  return [h('a', { href: url, rel: 'noreferrer noopener', target: '_blank' }, messages.openInLms)];
}

function checkInForm(messages: Messages, run: RunAction): HTMLElement {
  return actionForm(messages.checkIn, [], () => run('CHECK_IN', null));
}

function handInForm(messages: Messages, run: RunAction): HTMLElement {
  const url = h('input', { type: 'url', placeholder: 'https://', aria: { label: messages.workUrl } });
  const field = h('label', {}, messages.workUrl, ' ', url);
  return actionForm(messages.handIn, [field], () => run('HAND_IN', url.value === '' ? null : url.value));
}

/** A form that says why it failed; after a success the panel is drawn again. */
function actionForm(title: string, fields: readonly HTMLElement[], send: () => Promise<void>): HTMLElement {
  const said = h('p', { className: 'quiet', role: 'status' });
  const button = h('button', { type: 'submit', className: 'strong' }, title);
  const form = h('form', { className: 'event-action' }, ...fields, button, said);
  form.onsubmit = (event) => {
    event.preventDefault();
    button.disabled = true;
    send().catch((error: Error) => {
      button.disabled = false;
      said.replaceChildren(error.message);
    });
  };
  return form;
}
