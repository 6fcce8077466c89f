// Promise: who joins a course in mid-term has missed nothing of what ended before, on any surface.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RealGraph, startRealGraph } from '../harness/real-graph.ts';

const DAY_MS = 86_400_000;
const COURSE = 'ern:lms:course/1';
const DOCUMENT = `query ($from: DateTime!, $to: DateTime!, $filter: EventFilter) { viewer {
  calendar(from: $from, to: $to, filter: $filter, maxAge: 0) { completeness events { kind completion endsAt } }
  overdue(first: 100, filter: $filter) { nodes { id } } } }`;

interface Answer {
  readonly viewer: {
    readonly calendar: {
      readonly completeness: string;
      readonly events: readonly { readonly kind: string; readonly completion: string; readonly endsAt: string }[];
    };
    readonly overdue: { readonly nodes: readonly object[] };
  };
}

let graph: RealGraph;
beforeAll(async () => {
  graph = await startRealGraph();
}, 60_000);
afterAll(() => graph.close());

test('a student enrolled today has nothing overdue of the weeks before, and owes what is still to come', async () => {
  await graph.query('teacher-1', `mutation { enroll(course: "${COURSE}", user: "student-5") { enrolled } }`);
  const now = Date.now();
  const [from, to] = [-25, 40].map((days) => new Date(now + days * DAY_MS).toISOString());
  const { data } = (await graph.query<Answer>('student-5', DOCUMENT, { from, to, filter: { courses: [COURSE] } })).body;
  const { calendar, overdue } = data.viewer;
  expect(calendar.completeness).toBe('COMPLETE');
  expect(overdue.nodes).toEqual([]);
  const owed = calendar.events.filter(({ kind }) => kind !== 'LECTURE');
  const [earlier, later] = [
    owed.filter(({ endsAt }) => Date.parse(endsAt) <= now),
    owed.filter(({ endsAt }) => Date.parse(endsAt) > now),
  ];
  expect(earlier.length).toBeGreaterThan(5);
  expect(new Set(earlier.map(({ completion }) => completion))).toEqual(new Set(['NOT_REQUIRED']));
  expect(new Set(later.map(({ completion }) => completion))).toEqual(new Set(['PENDING']));
});
