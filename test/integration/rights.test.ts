// Promise: who may see what follows the table of rights in schema/README.md at every moment:
// reasons of other dates, sections, and permissions that have just ended.
import { afterEach, describe, expect, test } from '@jest/globals';
import { manualClock } from '../harness/clock.ts';
import { MARCH, THEIRS, type Theirs } from '../harness/documents.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, courseErn, moved } from '../harness/rows.ts';

const SECTION = `${courseErn(1)}/section/1`;
const essay = assignment({ course: 1, at: '2026-03-03T00:00+09:00' });
const report = { ...assignment({ course: 1, at: '2026-03-04T00:00+09:00' }), audience: SECTION };
const clock = manualClock();

let graph: MockGraph;
afterEach(() => graph.close());
async function start(staffSeesReasons = false) {
  graph = await startGraph({
    sources: 'mock',
    clock,
    staffSeesReasons,
    rows: {
      enrollments: { 'student-1': [1, SECTION] },
      teaches: { 'teacher-1': [1], 'teacher-2': [SECTION] },
      observes: { 'observer-1': ['student-1'] },
      items: [essay, report, moved('student-1', essay, { endsAt: '2026-03-20T00:00+09:00', reason: 'illness' })],
    },
  });
}

const read = async (viewer: string, more: object = {}) =>
  (await graph.query<Theirs>(viewer, THEIRS, { user: 'student-1', ...MARCH, ...more })).body;
const byId = `{ scheduleEvent(id: "ASSIGNMENT!student-1!${essay.ern}") { dateOverride { reason } } }`;

describe('why a student’s dates differ', () => {
  const reasons = async (viewer: string) => {
    const event = (await read(viewer)).data.user?.calendar.events.find(({ ern }) => ern === essay.ern);
    const { body } = await graph.query<{ scheduleEvent: { dateOverride: { reason: string | null } } }>(viewer, byId);
    return [event?.dateOverride?.reason, body.data.scheduleEvent.dateOverride.reason];
  };

  test('is shown to the student and to administrators, not to observers and staff', async () => {
    await start();
    for (const viewer of ['student-1', 'admin-1']) expect(await reasons(viewer)).toEqual(['illness', 'illness']);
    for (const viewer of ['observer-1', 'teacher-1']) expect(await reasons(viewer)).toEqual([null, null]);
  });

  test('is shown to staff of the course where the setting says so, and not to observers', async () => {
    await start(true);
    expect(await reasons('teacher-1')).toEqual(['illness', 'illness']);
    expect(await reasons('observer-1')).toEqual([null, null]);
  });
});

test('staff of a section see what the section lists, and staff of the course both', async () => {
  await start();
  const erns = async (viewer: string) => (await read(viewer)).data.user?.calendar.events.map(({ ern }) => ern).sort();
  expect(await erns('teacher-2')).toEqual([report.ern]);
  expect(await erns('teacher-1')).toEqual([essay.ern, report.ern].sort());
});

describe('a permission that has ended', () => {
  test('is refused at once to a reader with maxAge 0, and by scheduleEvent', async () => {
    await start();
    expect((await read('teacher-1')).data.user).not.toBeNull();
    graph.rows.teaches['teacher-1'] = [];
    expect((await read('teacher-1', { maxAge: 0 })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const { body } = await graph.query('teacher-1', byId);
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('because the student has left is not granted a minute later, without a feed and with the source away', async () => {
    await start();
    expect((await read('teacher-1')).data.user).not.toBeNull();
    graph.rows.enrollments['student-1'] = [2];
    await clock.advance(30_000);
    expect((await read('teacher-1')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

test('a stream ends within a minute after its right, without a feed that tells of it', async () => {
  await start();
  const token = await graph.sign({ audience: 'calendar', user: { id: 'teacher-1', roles: ['teacher'], scopes: [] } });
  const leave = new AbortController();
  const url = new URL('/changes?user=student-1', graph.calendarUrl);
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: leave.signal });
  const reader = response.body?.getReader();
  const heard = { over: false };
  const reading = (async () => {
    while ((await reader?.read())?.done === false);
    heard.over = true;
  })().catch(() => undefined);
  graph.rows.teaches['teacher-1'] = [];
  for (let second = 0; second < 60; second += 1) {
    await clock.advance(1_000);
    await graph.query('admin-1', '{ viewer { id } }');
  }
  await eventually('the end', () => heard.over);
  leave.abort();
  await reading;
});
