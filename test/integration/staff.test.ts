// Promises: who is no longer a teacher of a course writes and sees nothing of it, in no service;
// the checks of a lecture move with it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.ts';
import { type RealGraph, startRealGraph } from '../harness/real-graph.ts';

const DAY_MS = 86_400_000;
const COURSE = 'ern:lms:course/2';

let graph: RealGraph;
beforeAll(async () => {
  graph = await startRealGraph();
}, 60_000);
afterAll(() => graph.close());

const after = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const dates = `startsAt: "${after(0)}", endsAt: "${after(1)}"`;
const WRITES = {
  lecture: `createLecture(input: { course: "${COURSE}", title: "x", ${dates} }) { ern }`,
  attendance: `openAttendanceCheck(input: { course: "${COURSE}", title: "x", ${dates} }) { ern }`,
  assignment: `createAssignment(input: { course: "${COURSE}", title: "x", ${dates} }) { ern }`,
};
const codes = async () => {
  const results = [];
  for (const write of Object.values(WRITES)) {
    const { body } = await graph.query('teacher-1', `mutation { ${write} }`);
    results.push(body.errors?.[0]?.extensions.code ?? 'DONE');
  }
  return results;
};
const shown = async () => {
  const document = `{ viewer { calendar(from: "${after(-25)}", to: "${after(25)}", filter: { courses: ["${COURSE}"] }, maxAge: 0) { completeness events { completion } }
    overdue(first: 100) { nodes { id } } } }`;
  const { body } = await graph.query<{
    viewer: { calendar: { completeness: string; events: { completion: string }[] }; overdue: { nodes: object[] } };
  }>('teacher-1', document);
  const { calendar, overdue } = body.data.viewer;
  return [calendar.completeness, calendar.events.length, overdue.nodes.length] as const;
};

test('a teacher who is assigned may write and see everywhere, and one who is removed nothing', async () => {
  expect(await codes()).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
  await graph.query('admin-1', `mutation { assignTeacher(course: "${COURSE}", user: "teacher-1") { teaches } }`);
  expect(
    await eventually('the other services', async () => {
      const results = await codes();
      return results.every((code) => code === 'DONE') && results;
    }),
  ).toHaveLength(3);
  const [completeness, events, overdue] = await shown();
  expect([completeness, overdue]).toEqual(['COMPLETE', 0]);
  expect(events).toBeGreaterThan(20);
  await graph.query('admin-1', `mutation { removeTeacher(course: "${COURSE}", user: "teacher-1") { teaches } }`);
  await eventually('the other services', async () => (await codes()).every((code) => code === 'FORBIDDEN'));
  expect(await shown()).toEqual(['COMPLETE', 0, 0]);
});

test('a lecture that is rescheduled takes its check along when the teacher says so', async () => {
  const [lecture, check] = ['lecture', 'check'].map((type) => `ern:lms:course/1/${type}/48`);
  const times = async () => {
    const document = `{ lecture(ern: "${lecture}") { startsAt endsAt } attendanceCheck(ern: "${check}") { startsAt } }`;
    const { body } = await graph.query<Record<'lecture' | 'attendanceCheck', { startsAt: string; endsAt: string }>>(
      'teacher-1',
      document,
    );
    return body.data;
  };
  const before = await times();
  const next = (instant: string) => new Date(Date.parse(instant) + DAY_MS).toISOString();
  const { startsAt, endsAt } = before.lecture;
  const { body } = await graph.query(
    'teacher-1',
    `mutation { rescheduleLecture(ern: "${lecture}", startsAt: "${next(startsAt)}", endsAt: "${next(endsAt)}", moveChecks: true) { ern } }`,
  );
  expect(body.errors).toBeUndefined();
  const moved = next(before.attendanceCheck.startsAt);
  await eventually('the check', async () => (await times()).attendanceCheck.startsAt === moved);
});
