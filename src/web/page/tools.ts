// Demo tools: what a teacher can change, next to the student's calendar, and a switch for each
// service. Only with demo users; data is loaded when the tools are opened.
import { tokenOf } from '../demo-users.ts';
import { DOCUMENTS } from '../operations/documents.ts';
import { h } from './dom.ts';
import { dateTimeOf, type Locale } from './event-mark.ts';
import { field, form, moment } from './forms.ts';
import { ask } from './graph.ts';
import type { MyPage, ScheduleEvent } from './graph-types.ts';
import type { Window } from './model.ts';
import { drawServices } from './service-switches.ts';
import { instantOf, localOf } from './zone.ts';

const TEACHER = 'teacher-1';
const HOUR_MS = 3_600_000;

/** Options of {@link createTools}. */
export interface ToolsOptions {
  readonly locale: Locale;
  /** The signed-in user, who gets the extension if they are a student. */
  readonly user: string;
  readonly window: Window;
  /** Courses of the shown calendar: only changes to these are visible. */
  readonly courses: ReadonlySet<string>;
  /** The server's clock, in milliseconds. */
  readonly now: number;
  /** Called when a service was stopped or started. */
  readonly onSwitch: () => void;
}

/** The tools, folded. */
export function createTools(options: ToolsOptions): HTMLElement {
  const { messages } = options.locale;
  const body = h('div', { className: 'tools-body' });
  const details = h('details', {}, h('summary', {}, messages.tools), body);
  details.ontoggle = () => {
    if (details.open) void fill(body, options);
  };
  return details;
}

async function fill(body: HTMLElement, options: ToolsOptions): Promise<void> {
  const { messages } = options.locale;
  const token = await tokenOf(TEACHER);
  if (token === null) return;
  const { viewer } = await ask<MyPage>(token, DOCUMENTS.myPage, options.window);
  const taught = viewer?.calendar.events ?? [];
  const shared = taught.filter((event) => options.courses.has(event.course.ern));
  const events = shared.length > 0 ? shared : taught;
  const send = (document: string, variables: object) => ask<unknown>(token, document, variables);
  body.replaceChildren(
    h('p', { className: 'quiet' }, `${messages.toolsText} (${TEACHER})`),
    rescheduling(events, options, send),
    adding(events, options, send),
    extending(events, options, send),
    await drawServices(token, messages, options.onSwitch),
  );
}

type Send = (document: string, variables: object) => Promise<unknown>;

function rescheduling(events: readonly ScheduleEvent[], { locale, now }: ToolsOptions, send: Send): HTMLElement {
  const { messages, timeZone } = locale;
  const lectures = events.filter((event) => event.kind === 'LECTURE' && Date.parse(event.startsAt) > now);
  const lecture = choice(lectures, (event) => `${event.title} · ${dateTimeOf(event.startsAt, locale)}`);
  const starts = moment();
  const prefill = () => {
    const chosen = lectures[lecture.selectedIndex];
    starts.value = chosen === undefined ? '' : minutes(Date.parse(chosen.startsAt) + HOUR_MS, timeZone);
  };
  lecture.onchange = prefill;
  prefill();
  return form(
    textsOf(messages, messages.reschedule),
    [field(messages.lecture, lecture), field(messages.starts, starts)],
    async () => {
      const chosen = lectures[lecture.selectedIndex];
      if (chosen === undefined) return;
      const startsAt = instantOf(starts.value, timeZone);
      const endsAt = startsAt + Date.parse(chosen.endsAt) - Date.parse(chosen.startsAt);
      await send(DOCUMENTS.rescheduleLecture, { ern: chosen.ern, startsAt: iso(startsAt), endsAt: iso(endsAt) });
    },
  );
}

function adding(events: readonly ScheduleEvent[], { locale, now }: ToolsOptions, send: Send): HTMLElement {
  const { messages, timeZone } = locale;
  const courses = [...new Map(events.map((event) => [event.course.ern, event.course])).values()];
  const course = choice(courses, ({ title }) => title);
  const title = h('input', { type: 'text', value: messages.newAssignment, required: true });
  const due = moment(`${localOf(now + 48 * HOUR_MS, timeZone).slice(0, 10)}T18:00`);
  const fields = [field(messages.course, course), field(messages.name, title), field(messages.due, due)];
  return form(textsOf(messages, messages.addAssignment), fields, async () => {
    const endsAt = iso(instantOf(due.value, timeZone));
    const input = { course: courses[course.selectedIndex]?.ern, title: title.value, startsAt: iso(now), endsAt };
    await send(DOCUMENTS.createAssignment, { input });
  });
}

function extending(events: readonly ScheduleEvent[], { locale, now, user }: ToolsOptions, send: Send): HTMLElement {
  const { messages, timeZone } = locale;
  const assignments = events.filter((event) => event.kind === 'ASSIGNMENT' && Date.parse(event.endsAt) > now);
  const assignment = choice(assignments, (event) => `${event.title} · ${dateTimeOf(event.endsAt, locale)}`);
  const student = h('input', { type: 'text', value: user.startsWith('student-') ? user : 'student-1', required: true });
  const due = moment(minutes(now + 120 * HOUR_MS, timeZone));
  const fields = [field(messages.assignment, assignment), field(messages.student, student), field(messages.due, due)];
  return form(textsOf(messages, messages.extend), fields, async () => {
    const endsAt = iso(instantOf(due.value, timeZone));
    await send(DOCUMENTS.grantExtension, {
      ern: assignments[assignment.selectedIndex]?.ern,
      user: student.value,
      endsAt,
    });
  });
}

/** The texts of a form. */
function textsOf({ save, saved }: Locale['messages'], title: string) {
  return { title, button: save, saved };
}

function choice<T>(all: readonly T[], say: (one: T) => string): HTMLSelectElement {
  return h('select', { required: true }, ...all.map((one) => h('option', {}, say(one))));
}

const minutes = (instant: number, zone: string) => localOf(instant, zone).slice(0, 16);
const iso = (instant: number) => new Date(instant).toISOString();
