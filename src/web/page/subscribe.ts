// The panel of the calendar's address: open it in another calendar, copy it, make it anew.
import type { FeedAddress } from './answers.ts';
import { at, h, icon } from './dom.ts';
import type { Words } from './words.ts';

/** Opens the panel. `read` gives the address, `rotate` makes it anew. */
export async function openSubscribe(
  words: Words,
  read: () => Promise<FeedAddress | null>,
  rotate: () => Promise<FeedAddress>,
): Promise<void> {
  const dialog = at<HTMLDialogElement>('subscribe');
  const address = h('input', { readOnly: true, type: 'text', aria: { label: words.address } });
  const open = h('a', { className: 'button strong' }, words.open);
  const said = h('p', { className: 'quiet', role: 'status' });
  const show = ({ url, webcalUrl }: FeedAddress) => {
    address.value = webcalUrl;
    open.href = webcalUrl;
    address.dataset.url = url;
  };
  const copy = () => {
    address.select();
    navigator.clipboard.writeText(address.value).then(
      () => said.replaceChildren(words.copied),
      // Without the right to the clipboard the address is selected, to be copied by hand.
      () => undefined,
    );
  };
  const renew = () => {
    rotate().then(
      (renewed) => {
        show(renewed);
        said.replaceChildren(words.rotated);
      },
      (error: Error) => said.replaceChildren(error.message),
    );
  };
  dialog.replaceChildren(
    h(
      'div',
      { className: 'panel-body' },
      h(
        'header',
        {},
        h('p', { className: 'panel-kind' }, icon('subscribe'), words.subscribe),
        h(
          'button',
          { type: 'button', className: 'plain', aria: { label: words.close }, onclick: () => dialog.close() },
          icon('close'),
        ),
        h('h2', { id: 'subscribe-title' }, words.feedTitle),
      ),
      h('p', {}, words.feedText),
      h('div', { className: 'field' }, address, h('button', { type: 'button', onclick: copy }, words.copy)),
      h('div', { className: 'actions' }, open, h('button', { type: 'button', onclick: renew }, words.rotate)),
      h('p', { className: 'quiet' }, words.feedWarning),
      said,
    ),
  );
  if (!dialog.open) dialog.showModal();
  const found = await read().catch(() => null);
  if (found === null) said.replaceChildren(words.failed);
  else show(found);
}
