// Promise: what a user teaches is NOT_REQUIRED on that user's calendar, for every reader and
// whichever source is away; students see it as their own work.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { MARCH, MINE, type Mine, THEIRS, type Theirs } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, check, lecture } from '../harness/rows.ts';
import { values } from '../ics/examples.ts';

const talk = lecture({ course: 1, at: '2026-03-02T08:00+09:00' });
const roll = check({ course: 1, at: '2026-03-02T08:00+09:00' });
const essay = assignment({ course: 1, at: '2026-03-01T00:00+09:00' });
const attended = assignment({ course: 2, at: '2026-03-01T00:00+09:00' });

let graph: MockGraph;
beforeEach(async () => {
  graph = await startGraph({
    sources: 'mock',
    rows: {
      enrollments: { 'student-1': [1], 'teacher-1': [2] },
      teaches: { 'teacher-1': [1], 'teacher-2': [1], 'student-3': [1] },
      observes: { 'observer-1': ['teacher-1'] },
      items: [talk, roll, essay, attended],
    },
  });
});
afterEach(() => graph.close());

const completions = (calendar: Mine['viewer']['calendar'] | undefined) =>
  Object.fromEntries(calendar?.events.map(({ ern, completion }) => [ern, completion]) ?? []);
const TAUGHT = { [talk.ern]: 'NOT_REQUIRED', [roll.ern]: 'NOT_REQUIRED', [essay.ern]: 'NOT_REQUIRED' };

test('on a teacher’s own calendar taught work is NOT_REQUIRED, and other work is not', async () => {
  const { body } = await graph.query<Mine>('teacher-1', MINE, MARCH);
  expect(completions(body.data.viewer.calendar)).toEqual({ ...TAUGHT, [attended.ern]: 'PENDING' });
  const { body: student } = await graph.query<Mine>('student-1', MINE, MARCH);
  expect(completions(student.data.viewer.calendar)).toMatchObject({ [roll.ern]: 'MISSED', [essay.ern]: 'PENDING' });
});

test('looking up taught courses needs no further call', async () => {
  await graph.query('teacher-1', MINE, MARCH);
  await graph.query('teacher-1', MINE, MARCH);
  expect(Object.values(graph.calls).map((calls) => calls.length)).toEqual([2, 2, 2]);
});

test('taught work is never overdue, due or in a cluster, and the completion filter finds it', async () => {
  const document = `query ($from: DateTime!, $to: DateTime!) { viewer {
    overdue { nodes { ern } }
    calendar(from: $from, to: $to, filter: { completion: [NOT_REQUIRED] }) { events { ern } summary { overdue } }
  } }`;
  const { body } = await graph.query('teacher-1', document, MARCH);
  expect(body.data).toEqual({
    viewer: {
      overdue: { nodes: [] },
      calendar: { events: expect.arrayContaining([{ ern: essay.ern }, { ern: roll.ern }]), summary: { overdue: 0 } },
    },
  });
});

test('an event by its id is the same as in the calendar', async () => {
  const document = `{ scheduleEvent(id: "ASSIGNMENT!teacher-1!${essay.ern}") { completion } }`;
  const { body } = await graph.query('teacher-1', document);
  expect(body.data).toEqual({ scheduleEvent: { completion: 'NOT_REQUIRED' } });
});

describe('a teacher’s calendar is the same for', () => {
  test.each(['admin-1', 'teacher-2', 'observer-1'])('%s', async (viewer) => {
    const { body } = await graph.query<Theirs>(viewer, THEIRS, { user: 'teacher-1', ...MARCH });
    expect(completions(body.data.user?.calendar)).toMatchObject(TAUGHT);
  });
});

test('a teacher sees a student’s work as the student does', async () => {
  const { body } = await graph.query<Theirs>('teacher-1', THEIRS, { user: 'student-1', ...MARCH });
  expect(completions(body.data.user?.calendar)).toMatchObject({ [roll.ern]: 'MISSED' });
});

test('a teaching assistant, who has the role of a student, sees taught work as NOT_REQUIRED', async () => {
  const { body } = await graph.query<Mine>('student-3', MINE, MARCH);
  expect(completions(body.data.viewer.calendar)).toEqual(TAUGHT);
});

test('a teacher’s subscription has no open to-do for taught work', async () => {
  const { body } = await graph.query<{ viewer: { calendarSubscription: { url: string } } }>(
    'teacher-1',
    '{ viewer { calendarSubscription { url } } }',
  );
  const { pathname } = new URL(body.data.viewer.calendarSubscription.url);
  const reply = await request(`${graph.gatewayUrl}${pathname}?kinds=assignment&todo=1`);
  const text = await reply.body.text();
  expect(values(text, 'BEGIN')).toEqual(['VCALENDAR', 'VEVENT', 'VTODO']);
});

test('taught work is NOT_REQUIRED also while the lecture service is away', async () => {
  await graph.sources.lecture.fault({ refuse: true });
  const { body } = await graph.query<Mine>('teacher-1', MINE, MARCH);
  expect([body.errors, body.data.viewer.calendar.completeness]).toEqual([undefined, 'PARTIAL']);
  expect(completions(body.data.viewer.calendar)).toEqual({
    [roll.ern]: 'NOT_REQUIRED',
    [essay.ern]: 'NOT_REQUIRED',
    [attended.ern]: 'PENDING',
  });
  const { body: checks } = await graph.query<Mine>('teacher-1', MINE, { ...MARCH, filter: { kinds: ['ATTENDANCE'] } });
  expect(checks.data.viewer.calendar.completeness).toBe('COMPLETE');
  expect(completions(checks.data.viewer.calendar)).toEqual({ [roll.ern]: 'NOT_REQUIRED' });
});
