// Promise: clients that leave take nothing from those that wait for the same: the shared load goes
// on, they get the whole answer, and all places are free afterwards.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MARCH, MINE } from '../harness/documents.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, check, lecture } from '../harness/rows.ts';

let graph: MockGraph;
beforeAll(async () => {
  const items = [lecture, check, assignment].map((make) => make({ course: 1, at: '2026-03-10T09:00+09:00' }));
  graph = await startGraph({ sources: 'mock', rows: { enrollments: { 'student-1': [1] }, items } });
});
afterAll(() => graph.close());

test('half of 40 readers leave while a source is slow: the others are answered, with one load of each slice', async () => {
  await graph.sources.attendance.fault({ hang: 'headers' });
  const body = JSON.stringify({ query: MINE, variables: { ...MARCH, timeout: 20_000 } });
  const headers = { authorization: `Bearer ${await graph.token('student-1')}`, 'content-type': 'application/json' };
  const readers = Array.from({ length: 40 }, () => {
    const leaving = new AbortController();
    const answer = fetch(`${graph.gatewayUrl}/graphql`, { method: 'POST', headers, body, signal: leaving.signal });
    return { leaving, text: answer.then((one) => one.text()).catch(() => 'left') };
  });
  await eventually('a call that hangs', () => graph.calls.attendance.length > 0);
  for (const [index, { leaving }] of readers.entries()) if (index % 2 === 0) leaving.abort();
  await graph.sources.attendance.heal();
  const texts = await Promise.all(readers.map(({ text }) => text));
  expect(texts.filter((text) => text === 'left')).toHaveLength(20);
  const whole = texts.filter((text) => text.includes('"completeness":"COMPLETE"'));
  expect([whole.length, new Set(whole).size]).toEqual([20, 1]);
  const slices = graph.calls.attendance.flatMap(({ representations }) =>
    representations.map((one) => JSON.stringify(one)),
  );
  expect(slices.length).toBe(new Set(slices).size);
});
