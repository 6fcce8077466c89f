// Promises: what another service adds to a course is null when it is not known, and nothing else
// is; no alias makes it wrong.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MARCH } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, lecture } from '../harness/rows.ts';

const DOCUMENT = `query ($from: DateTime!, $to: DateTime!) { viewer { id calendar(from: $from, to: $to) {
  events { title course { title teacher enrollmentCount } } } } }`;

interface Answer {
  readonly viewer: {
    readonly id: string;
    readonly calendar: { readonly events: readonly { readonly title: string; readonly course: object }[] };
  };
}

let graph: MockGraph;
beforeEach(async () => {
  graph = await startGraph({
    sources: 'mock',
    rows: {
      enrollments: { 'student-1': [1, 2] },
      items: [
        lecture({ course: 1, at: '2026-03-10T09:00+09:00' }),
        assignment({ course: 1, at: '2026-03-11T00:00+09:00' }),
        // Only the assignment service knows this course.
        assignment({ course: 2, at: '2026-03-12T00:00+09:00' }),
      ],
    },
  });
});
afterEach(() => graph.close());

const ask = async () => (await graph.query<Answer>('student-1', DOCUMENT, MARCH)).body;

test('a course that only one service knows is shown with what that service knows of it', async () => {
  const { data } = await ask();
  expect(data.viewer.id).toBe('student-1');
  expect(data.viewer.calendar.events.map(({ course }) => course)).toEqual([
    { title: expect.any(String), teacher: null, enrollmentCount: 1 },
    { title: expect.any(String), teacher: null, enrollmentCount: 1 },
    { title: expect.any(String), teacher: null, enrollmentCount: null },
  ]);
});

test('while the lecture service is away its fields of a course are null, and the events are shown', async () => {
  await ask();
  await graph.sources.lecture.fault({ refuse: true });
  const { data, errors } = await ask();
  expect(data.viewer.calendar.events).toHaveLength(3);
  for (const { course } of data.viewer.calendar.events) {
    expect(course).toEqual({ title: expect.any(String), teacher: null, enrollmentCount: null });
  }
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAVAILABLE']);
});

test.each([
  'course { ern: title teacher }',
  'course { ...Named enrollmentCount }',
  'course { __typename: title teacher }',
  '__typename: title course { teacher }',
  '... on AssignmentEvent { assignment { ern: title points } }',
])('an alias with the name of a key field is refused: events { %s }', async (fields) => {
  const document = `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to) {
    events { ${fields} } } } } fragment Named on Course { ern: color }`;
  const { data, errors } = (
    await graph.query<unknown>(
      'student-1',
      fields.includes('Named') ? document : (document.split(' fragment ')[0] ?? ''),
      MARCH,
    )
  ).body;
  expect(data).toBeUndefined();
  expect(errors).toMatchObject([
    { message: expect.stringMatching(/^alias: expected another name /), extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});
