// Promise: every limit that the public schema states is kept by a clear refusal, with the argument,
// what was expected and what was given.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSchema, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { MARCH } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';

const LIMIT = /\bat most [\d,]+|from \d+ to \d+/i;

/** The coordinates (`Type.field(argument)`) whose descriptions state a limit. */
function documented(): string[] {
  const found: string[] = [];
  const look = (coordinate: string, description: string | null | undefined) => {
    if (LIMIT.test(description ?? '')) found.push(coordinate);
  };
  for (const type of Object.values(
    buildSchema(readFileSync(new URL('../../schema/public.graphql', import.meta.url), 'utf8')).getTypeMap(),
  )) {
    look(type.name, type.description);
    if (isInputObjectType(type))
      for (const { name, description } of Object.values(type.getFields())) look(`${type.name}.${name}`, description);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const { name, description, args } of Object.values(type.getFields())) {
      look(`${type.name}.${name}`, description);
      for (const arg of args) look(`${type.name}.${name}(${arg.name})`, arg.description);
    }
  }
  return found;
}

const viewer = (field: string) => `query { viewer { ${field} } }`;
const LONG = `ern:lms:course/${'9'.repeat(242)}`;
/** For each limit of an argument: a document that exceeds it, and the refusal. */
const REFUSED: Readonly<Record<string, readonly [document: string, refusal: RegExp]>> = {
  DateTime: [
    viewer(`calendar(from: "${MARCH.from}", to: "2200-01-01T00:00:00Z") { completeness }`),
    /^to: expected .* between 1970 and 2199.*, given "2200-01-01T00:00:00Z"$/,
  ],
  ERN: [
    viewer(`calendar(from: "${MARCH.from}", to: "${MARCH.to}", filter: { courses: ["${LONG}"] }) { completeness }`),
    /^filter.courses: expected course names .*, given "ern:lms:course\/9+\.\.\./,
  ],
  'User.calendar': [
    viewer('calendar(from: "2026-01-01T00:00:00Z", to: "2027-02-05T00:00:00.001Z") { completeness }'),
    /^to: expected at most 400 days after from .*, given "2027-02-05T00:00:00.001Z"$/,
  ],
  'User.freeBusy': [
    viewer('freeBusy(from: "2026-01-01T00:00:00Z", to: "2026-03-04T00:00:00.001Z") { completeness }'),
    /^to: expected at most 62 days after from .*, given "2026-03-04T00:00:00.001Z"$/,
  ],
  'Query.freeBusy(to)': [
    'query { freeBusy(user: "student-2", from: "2026-01-01T00:00:00Z", to: "2026-03-04T00:00:00.001Z") { completeness } }',
    /^to: expected at most 62 days after from .*, given "2026-03-04T00:00:00.001Z"$/,
  ],
  'User.overdue(first)': [viewer('overdue(first: 101) { nodes { id } }'), /^first: expected .*100, given 101$/],
  'User.upcoming(first)': [viewer('upcoming(first: 101) { nodes { id } }'), /^first: expected .*100, given 101$/],
};
/** Limits of what is answered: nothing can exceed them. */
const OF_ANSWERS = ['Calendar.syncToken', 'User.overdue', 'User.upcoming'];

let graph: MockGraph;
beforeAll(async () => {
  graph = await startGraph({ sources: 'mock' });
});
afterAll(() => graph.close());

test('each limit of an argument in the public schema is tested here', () => {
  expect(documented().sort()).toEqual([...Object.keys(REFUSED), ...OF_ANSWERS].sort());
});

test.each(Object.entries(REFUSED))(
  'the limit of %s is kept, with what was expected and given',
  async (_, [document, refusal]) => {
    const { body } = await graph.query('student-1', document);
    expect(body.errors).toHaveLength(1);
    expect(body.errors?.[0]?.message).toMatch(refusal);
    expect(body.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  },
);
