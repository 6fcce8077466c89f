// What an administrator sees first: whose calendar to show, in place of an empty month of their
// own.
import { showCalendarOf } from './calendar-owner.ts';
import { h } from './dom.ts';
import type { Messages } from './messages.ts';

/** A form that shows the calendar of the user whose id is entered. The API has no list of users. */
export function pickUserForm(messages: Messages): HTMLElement {
  const input = h('input', { type: 'search', required: true, placeholder: 'student-1', autocomplete: 'off' });
  const form = h(
    'form',
    { id: 'pick-user', className: 'event-action' },
    h('label', {}, messages.pickUser, input),
    h('button', { type: 'submit', className: 'strong' }, messages.showCalendar),
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    showCalendarOf(input.value.trim());
  };
  return form;
}
