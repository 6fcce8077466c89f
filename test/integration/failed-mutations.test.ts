// Promise: a mutation field that fails is null with an error, and the answer tells what the others
// did.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RealGraph, startRealGraph } from '../harness/real-graph.ts';

const ERN = 'ern:lms:course/1/assignment/1';
const BAD = {
  lecture: 'cancelLecture(ern: "ern:lms:course/1/lecture/0")',
  assignment: `deleteAssignment(ern: "${ERN}0000")`,
};
const titled = (title: string) => `updateAssignment(ern: "${ERN}", input: { title: "${title}" }) { title }`;
const LECTURE = `createLecture(input: { course: "ern:lms:course/1", title: "보강", startsAt: "2026-03-05T00:00:00Z", endsAt: "2026-03-05T01:00:00Z" }) { title }`;

let graph: RealGraph;
beforeAll(async () => {
  graph = await startRealGraph();
}, 60_000);
afterAll(() => graph.close());

test.each([
  ['of another service before it', BAD.lecture, titled('하나'), { title: '하나' }],
  ['of the same service before it', BAD.assignment, titled('둘'), { title: '둘' }],
  ['of a service after it', BAD.assignment, LECTURE, { title: '보강' }],
])('what was done is told beside a failed field %s', async (_, bad, good, expected) => {
  const { body } = await graph.query('teacher-1', `mutation { bad: ${bad} good: ${good} }`);
  expect(body.data).toEqual({ bad: null, good: expected });
  expect(body.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  const turned = await graph.query('teacher-1', `mutation { good: ${good} bad: ${bad} }`);
  expect(turned.body.data).toEqual({ bad: null, good: expected });
});
