// Small forms that send a mutation: their fields, and what is said of the result.
import { h } from './dom.ts';

/** A form that runs `save` and says that it worked, or why not. */
export function form(
  { title, button, saved }: { readonly title: string; readonly button: string; readonly saved: string },
  fields: readonly HTMLElement[],
  save: () => Promise<void>,
): HTMLFormElement {
  const said = h('p', { className: 'quiet', role: 'status' });
  const submit = h('button', { type: 'submit' }, button);
  const element = h('form', {}, h('h3', {}, title), ...fields, submit, said);
  element.onsubmit = (event) => {
    event.preventDefault();
    save().then(
      () => said.replaceChildren(saved),
      (error: Error) => said.replaceChildren(error.message),
    );
  };
  return element;
}

/** A control with its label. */
export function field(label: string, control: HTMLElement): HTMLElement {
  return h('label', {}, h('span', {}, label), control);
}

/** A local day and time, YYYY-MM-DDTHH:mm. */
export function moment(value = ''): HTMLInputElement {
  return h('input', { type: 'datetime-local', value, required: true });
}
