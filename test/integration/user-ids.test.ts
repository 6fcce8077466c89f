// Promise: an id that no user can have is refused before it reaches a source; nobody else notices.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MARCH } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { lecture } from '../harness/rows.ts';

let graph: MockGraph;
beforeAll(async () => {
  graph = await startGraph({
    sources: 'mock',
    rows: {
      enrollments: { 'student-1': [1], 'auth0|64a9': [1], 김철수: [1] },
      items: [lecture({ course: 1, at: '2026-03-10T09:00+09:00' })],
    },
  });
});
afterAll(() => graph.close());

const calendar = `calendar(from: "${MARCH.from}", to: "${MARCH.to}", maxAge: 0) { completeness events { title } }`;
const WHOLE = { calendar: { completeness: 'COMPLETE', events: [{ title: expect.any(String) }] } };

test.each([
  ['with a control character', 'x\0'],
  ['with a space', 'a b'],
  ['of 60 KB', 'y'.repeat(60_000)],
  ['of no characters', ''],
])('an id %s is refused beside users who are answered', async (_, odd) => {
  const document = `query ($odd: ID!) { odd: user(id: $odd) { ${calendar} } one: user(id: "student-1") { ${calendar} } }`;
  const { body } = await graph.query<object>('admin-1', document, { odd });
  expect(body.data).toEqual({ odd: null, one: WHOLE });
  expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['odd'], 'FORBIDDEN']]);
});

test.each([['auth0|64a9'], ['김철수']])('a user called %s has a calendar', async (id) => {
  const { body } = await graph.query<object>('admin-1', `query ($id: ID!) { one: user(id: $id) { ${calendar} } }`, {
    id,
  });
  expect(body).toEqual({ data: { one: WHOLE } });
});
