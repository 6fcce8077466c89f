// Promise: a reader waits at most for its timeout; a load that is late finishes in the background
// and serves the next reader.

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { MARCH, MINE, type Mine, type ShownCalendar } from '../harness/documents.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph, MockOptions } from '../harness/mock-graph.ts';
import { drawn, expected } from '../harness/oracle.ts';
import { assignment, check, lecture } from '../harness/rows.ts';

const OTHERS = { ...MARCH, filter: { kinds: ['LECTURE', 'ASSIGNMENT'] } };
const FEBRUARY = { from: '2026-02-01T00:00:00+09:00', to: '2026-03-01T00:00:00+09:00' };

const start = (options: MockOptions = {}) =>
  startGraph({
    sources: 'mock',
    // Longer than any test: what ends a wait here is never the transport.
    sourceDeadlineMs: 120_000,
    rows: {
      enrollments: { 'student-1': [1] },
      items: [
        lecture({ course: 1, at: '2026-03-10T09:00+09:00' }),
        check({ course: 1, at: '2026-03-10T09:00+09:00' }),
        assignment({ course: 1, at: '2026-03-11T00:00+09:00' }),
      ],
    },
    ...options,
  });

let clock: ManualClock;
let graph: MockGraph;
beforeEach(() => {
  clock = manualClock();
});
afterEach(() => graph.close());

async function read(variables: Record<string, unknown>, headers?: Record<string, string>): Promise<ShownCalendar> {
  const { body } = await graph.query<Mine>('student-1', MINE, variables, headers);
  return body.data.viewer.calendar;
}
const attendance = ({ sources }: ShownCalendar) => sources.find((source) => source.kind === 'ATTENDANCE');
/** Whether it has not been answered by the time later requests have. */
async function isPending(answer: Promise<unknown>): Promise<boolean> {
  const later = Promise.all([1, 2, 3].map(() => graph.query('student-1', '{ viewer { id } }')));
  return Promise.race([answer.then(() => false), later.then(() => true)]);
}

/**
 * Lets attendance hang and starts to read; the answer is to come, the call that hangs has arrived.
 */
async function readWhileItHangs(variables: Record<string, unknown>, headers?: Record<string, string>) {
  await read(OTHERS);
  await graph.sources.attendance.fault({ hang: 'headers' });
  const before = graph.calls.attendance.length;
  const answer = read(variables, headers);
  await eventually('the call that hangs', () => graph.calls.attendance.length > before);
  return { answer };
}

test('a hanging source is UNAVAILABLE with reason TIMEOUT after timeout milliseconds, and the others are complete', async () => {
  graph = await start({ clock });
  const { answer } = await readWhileItHangs({ ...MARCH, timeout: 300 });
  await clock.advance(299);
  expect(await isPending(answer)).toBe(true);
  await clock.advance(1);
  const calendar = await answer;
  expect(attendance(calendar)).toMatchObject({ status: 'UNAVAILABLE', reason: 'TIMEOUT', count: 0 });
  expect(calendar.completeness).toBe('PARTIAL');
  expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH, ['LECTURE', 'ASSIGNMENT']));
});

test('the load finishes in the background, and the next reader needs no call', async () => {
  graph = await start({ clock });
  // The audiences are known, so what hangs is the slice.
  await read(FEBRUARY);
  const before = graph.calls.attendance.length;
  const { answer } = await readWhileItHangs({ ...MARCH, timeout: 100 });
  await clock.advance(100);
  expect(attendance(await answer)?.reason).toBe('TIMEOUT');
  await graph.sources.attendance.heal();
  const calendar = await eventually('the answer that was late', async () => {
    const next = await read({ ...MARCH, timeout: 0 });
    return next.completeness === 'COMPLETE' && next;
  });
  expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH));
  expect(graph.calls.attendance).toHaveLength(before + 1);
});

test('a hanging source with a cached copy is STALE with reason TIMEOUT', async () => {
  graph = await start({ clock });
  await read(MARCH);
  await clock.advance(10 * 60_000);
  const { answer } = await readWhileItHangs({ ...MARCH, timeout: 100 });
  // One wait for the audiences and the slices after them: both are over at the same moment.
  await clock.advance(100);
  const calendar = await answer;
  expect(attendance(calendar)).toMatchObject({ status: 'STALE', reason: 'TIMEOUT', count: 1 });
  expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH));
});

test('without a timeout the calendar’s own limit applies', async () => {
  graph = await start({ clock });
  const { answer } = await readWhileItHangs(MARCH);
  await clock.advance(799);
  expect(await isPending(answer)).toBe(true);
  await clock.advance(1);
  expect(attendance(await answer)).toMatchObject({ status: 'UNAVAILABLE', reason: 'TIMEOUT' });
});

test('the caller’s remaining time limits the wait, also with a longer timeout', async () => {
  graph = await start({ clock, gateway: false });
  const { answer } = await readWhileItHangs({ ...MARCH, timeout: 700 }, { 'x-deadline-ms': '50' });
  await clock.advance(50);
  expect(attendance(await answer)).toMatchObject({ status: 'UNAVAILABLE', reason: 'TIMEOUT' });
});

test('the answer leaves a tenth of the caller’s remaining time to send it', async () => {
  graph = await start({ clock, gateway: false });
  const { answer } = await readWhileItHangs(MARCH, { 'x-deadline-ms': '300' });
  await clock.advance(270);
  expect(attendance(await answer)).toMatchObject({ status: 'UNAVAILABLE', reason: 'TIMEOUT' });
});

test('looking up who may see a calendar ends with the budget of the request', async () => {
  graph = await start({ clock, rows: { observes: { 'observer-1': ['student-1'] } } });
  await graph.sources.lecture.fault({ hang: 'headers' });
  const before = graph.calls.lecture.length;
  const asked = graph.query('observer-1', '{ user(id: "student-1") { id } }');
  await eventually('the call that hangs', () => graph.calls.lecture.length > before);
  await clock.advance(800);
  const { body } = await asked;
  expect(body.errors?.map(({ extensions }) => extensions.code)).toContain('UNAVAILABLE');
});

test('a timeout of 0 starts loads and does not wait', async () => {
  graph = await start({ clock });
  const { answer } = await readWhileItHangs({ ...MARCH, timeout: 0 });
  await clock.advance(0);
  expect(attendance(await answer)).toMatchObject({ status: 'UNAVAILABLE', reason: 'TIMEOUT' });
});

test('one reader’s timeout does not affect another reader', async () => {
  graph = await start({ clock });
  await read(FEBRUARY);
  const before = graph.calls.attendance.length;
  const { answer: patient } = await readWhileItHangs(MARCH);
  let hasty: ShownCalendar | false = false;
  void read({ ...MARCH, timeout: 0 }).then((calendar) => {
    hasty = calendar;
  });
  const answered = await eventually('the hasty reader', async () => {
    await clock.advance(0);
    return hasty;
  });
  expect(attendance(answered)?.reason).toBe('TIMEOUT');
  await graph.sources.attendance.heal();
  expect((await patient).completeness).toBe('COMPLETE');
  expect(graph.calls.attendance).toHaveLength(before + 1);
});

test('on the system clock too the answer comes while the source still hangs', async () => {
  graph = await start({ clock: systemClock });
  await read(OTHERS);
  await graph.sources.attendance.fault({ hang: 'headers' });
  expect(attendance(await read({ ...MARCH, timeout: 50 }))).toMatchObject({ status: 'UNAVAILABLE', reason: 'TIMEOUT' });
});
