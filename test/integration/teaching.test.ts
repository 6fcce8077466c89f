// Promise: on their own calendar teachers see what they teach as NOT_REQUIRED; students see it as
// their own work.

import { afterEach, beforeEach, expect, test } from '@jest/globals';
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
      teaches: { 'teacher-1': [1] },
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

test('an administrator sees a teacher’s calendar as the teacher does, and a teacher a student’s as the student does', async () => {
  const theirs = async (viewer: string, user: string) =>
    (await graph.query<Theirs>(viewer, THEIRS, { user, ...MARCH })).body.data.user?.calendar;
  expect(completions(await theirs('admin-1', 'teacher-1'))).toMatchObject(TAUGHT);
  expect(completions(await theirs('teacher-1', 'student-1'))).toMatchObject({ [roll.ern]: 'MISSED' });
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

test('a teacher’s calendar is answered while taught courses cannot be loaded', async () => {
  await graph.sources.lecture.fault({ refuse: true });
  const { body } = await graph.query<Mine>('teacher-1', MINE, MARCH);
  expect([body.errors, body.data.viewer.calendar.completeness]).toEqual([undefined, 'PARTIAL']);
  expect(completions(body.data.viewer.calendar)).toMatchObject({ [essay.ern]: 'PENDING' });
});
