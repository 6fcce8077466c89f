// Promise: upcoming and overdue are complete and in order, page by page, however far they must
// search; pages stay right while events change, and a list that may lack something says so.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, check, type ItemRow, lecture, own } from '../harness/rows.ts';

const document = (field: string) => `query ($first: Int, $after: String, $filter: EventFilter) {
  viewer { page: ${field}(first: $first, after: $after, filter: $filter) {
    nodes { ern } edges { cursor node { ern } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    completeness sources { kind status reason }
  } }
}`;
interface Page {
  readonly nodes: readonly { readonly ern: string }[];
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly ern: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly completeness: string;
  readonly sources: readonly { readonly kind: string; readonly status: string; readonly reason: string | null }[];
}

// The calendar's now is 2 March, 09:00 in Seoul.
const going = lecture({ course: 1, at: '2026-03-02T08:30+09:00' });
const soon = assignment({ course: 1, at: '2026-02-24T00:00+09:00' });
const talk = lecture({ course: 2, at: '2026-03-04T09:00+09:00' });
const roll = check({ course: 2, at: '2026-03-04T09:00+09:00' });
const later = lecture({ course: 1, at: '2026-06-10T09:00+09:00' });
const far = lecture({ course: 1, at: '2027-03-01T09:00+09:00' });
const tooFar = lecture({ course: 1, at: '2027-04-20T09:00+09:00' });
const handedIn = assignment({ course: 2, at: '2026-02-25T00:00+09:00' });
const UPCOMING = [going, soon, roll, talk, later, far];

const missed = check({ course: 1, at: '2026-02-27T09:00+09:00' });
const late = assignment({ course: 1, at: '2026-01-01T00:00+09:00' });
const old = assignment({ course: 2, at: '2025-05-01T00:00+09:00' });
const tooOld = assignment({ course: 2, at: '2025-01-01T00:00+09:00' });
const excused = check({ course: 2, at: '2026-02-27T09:00+09:00' });
const OVERDUE = [missed, late, old];

let clock: ManualClock;
let graph: MockGraph;
beforeEach(async () => {
  clock = manualClock();
  graph = await startGraph({
    sources: 'mock',
    clock,
    rows: {
      enrollments: { 'student-1': [1, 2] },
      items: [
        ...[going, soon, talk, roll, later, far, tooFar, handedIn, missed, late, old, tooOld, excused],
        lecture({ course: 1, at: '2026-03-01T09:00+09:00' }),
        own('student-1', handedIn, { submission: 'SUBMITTED' }),
        own('student-1', excused, { outcome: 'EXCUSED' }),
      ],
    },
  });
});
afterEach(() => graph.close());

async function ask(field: string, given: Record<string, unknown> = {}) {
  const { body } = await graph.query<{ viewer: { page: Page } }>('student-1', document(field), given);
  return body;
}
async function page(field: string, given: Record<string, unknown> = {}): Promise<Page> {
  const { data, errors } = await ask(field, given);
  expect(errors).toBeUndefined();
  return data.viewer.page;
}
async function pages(field: string, first: number, between: () => void = () => {}): Promise<string[][]> {
  const all: string[][] = [];
  let after: string | null = null;
  for (;;) {
    const { nodes, pageInfo }: Page = await page(field, { first, after });
    all.push(nodes.map(({ ern }) => ern));
    if (!pageInfo.hasNextPage) return all;
    after = pageInfo.endCursor;
    between();
  }
}
const erns = (rows: readonly ItemRow[]) => rows.map(({ ern }) => ern);

describe.each([
  ['upcoming', UPCOMING],
  ['overdue', OVERDUE],
])('%s', (field, whole) => {
  test.each([1, 2, 3, 100])('pages of %d events are together the whole agenda, in order', async (first) => {
    const all = await pages(field, first);
    expect(all.flat()).toEqual(erns(whole));
    for (const one of all.slice(0, -1)) expect(one).toHaveLength(first);
  });

  test('each cursor continues after its own event', async () => {
    const { edges, nodes, pageInfo } = await page(field);
    expect(edges.map((edge) => edge.node)).toEqual(nodes);
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]?.cursor, edges.at(-1)?.cursor]);
    for (const [index, edge] of edges.entries()) {
      const rest = await page(field, { after: edge.cursor });
      expect(rest.nodes).toEqual(nodes.slice(index + 1));
      expect(rest.pageInfo.hasPreviousPage).toBe(true);
    }
  });

  test('events added or removed between pages do not affect other events', async () => {
    const [first, second] = whole as [ItemRow, ItemRow];
    const all = await pages(field, 1, () => {
      // The one just seen goes, and so does the next; one comes where the reader has been.
      graph.rows.items.splice(
        0,
        graph.rows.items.length,
        ...graph.rows.items.filter((row) => row !== first && row !== second),
      );
      graph.calendar.invalidateAll();
    });
    expect(all.flat()).toEqual(erns([first, ...whole.slice(2)]));
  });

  test('invalid arguments are BAD_USER_INPUT with what was expected', async () => {
    for (const [given, message] of [
      [{ first: -1 }, 'first: expected 0 to 100, given -1'],
      [{ first: 101 }, 'first: expected 0 to 100, given 101'],
      [{ after: 'x' }, 'after: expected a cursor of this field, given "x"'],
    ] as const) {
      const { errors } = await ask(field, given);
      expect(errors?.map((error) => [error.message, error.extensions.code])).toEqual([[message, 'BAD_USER_INPUT']]);
    }
  });
});

test('a full first page loads the current month only', async () => {
  await page('upcoming', { first: 3 });
  const months = graph.calls.lecture.flatMap((call) => call.representations).flatMap(({ from }) => from ?? []);
  expect(new Set(months)).toEqual(new Set(['2026-02-28T15:00:00.000Z', '2026-03-31T15:00:00.000Z']));
});

test('a filter applies to every page', async () => {
  const filter = { kinds: ['LECTURE'], courses: ['ern:lms:course/1'] };
  const first = await page('upcoming', { first: 2, filter });
  expect(erns([going, later])).toEqual(first.nodes.map(({ ern }) => ern));
  const rest = await page('upcoming', { first: 2, filter, after: first.pageInfo.endCursor });
  expect(rest.nodes.map(({ ern }) => ern)).toEqual([far.ern]);
  expect(rest.sources.map(({ kind }) => kind)).toEqual(['LECTURE']);
});

test('an event that ends between two pages moves from upcoming to overdue', async () => {
  await clock.advance(2 * 86_400_000 + 11 * 60_000);
  expect((await page('upcoming')).nodes.map(({ ern }) => ern)).toEqual(erns([talk, later, far]));
  expect((await page('overdue')).nodes.map(({ ern }) => ern)).toEqual(erns([roll, soon, missed, late, old]));
});

test('with a source down the other events are listed, and the page is PARTIAL', async () => {
  await graph.sources.assignment.fault({ refuse: true });
  const { nodes, completeness, sources } = await page('upcoming');
  expect(nodes.map(({ ern }) => ern)).toEqual(erns(UPCOMING.filter((row) => row !== soon)));
  expect([completeness, sources[2]]).toEqual([
    'PARTIAL',
    { kind: 'ASSIGNMENT', status: 'UNAVAILABLE', reason: 'UNREACHABLE' },
  ]);
});
