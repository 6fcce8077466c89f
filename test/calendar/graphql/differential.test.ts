// Promise: a query that is compiled has the answer that graphql-js gives, whatever is asked and by
// whom.

import { buildSubgraphSchema } from '@apollo/subgraph';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'graphql';
import { type ExecutionReport, listen } from '../../../src/diagnostics.ts';
import { readSchema } from '../../../src/schema.ts';
import { startGraph } from '../../harness/graph.ts';
import { assignment, check, instant, lecture, moved, own, personal } from '../../harness/rows.ts';
import { type ArgumentValues, queryFrom } from '../../subgraph/random-query.ts';

const QUERIES = 1_000;
const VIEWERS = ['student-1', 'student-1', 'student-1', 'student-2', 'teacher-1', 'observer-1', 'admin-1'];

const ARGUMENTS: Readonly<Record<string, ArgumentValues>> = {
  user: values(['student-1'], ['student-2', 'student-404']),
  from: values(['2026-03-01T00:00:00+09:00', '2026-02-01T00:00:00Z'], ['2026-02-30T00:00:00Z', 7, null]),
  to: values(['2026-03-08T00:00:00+09:00', '2026-04-01T00:00:00Z'], ['2028-01-01T00:00:00Z']),
  timeZone: values(['America/New_York', 'Asia/Kolkata', null, undefined], ['Mars/Olympus']),
  filter: {
    literals: ['{}', '{kinds: [LECTURE]}', '{kinds: ASSIGNMENT}', '{completion: [PENDING, MISSED], search: "course"}'],
    values: [{}, { kinds: ['LECTURE'] }, { kinds: 'ATTENDANCE' }, { search: null }, null, undefined],
    refused: [{ kinds: ['NONE'] }, { other: 1 }, 'LECTURE'],
  },
  maxAge: values([0, 60, 2.0, null], [-1, 1.5, '1']),
  timeout: values([2_000, null], [-1]),
  first: values([0, 2, 100, null], [-1, 2 ** 40]),
  after: values([null, undefined], ['malformed']),
  since: values(['', 'malformed'], [7]),
  child: values([null, undefined], ['student-2']),
  course: values([null, undefined], ['course']),
  representations: {
    literals: ['[{__typename: "User", id: "student-1"}]', '[]'],
    values: [[{ __typename: 'User', id: 'student-1' }], { __typename: 'User', id: 'student-1' }],
    refused: [[{ __typename: 'User', id: 'student-404' }, { __typename: 'Unknown' }]],
  },
};

function values(good: readonly unknown[], refused: readonly unknown[]): ArgumentValues {
  const literals = good.filter((one) => one !== undefined).map((one) => JSON.stringify(one));
  return { literals, values: good, refused };
}

test(`${QUERIES} random queries have the same answer compiled and not compiled`, async () => {
  const schema = buildSubgraphSchema({ typeDefs: parse(readSchema('calendar')) });
  const graph = await startGraph({ sources: 'mock', gateway: false, freeBusyLimit: 1e6, rows: rowsOfCourses() });
  const { data } = await graph
    .query<{ viewer: { upcoming: { nodes: { id: string }[] } } }>(
      'student-1',
      '{ viewer { upcoming { nodes { id } } } }',
    )
    .then(({ body }) => body);
  const events = data.viewer.upcoming.nodes.map(({ id }) => id);
  const argumentValues = {
    ...ARGUMENTS,
    id: values(['student-1', ...events], ['student-2', 'student-404', '', 7, null]),
  };
  const seen: Record<ExecutionReport['compiled'], number> = { yes: 0, no: 0, failed: 0 };
  const stop = listen('calendar:execution', ({ compiled }) => {
    seen[compiled] += 1;
  });
  try {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), fc.constantFrom(...VIEWERS), async (choices, viewer) => {
        const { text, variables } = queryFrom(schema, argumentValues, choices);
        const ask = async (directive: string) => {
          const { status, body } = await graph.query(viewer, text(directive), variables);
          // Which errors there are, and in which order, depends on what was loaded first.
          return { status, data: body.data, hasErrors: body.errors !== undefined };
        };
        // A document with a directive is never compiled.
        const expected = await ask('@include(if: true)');
        // The third time it is compiled.
        for (const _ of [1, 2, 3]) expect(await ask('')).toEqual(expected);
      }),
      { numRuns: QUERIES, endOnFailure: true },
    );
    // An answer without errors is the compiled one.
    expect(seen.yes).toBeGreaterThan(QUERIES / 3);
    expect(seen.failed).toBeGreaterThan(QUERIES / 10);
  } finally {
    stop();
    await graph.close();
  }
}, 180_000);

function rowsOfCourses() {
  const items = [
    ...Array.from({ length: 6 }, (_, day) => lecture({ course: 1 + (day % 2), at: `2026-03-0${day + 1}T09:00+09:00` })),
    check({ course: 1, at: '2026-03-02T10:00+09:00', lateAt: instant('2026-03-02T10:05+09:00') }),
    ...Array.from({ length: 5 }, (_, day) =>
      assignment({ course: 1, at: `2026-03-0${day + 1}T12:00+09:00`, closesAt: instant('2026-03-09T00:00+09:00') }),
    ),
  ];
  const [first, second] = items as [(typeof items)[number], (typeof items)[number]];
  return {
    enrollments: { 'student-1': [1, 2], 'student-2': [1] },
    teaches: { 'teacher-1': [1] },
    observes: { 'observer-1': ['student-1', 'student-2'] },
    items: [
      ...items,
      moved('student-1', first, { startsAt: '2026-03-01T11:00+09:00', endsAt: '2026-03-01T12:00+09:00', reason: 'r' }),
      own('student-1', second, { hidden: true }),
      personal('student-1', lecture({ course: 1, at: '2026-03-05T15:00+09:00' })),
    ],
  };
}
