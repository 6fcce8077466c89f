// What staff can change about an event, in its panel: move a lecture, a check or a due date for
// all, give a student more time. The server checks the right.
import { DOCUMENTS } from '../operations/documents.ts';
import { h } from './dom.ts';
import type { Send } from './event-actions.ts';
import type { Locale } from './event-mark.ts';
import type { Staff } from './event-rights.ts';
import { field, form, moment } from './forms.ts';
import type { ScheduleEvent } from './graph-types.ts';
import { instantOf, localOf } from './zone.ts';

/** The forms for an event of a course that the viewer teaches. */
export function drawTeacherActions(event: ScheduleEvent, locale: Locale, { user }: Staff, send: Send): HTMLElement[] {
  const { messages } = locale;
  switch (event.kind) {
    case 'LECTURE':
      return [movingForm(event, locale, messages.reschedule, DOCUMENTS.rescheduleLecture, send)];
    case 'ATTENDANCE':
      return [movingForm(event, locale, messages.moveCheck, DOCUMENTS.rescheduleAttendanceCheck, send)];
    case 'ASSIGNMENT':
      return [extensionForm(event, locale, user ?? '', send), dueForm(event, locale, send)];
    // Of a further kind the page knows no mutation.
    default:
      return [];
  }
}

function movingForm(
  event: ScheduleEvent,
  { messages, timeZone }: Locale,
  title: string,
  document: string,
  send: Send,
): HTMLElement {
  const starts = moment(localOf(event.startsAt, timeZone).slice(0, 16));
  const texts = { title, button: messages.save, saved: messages.saved };
  return form(texts, [field(messages.starts, starts)], () => {
    const startsAt = instantOf(starts.value, timeZone);
    const endsAt = startsAt + Date.parse(event.endsAt) - Date.parse(event.startsAt);
    const times = { startsAt: new Date(startsAt).toISOString(), endsAt: new Date(endsAt).toISOString() };
    return send(document, { ern: event.ern, ...times }, messages.saved);
  });
}

function extensionForm(event: ScheduleEvent, { messages, timeZone }: Locale, student: string, send: Send): HTMLElement {
  const user = h('input', { type: 'text', value: student, required: true });
  const due = moment(localOf(event.endsAt, timeZone).slice(0, 16));
  const reason = h('input', { type: 'text' });
  const texts = { title: messages.extend, button: messages.save, saved: messages.saved };
  const fields = [field(messages.student, user), field(messages.due, due), field(messages.reason, reason)];
  return form(texts, fields, () => {
    const endsAt = new Date(instantOf(due.value, timeZone)).toISOString();
    const variables = { ern: event.ern, user: user.value.trim(), endsAt, reason: reason.value || null };
    return send(DOCUMENTS.grantExtension, variables, messages.saved);
  });
}

/** The due date of the course; that of a student with more time stays as it is. */
function dueForm(event: ScheduleEvent, { messages, timeZone }: Locale, send: Send): HTMLElement {
  const due = moment(localOf(event.dateOverride?.endsAt ?? event.endsAt, timeZone).slice(0, 16));
  const texts = { title: messages.moveDue, button: messages.save, saved: messages.saved };
  return form(texts, [field(messages.dueForAll, due)], () => {
    const endsAt = new Date(instantOf(due.value, timeZone)).toISOString();
    return send(DOCUMENTS.updateAssignment, { ern: event.ern, input: { endsAt } }, messages.saved);
  });
}
