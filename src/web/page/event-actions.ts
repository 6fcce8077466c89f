// The controls of an event's panel: a student checks in and hands in there, and goes to the LMS.
import { DOCUMENTS } from '../operations/documents.ts';
import { h } from './dom.ts';
import type { Detail, EventAction } from './event-rights.ts';
import type { Messages } from './messages.ts';

/**
 * Sends a mutation, then draws the panel again with `said`. Rejects with an error for the user.
 */
export type Send = (document: string, variables: object, said: string) => Promise<void>;

/** The controls of an event: of its action if there is one, and a link to the LMS. */
export function drawActions(
  detail: Detail,
  { action, messages, send }: { readonly action: EventAction | null; readonly messages: Messages; readonly send: Send },
): HTMLElement[] {
  return [
    ...(action === null
      ? []
      : [action === 'CHECK_IN' ? checkInForm(detail, messages, send) : handInForm(detail, messages, send)]),
    ...lmsLink(detail.url, messages),
  ];
}

/** The event's URL leads to My Page, unless the deployment has a page of its own for events. */
function lmsLink(url: string, messages: Messages): HTMLElement[] {
  const { searchParams } = new URL(url);
  if (searchParams.has('user') && searchParams.has('event')) return [];
  return [h('a', { href: url, rel: 'noreferrer noopener', target: '_blank' }, messages.openInLms)];
}

function checkInForm({ ern }: Detail, messages: Messages, send: Send): HTMLElement {
  return actionForm(messages.checkIn, [], () => send(DOCUMENTS.checkIn, { ern }, messages.checkedIn));
}

function handInForm({ ern }: Detail, messages: Messages, send: Send): HTMLElement {
  const url = h('input', { type: 'url', placeholder: 'https://', aria: { label: messages.workUrl } });
  const field = h('label', {}, messages.workUrl, ' ', url);
  const work = () => (url.value === '' ? null : url.value);
  return actionForm(messages.handIn, [field], () =>
    send(DOCUMENTS.submitAssignment, { ern, url: work() }, messages.handedIn),
  );
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
