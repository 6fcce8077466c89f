// The panel of the subscription URL: open it in a calendar app, copy it, or rotate it.

import { at, h, icon } from './dom.ts';
import type { SubscriptionAddress } from './graph-types.ts';
import type { Messages } from './messages.ts';
import { subscriptionChoices } from './subscription-choices.ts';

/** Opens the panel. `read` returns the URL, `rotate` a new one. */
export async function openSubscribe(
  messages: Messages,
  read: () => Promise<SubscriptionAddress | null>,
  rotate: () => Promise<SubscriptionAddress>,
): Promise<void> {
  const dialog = at<HTMLDialogElement>('subscribe');
  const address = h('input', { readOnly: true, type: 'text', aria: { label: messages.address } });
  const open = h('a', { className: 'button strong' }, messages.open);
  const said = h('p', { className: 'quiet', role: 'status' });
  let current: SubscriptionAddress | null = null;
  const choices = subscriptionChoices(messages, () => {
    if (current !== null) show(current);
  });
  const show = (shown: SubscriptionAddress) => {
    current = shown;
    const query = choices.query();
    // Some clients fail on webcal, others ask for it in clear: what is copied is https.
    address.value = shown.url + query;
    open.href = shown.webcalUrl + query;
  };
  const copy = () => {
    address.select();
    navigator.clipboard.writeText(address.value).then(
      () => said.replaceChildren(messages.copied),
      // Without permission for the clipboard the URL is selected, to be copied by hand.
      () => undefined,
    );
  };
  const renew = () => {
    rotate().then(
      (renewed) => {
        show(renewed);
        said.replaceChildren(messages.rotated);
      },
      (error: Error) => said.replaceChildren(error.message),
    );
  };
  dialog.replaceChildren(
    h(
      'div',
      { className: 'panel-body' },
      heading(messages, dialog),
      h('p', {}, messages.subscribeText),
      ...choices.elements,
      h('div', { className: 'field' }, address, h('button', { type: 'button', onclick: copy }, messages.copy)),
      h('div', { className: 'actions' }, open, h('button', { type: 'button', onclick: renew }, messages.rotate)),
      h('p', { className: 'quiet' }, messages.subscribeWarning),
      said,
    ),
  );
  if (!dialog.open) dialog.showModal();
  const found = await read().catch(() => null);
  if (found === null) said.replaceChildren(messages.failed);
  else show(found);
}

function heading(messages: Messages, dialog: HTMLDialogElement): HTMLElement {
  return h(
    'header',
    {},
    h('p', { className: 'panel-kind' }, icon('subscribe'), messages.subscribe),
    h(
      'button',
      { type: 'button', className: 'plain', aria: { label: messages.close }, onclick: () => dialog.close() },
      icon('close'),
    ),
    h('h2', { id: 'subscribe-title' }, messages.subscribeTitle),
  );
}
