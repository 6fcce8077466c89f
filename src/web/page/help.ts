// The help panel: the keys of the page, and the switch for them.
import { at, h } from './dom.ts';
import { areKeysOn, type Command, KEYS, switchKeys } from './keyboard.ts';
import type { Messages } from './messages.ts';
import { panelHeading } from './panel.ts';

const SHOWN: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→' };

/** Opens the panel. */
export function openHelp(messages: Messages): void {
  const dialog = at<HTMLDialogElement>('help');
  const keys = Object.entries(KEYS) as [Command, string][];
  const box = h('input', { type: 'checkbox', checked: areKeysOn() });
  box.onchange = () => switchKeys(box.checked);
  dialog.replaceChildren(
    h(
      'div',
      { className: 'panel-body' },
      panelHeading(messages, dialog, messages.help, 'help-title', messages.keys),
      h(
        'dl',
        {},
        ...keys.flatMap(([command, key]) => [
          h('dt', {}, h('kbd', {}, SHOWN[key] ?? key)),
          h('dd', {}, messages.commands[command]),
        ]),
      ),
      h('label', {}, box, ' ', messages.keysOn),
    ),
  );
  dialog.showModal();
}
