// Promise: a user's overrides show on their own calendar and on no other.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MARCH, MINE, type Mine, type ShownEvent } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { drawn, expected } from '../harness/oracle.ts';
import { assignment, check, instant, lecture, moved, own, personal } from '../harness/rows.ts';

const APRIL = { from: '2026-04-01T00:00:00+09:00', to: '2026-05-01T00:00:00+09:00' };
const MAY = { from: '2026-05-01T00:00:00+09:00', to: '2026-06-01T00:00:00+09:00' };

const seminar = lecture({ course: 1, at: '2026-03-05T10:00+09:00' });
const roll = check({ course: 1, at: '2026-03-01T09:00+09:00' });
const essay = assignment({ course: 1, at: '2026-03-03T00:00+09:00' });
const report = assignment({ course: 1, at: '2026-03-20T00:00+09:00' });
const thesis = assignment({ course: 2, at: '2026-03-20T00:00+09:00' });
const makeUp = lecture({ course: 1, at: '2026-03-12T10:00+09:00' });

let graph: MockGraph;
beforeAll(async () => {
  graph = await startGraph({
    sources: 'mock',
    rows: {
      enrollments: { 'student-1': [1], 'student-2': [1], 'student-3': [2] },
      items: [
        ...[seminar, roll, essay, report, thesis, makeUp],
        own('student-1', seminar, { hidden: true }),
        own('student-1', roll, { outcome: 'LATE' }),
        own('student-1', essay, { submission: 'SUBMITTED' }),
        moved('student-1', report, { endsAt: '2026-04-09T18:00+09:00', reason: 'illness' }),
        moved('student-1', makeUp, { startsAt: '2026-04-02T10:00+09:00', endsAt: '2026-04-02T11:00+09:00' }),
        personal('student-1', lecture({ course: 1, at: '2026-03-17T15:00+09:00' })),
        // Both dates in another month than the course's, two months on.
        moved('student-3', thesis, { startsAt: '2026-05-04T00:00+09:00', endsAt: '2026-05-11T00:00+09:00' }),
      ],
    },
  });
});
afterAll(() => graph.close());

async function events(user: string, window: typeof MARCH): Promise<readonly ShownEvent[]> {
  const { body } = await graph.query<Mine>(user, MINE, window);
  const { calendar } = body.data.viewer;
  expect(calendar.completeness).toBe('COMPLETE');
  expect(calendar.sources.map((source) => source.dropped)).toEqual([0, 0, 0]);
  expect(drawn(calendar.events)).toEqual(expected(graph.rows, user, window));
  return calendar.events;
}
const find = (all: readonly ShownEvent[], ern: string) => all.find((event) => event.ern === ern);

test('an extension moves the due date, and shows the original one and the reason', async () => {
  expect(find(await events('student-1', MARCH), report.ern)).toMatchObject({
    startsAt: '2026-03-20T00:00:00+09:00',
    endsAt: '2026-04-09T18:00:00+09:00',
    dateOverride: { startsAt: '2026-03-20T00:00:00+09:00', endsAt: '2026-03-27T00:00:00+09:00', reason: 'illness' },
  });
});

test('an extension into another month is shown there completely', async () => {
  expect(find(await events('student-1', APRIL), report.ern)).toMatchObject({
    title: report.title,
    endsAt: '2026-04-09T18:00:00+09:00',
    dateOverride: { endsAt: '2026-03-27T00:00:00+09:00', reason: 'illness' },
  });
});

test('an event that was moved out of a window is only in its new place', async () => {
  expect(find(await events('student-1', MARCH), makeUp.ern)).toBeUndefined();
  expect(find(await events('student-1', APRIL), makeUp.ern)).toMatchObject({ startsAt: '2026-04-02T10:00:00+09:00' });
  expect(await events('student-3', MARCH)).toEqual([]);
  expect(await events('student-3', APRIL)).toEqual([]);
  expect(find(await events('student-3', MAY), thesis.ern)).toMatchObject({ endsAt: '2026-05-11T00:00:00+09:00' });
});

test('an event that is hidden from a student is not on their calendar', async () => {
  expect(find(await events('student-1', MARCH), seminar.ern)).toBeUndefined();
});

test('a student’s outcomes and submissions are on their calendar', async () => {
  const mine = await events('student-1', MARCH);
  expect(find(mine, essay.ern)).toMatchObject({ completion: 'COMPLETED', dateOverride: null });
  expect(find(mine, roll.ern)).toMatchObject({ completion: 'LATE', dateOverride: null });
});

test('a personal item is on its owner’s calendar only', async () => {
  const isOwn = (event: ShownEvent) => event.title === 'own of student-1';
  expect((await events('student-1', MARCH)).filter(isOwn)).toHaveLength(1);
  expect((await events('student-2', MARCH)).filter(isOwn)).toHaveLength(0);
});

test('another student of the course sees the course’s values', async () => {
  const theirs = await events('student-2', MARCH);
  expect(theirs.map((event) => event.ern).sort()).toEqual(
    [seminar, roll, essay, report, makeUp].map((row) => row.ern).sort(),
  );
  expect(theirs.every((event) => event.dateOverride === null)).toBe(true);
  expect(find(theirs, report.ern)).toMatchObject({ endsAt: '2026-03-27T00:00:00+09:00', completion: 'PENDING' });
  expect(find(theirs, essay.ern)).toMatchObject({ completion: 'PENDING' });
  expect(find(theirs, roll.ern)).toMatchObject({ completion: 'MISSED' });
  expect(await events('student-2', APRIL)).toEqual([]);
});

test('an event has a different id for each student', async () => {
  const ids = await Promise.all(
    ['student-1', 'student-2'].map(async (user) => find(await events(user, MARCH), essay.ern)?.id),
  );
  expect(new Set(ids).size).toBe(2);
});

test('an override that ends before the course’s start is dropped and counted, and the rest is shown', async () => {
  const quiz = assignment({ course: 4, at: '2026-03-10T00:00+09:00' });
  const other = assignment({ course: 4, at: '2026-03-11T00:00+09:00' });
  graph.rows.enrollments['student-4'] = [4];
  graph.rows.items.push(quiz, other, own('student-4', quiz, { endsAt: instant('2026-03-09T00:00+09:00') }));
  const { body } = await graph.query<Mine>('student-4', MINE, MARCH);
  expect(body.data.viewer.calendar.events.map((event) => event.ern)).toEqual([other.ern]);
  expect(body.data.viewer.calendar.sources.map((source) => source.dropped)).toEqual([0, 0, 1]);
});
