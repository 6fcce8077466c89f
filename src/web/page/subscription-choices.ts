// What a subscription shows, chosen in its panel: the parameters of its URL (schema/README.md).
import { EVENT_KINDS } from '../../event-kinds.ts';
import { h } from './dom.ts';
import type { Messages } from './messages.ts';

/** The controls, and the query string that they stand for: empty, or with its question mark. */
export interface SubscriptionChoices {
  readonly elements: readonly HTMLElement[];
  readonly query: () => string;
}

/** Minutes before a deadline. */
const REMINDERS = ['', '60', '1440', '1440,60'] as const;

/** `onChange` is called after each choice. The language is the page's. */
export function subscriptionChoices(messages: Messages, onChange: () => void): SubscriptionChoices {
  const box = (checked: boolean) => h('input', { type: 'checkbox', checked, onchange: onChange });
  const kinds = EVENT_KINDS.map((kind) => ({ kind, input: box(true) }));
  const [todos, check] = [box(false), box(true)];
  const remind = h(
    'select',
    { onchange: onChange },
    ...REMINDERS.map((value, index) => h('option', { value }, messages.reminders[index] ?? value)),
  );
  const row = (...labels: HTMLElement[]) => h('div', { className: 'actions' }, ...labels);
  return {
    elements: [
      row(...kinds.map(({ kind, input }) => h('label', {}, input, ' ', messages.kind[kind]))),
      row(h('label', {}, todos, ' ', messages.asToDos), h('label', {}, check, ' ', messages.checkMark)),
      row(h('label', {}, messages.remind, ' ', remind)),
      h('p', { className: 'quiet' }, messages.remindText),
    ],
    query() {
      const chosen = kinds.filter(({ input }) => input.checked).map(({ kind }) => kind.toLowerCase());
      const parameters = [
        // None is the same as all: there is no address of nothing.
        ...(chosen.length % kinds.length === 0 ? [] : [`kinds=${chosen.join(',')}`]),
        ...(todos.checked ? ['todo=1'] : []),
        ...(check.checked ? [] : ['check=0']),
        ...(remind.value === '' ? [] : [`remind=${remind.value}`]),
        ...(document.documentElement.lang === 'ko' ? ['lang=ko'] : []),
      ];
      return parameters.length === 0 ? '' : `?${parameters.join('&')}`;
    },
  };
}
