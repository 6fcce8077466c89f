// The keyboard of the page: single keys for what the controls do. They count only where nothing is
// written or chosen and no panel is open, and can be switched off (WCAG 2.1.4).
import { forBrowser } from './storage.ts';

/** What a key does. */
export type Command = 'today' | 'month' | 'week' | 'list' | 'previous' | 'next' | 'search' | 'help';

/** The keys, in the order of the help panel. */
export const KEYS: Readonly<Record<Command, string>> = {
  today: 't',
  month: 'm',
  week: 'w',
  list: 'l',
  previous: 'ArrowLeft',
  next: 'ArrowRight',
  search: '/',
  help: '?',
};

const SETTING = 'keys';

/** The part of a KeyboardEvent that decides. `target`: the name of the focused element. */
export interface Pressed {
  readonly key: string;
  /** The place on the keyboard: with Hangul switched on, the key T writes ㅅ. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly target: string;
}

/** The command of a key; null if it has none here. */
export function commandOf({ key, code, ctrlKey, metaKey, altKey, target }: Pressed): Command | null {
  if (ctrlKey || metaKey || altKey || /^(?:INPUT|SELECT|TEXTAREA)$/.test(target)) return null;
  const isLatin = /^[\x20-\x7e]+$/.test(key);
  const pressed = isLatin ? key : code.replace(/^Key/, '').toLowerCase();
  const found = Object.entries(KEYS).find(
    ([, one]) => one === (pressed.length === 1 ? pressed.toLowerCase() : pressed),
  );
  return found === undefined ? null : (found[0] as Command);
}

/** Runs the commands of keys while the page is open. */
export function listenToKeys(run: (command: Command) => void): void {
  addEventListener('keydown', (event) => {
    if (!areKeysOn() || event.isComposing || document.querySelector('dialog[open]') !== null) return;
    const command = commandOf(Object.assign(copyOf(event), { target: (event.target as Element).nodeName }));
    if (command === null) return;
    event.preventDefault();
    run(command);
  });
}

function copyOf({ key, code, ctrlKey, metaKey, altKey }: KeyboardEvent) {
  return { key, code, ctrlKey, metaKey, altKey };
}

/** Whether the keys are on, as they are by default. */
export function areKeysOn(): boolean {
  return forBrowser().getItem(SETTING) !== 'off';
}

export function switchKeys(isOn: boolean): void {
  forBrowser().setItem(SETTING, isOn ? 'on' : 'off');
}
