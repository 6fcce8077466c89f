// The panel of one event: what the page knows at once, and what is behind it when its service has answered.
import type { EventDetail, ScheduleEvent } from './answers.ts';
import { at, h, icon } from './dom.ts';
import { dateOf, dateTimeOf, stateOf, timeOf, type Writing, whenOf } from './event-mark.ts';
import { momentOf } from './model.ts';

type Detail = NonNullable<EventDetail['scheduleEvent']>;

/** Opens the panel; `detail` is asked for now. A panel opened meanwhile is left alone. */
export async function openPanel(
  event: ScheduleEvent,
  writing: Writing,
  detail: () => Promise<Detail | null>,
): Promise<void> {
  const dialog = at<HTMLDialogElement>('panel');
  const behind = h(
    'div',
    { className: 'behind', aria: { busy: 'true' } },
    h('div', { className: 'skeleton line' }),
    h('div', { className: 'skeleton line' }),
  );
  dialog.replaceChildren(drawEvent(event, writing, behind, () => dialog.close()));
  dialog.dataset.event = event.id;
  if (!dialog.open) dialog.showModal();
  const found = await detail().catch(() => null);
  behind.ariaBusy = 'false';
  behind.replaceChildren(...drawBehind(event, found, writing));
}

function drawEvent(event: ScheduleEvent, writing: Writing, behind: HTMLElement, onClose: () => void): HTMLElement {
  const { words } = writing;
  const state = stateOf(event, words);
  const { dateOverride } = event;
  return h(
    'div',
    { className: 'panel-body', vars: { '--course': event.course.color } },
    h(
      'header',
      {},
      h('p', { className: 'panel-kind' }, icon(event.kind), `${words.kind[event.kind]} · ${event.course.title}`),
      h(
        'button',
        { type: 'button', className: 'plain', aria: { label: words.close }, onclick: onClose },
        icon('close'),
      ),
      h('h2', { id: 'panel-title' }, event.title),
    ),
    rows([
      [
        event.timing === 'DEADLINE' ? words.due : words.time,
        `${dateOf(momentOf(event), writing)} ${event.timing === 'DEADLINE' ? timeOf(event.endsAt, writing) : whenOf(event, writing)}`,
      ],
      [words.place, event.location],
      [words.state, state?.text || words.completion[event.completion]],
      [words.lateFrom, event.lateAt && timeOf(event.lateAt, writing)],
      [words.closesAt, event.closesAt && words.until(dateTimeOf(event.closesAt, writing))],
      [
        words.extended,
        dateOverride && words.extendedFrom(dateTimeOf(dateOverride.endsAt, writing), dateOverride.reason ?? ''),
      ],
    ]),
    behind,
  );
}

function drawBehind(event: ScheduleEvent, found: Detail | null, { words }: Writing): HTMLElement[] {
  const entity =
    found && { LECTURE: found.lecture, ATTENDANCE: found.attendanceCheck, ASSIGNMENT: found.assignment }[event.kind];
  if (!entity) return [h('p', { className: 'quiet' }, words.behindUnknown)];
  const { lecture, attendanceCheck, assignment } = found;
  const description = lecture?.description ?? assignment?.description;
  const url = assignment?.submissionUrl;
  return [
    ...(description ? [h('p', { className: 'description' }, description)] : []),
    rows([
      [words.lecturer, lecture?.lecturer],
      [words.method, attendanceCheck && words.methods[attendanceCheck.method]],
      [words.points, assignment && String(assignment.points)],
      [words.submission, url && h('a', { href: url, rel: 'noreferrer noopener', target: '_blank' }, new URL(url).host)],
    ]),
  ];
}

type Row = readonly [term: string, text: string | Node | null | undefined];

/** Terms and what they are; those without are left out. */
function rows(all: readonly Row[]): HTMLElement {
  const given = all.filter((row): row is [string, string | Node] => Boolean(row[1]));
  return h('dl', {}, ...given.flatMap(([term, text]) => [h('dt', {}, term), h('dd', {}, text)]));
}
