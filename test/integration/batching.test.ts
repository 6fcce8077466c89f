// Promise: queries made at the same time are one call to each source, for any number of users,
// months and aliases.

import { afterEach, describe, expect, test } from '@jest/globals';
import { CALENDAR, MARCH, MINE, type Mine, type ShownCalendar } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { drawn, expected } from '../harness/oracle.ts';
import { assignment, check, courseErn, type ItemRow, lecture, own } from '../harness/rows.ts';

const MONTHS = [
  { from: '2026-03-01T00:00:00+09:00', to: '2026-04-01T00:00:00+09:00' },
  { from: '2026-04-01T00:00:00+09:00', to: '2026-05-01T00:00:00+09:00' },
  { from: '2026-05-01T00:00:00+09:00', to: '2026-06-01T00:00:00+09:00' },
];
const students = (count: number) => Array.from({ length: count }, (_, i) => `student-${i + 1}`);

/**
 * Three courses a student of ten, each with something of every kind every month; every fifth
 * student has an own item.
 */
function term(count: number) {
  const items: ItemRow[] = [];
  for (let course = 1; course <= 10; course += 1) {
    for (const month of ['03', '04', '05']) {
      items.push(
        lecture({ course, at: `2026-${month}-10T09:00+09:00` }),
        check({ course, at: `2026-${month}-10T09:00+09:00` }),
        assignment({ course, at: `2026-${month}-27T00:00+09:00` }),
      );
    }
  }
  const enrollments = Object.fromEntries(
    students(count).map((id, i) => [id, [1, 4, 7].map((n) => ((n + i) % 10) + 1)]),
  );
  const work = items.find((item) => item.kind === 'ASSIGNMENT') as ItemRow;
  const done = students(count)
    .filter((id, i) => i % 5 === 0 && enrollments[id]?.includes(1))
    .map((id) => own(id, work, { submission: 'SUBMITTED' }));
  return { enrollments, items: [...items, ...done] };
}

/** One operation: each user's three months, each under an alias. */
function everybody(users: readonly string[]): string {
  const months = MONTHS.map(({ from, to }, m) => `m${m}: calendar(from: "${from}", to: "${to}") ${CALENDAR}`).join(' ');
  return `{ ${users.map((id, u) => `u${u}: user(id: "${id}") { ${months} }`).join(' ')} }`;
}

let graph: MockGraph;
afterEach(() => graph.close());
const counts = () => Object.values(graph.calls).map((calls) => calls.length);
const forget = () => {
  for (const calls of Object.values(graph.calls)) calls.length = 0;
};

describe('50 users, 3 months each, 200 aliases in one operation', () => {
  type Everybody = Record<string, Record<string, ShownCalendar>>;

  test('cost two calls per source with an empty cache, one with cached audiences, none with cached slices', async () => {
    graph = await startGraph({ sources: 'mock', gateway: false, rows: term(50) });
    const document = everybody(students(50));
    const first = await graph.query<Everybody>('admin-1', document);
    expect(counts()).toEqual([2, 2, 2]);
    const again = await graph.query<Everybody>('admin-1', document);
    expect(counts()).toEqual([2, 2, 2]);

    forget();
    const later = MONTHS.map(({ from, to }) => ({
      from: from.replace('2026', '2027'),
      to: to.replace('2026', '2027'),
    }));
    const months = later
      .map(({ from, to }, m) => `m${m}: calendar(from: "${from}", to: "${to}") ${CALENDAR}`)
      .join(' ');
    await graph.query(
      'admin-1',
      `{ ${students(50)
        .map((id, u) => `u${u}: user(id: "${id}") { ${months} }`)
        .join(' ')} }`,
    );
    expect(counts()).toEqual([1, 1, 1]);

    for (const { body } of [first, again]) {
      students(50).forEach((id, u) => {
        MONTHS.forEach((window, m) => {
          const calendar = body.data[`u${u}`]?.[`m${m}`] as ShownCalendar;
          expect(calendar.completeness).toBe('COMPLETE');
          expect(drawn(calendar.events)).toEqual(expected(graph.rows, id, window));
        });
      });
    }
  });

  test('load each slice once', async () => {
    graph = await startGraph({ sources: 'mock', gateway: false, rows: term(50) });
    await graph.query('admin-1', everybody(students(50)));
    for (const calls of Object.values(graph.calls)) {
      const asked = calls.flatMap((call) => call.representations.map((one) => JSON.stringify(one)));
      expect(asked).toHaveLength(new Set(asked).size);
    }
  });
});

test('sources of kinds that are not requested are not called', async () => {
  graph = await startGraph({ sources: 'mock', rows: term(1) });
  const { body } = await graph.query<Mine>('student-1', MINE, { ...MARCH, filter: { kinds: ['ATTENDANCE'] } });
  expect(counts()).toEqual([0, 2, 0]);
  expect(body.data.viewer.calendar.sources.map((source) => source.kind)).toEqual(['ATTENDANCE']);
  expect(drawn(body.data.viewer.calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH, ['ATTENDANCE']));
});

test('without any kind the calendar is empty and COMPLETE, and no source is called', async () => {
  graph = await startGraph({ sources: 'mock', rows: term(1) });
  const { body } = await graph.query<Mine>('student-1', MINE, { ...MARCH, filter: { kinds: [] } });
  expect(counts()).toEqual([0, 0, 0]);
  expect(body.data.viewer.calendar).toMatchObject({ events: [], sources: [], completeness: 'COMPLETE' });
});

test('100 concurrent readers of an uncached user cost the same calls as one', async () => {
  graph = await startGraph({ sources: 'mock', rows: term(1) });
  const replies = await Promise.all(Array.from({ length: 100 }, () => graph.query<Mine>('student-1', MINE, MARCH)));
  expect(counts()).toEqual([2, 2, 2]);
  const oracle = expected(graph.rows, 'student-1', MARCH);
  for (const { body } of replies) expect(drawn(body.data.viewer.calendar.events)).toEqual(oracle);
});

test('a class of 200 loads its course’s slices once', async () => {
  const enrollments = Object.fromEntries(students(200).map((id) => [id, [1]]));
  graph = await startGraph({
    sources: 'mock',
    gateway: false,
    rows: { enrollments, items: [lecture({ course: 1, at: '2026-03-10T09:00+09:00' })] },
  });
  const replies = await Promise.all(students(200).map((id) => graph.query<Mine>(id, MINE, MARCH)));
  for (const { body } of replies) expect(body.data.viewer.calendar.events).toHaveLength(1);
  for (const calls of Object.values(graph.calls)) {
    const slices = calls.flatMap((call) => call.representations).filter((one) => one.audience === courseErn(1));
    expect(slices).toHaveLength(1);
  }
});

test('the calendar calls sources with its own token, one scope and no user', async () => {
  graph = await startGraph({ sources: 'mock', rows: term(1) });
  await graph.query<Mine>('student-1', MINE, MARCH);
  for (const calls of Object.values(graph.calls)) {
    for (const { caller } of calls)
      expect(caller).toEqual({ service: 'calendar', scopes: ['schedule:read'], user: null });
  }
});
