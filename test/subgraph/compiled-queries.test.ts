// A subgraph's executions: what is compiled, and that a compiled query fails as others do.

import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'graphql';
import { type ExecutionReport, listen } from '../../src/diagnostics.ts';
import { ApiError } from '../../src/errors.ts';
import { createExecution, type Execution } from '../../src/subgraph/compiled-queries.ts';

const typeDefs = parse(/* GraphQL */ `
  scalar JSON
  type Query {
    thing(name: String): Thing
    things: [Thing]
    sure: Thing!
    echo(value: JSON): JSON
  }
  type Mutation {
    count: Int
  }
  interface Named {
    name: String
  }
  type Thing implements Named {
    name: String
    sureName: String!
    inner: Thing
    named: Named
    asker: String
  }
`);

class Thing {
  readonly #name: string;
  constructor(name: string) {
    this.#name = name;
  }
  get name() {
    if (this.#name === 'broken') throw new ApiError('CONFLICT', 'broken');
    return this.#name;
  }
  get sureName() {
    return this.#name === 'empty' ? null : this.#name;
  }
  get named() {
    return this;
  }
}

const later = async <T>(value: T): Promise<T> => value;
const resolvers: GraphQLResolverMap<{ user: string }> = {
  Query: {
    thing: (_: unknown, { name }: { name?: string }) => later(new Thing(name ?? 'a')),
    things: () => [later(new Thing('a')), new Thing('b'), later(null), later(new Thing('broken'))],
    sure: () => later(new Thing('empty')),
    echo: (_: unknown, { value }: { value: unknown }) => value,
  },
  Mutation: { count: () => 1 },
  Thing: {
    inner: (thing: Thing) => later(thing),
    asker: async (_: unknown, __: unknown, { user }: { user: string }) => {
      await later(null);
      return user;
    },
  },
  Named: { __resolveType: (value: Thing) => (value.name === 'other' ? 'Other' : 'Thing') },
};

const many = (length: number, text: (index: number) => string) =>
  Array.from({ length }, (_, index) => text(index)).join(' ');

let execute: Execution['execute'];
let compiled: ExecutionReport['compiled'][];
let stop: () => void;

beforeEach(() => {
  const makeSchema = () => buildSubgraphSchema({ typeDefs, resolvers: resolvers as GraphQLResolverMap<unknown> });
  execute = createExecution(makeSchema).execute;
  compiled = [];
  stop = listen('calendar:execution', (report) => compiled.push(report.compiled));
});
afterEach(() => stop());

/** The answers to the same document, asked so often. */
async function answersTo(
  query: string,
  { times = 4, variables = {}, operationName = undefined as string | undefined } = {},
) {
  const document = parse(query);
  const answers = [];
  for (let time = 0; time < times; time += 1) {
    answers.push(await execute({ document, operationName, variables, context: { user: `user ${time}` } }));
  }
  return JSON.parse(JSON.stringify(answers)) as { data: unknown; errors?: { message: string; path: unknown }[] }[];
}

test('a query is compiled when it is asked for the third time', async () => {
  const answers = await answersTo('{ thing { name inner { ... on Named { name } } } }');
  expect(compiled).toEqual(['no', 'no', 'yes', 'yes']);
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

test('a document with several operations is compiled for each of them', async () => {
  const query = 'query A { thing { name } } query B { things { asker } }';
  expect((await answersTo(query, { operationName: 'A' })).at(-1)).toEqual({ data: { thing: { name: 'a' } } });
  expect(compiled.at(-1)).toBe('yes');
  expect((await answersTo(query, { operationName: 'B' })).at(-1)?.data).toHaveProperty('things');
});

test.each([
  ['a name that no operation has', 'query A { thing { name } }', 'B', 'Unknown operation named "B".'],
  ['no name', 'query A { thing { name } } query B { sure { name } }', undefined, /^Must provide operation name/],
])('%s is an error, however often it is asked', async (_, query, operationName, message) => {
  await answersTo(query, { operationName: 'A' });
  const answers = await answersTo(query, { operationName });
  expect(answers).toEqual(
    Array(4).fill({ errors: [expect.objectContaining({ message: expect.stringMatching(message) })] }),
  );
});

test.each([
  ['a mutation', 'mutation { count }'],
  ['a directive', '{ thing { name @include(if: true) } }'],
  ['a name that is no property of its own', '{ thing { __proto__: name constructor: name } }'],
  ['a document of more than 8 KiB', `{ ${many(600, (n) => `a${n}: thing { name }`)} }`],
  ['a variable within a literal', 'query ($v: String) { echo(value: { x: $v, y: [$v] }) }'],
])('%s is left to graphql-js', async (_, query) => {
  const answers = await answersTo(query, { variables: { v: 'a value' } });
  expect(compiled).toEqual(['no', 'no', 'no', 'no']);
  expect(answers.at(-1)).toEqual(answers[0]);
});

test('what is not asked again is forgotten', async () => {
  const document = parse('{ thing { name } }');
  const ask = (one = document) => execute({ document: one, operationName: undefined, variables: {}, context: {} });
  await ask();
  await ask();
  for (let other = 0; other < 40; other += 1) {
    await ask(parse(`{ ${many(300, (n) => `a${other}_${n}: __typename`)} }`));
  }
  await ask();
  expect(compiled.at(-1)).toBe('no');
});

test('literals of any shape reach the resolver as they do when it is not compiled', async () => {
  const text = fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value));
  const block = String.raw`"""a "b" \ c"""`;
  const { literal } = fc.letrec<{ literal: string }>((tie) => ({
    literal: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.constantFrom('null', 'true', '-0', '1e300', '12345678901234567890', 'ENUM', block),
      fc.array(tie('literal'), { maxLength: 3 }).map((all) => `[${all.join(', ')}]`),
      fc
        .dictionary(fc.constantFrom('a', 'constructor', 'then', 'toString'), tie('literal'))
        .map(Object.entries<string>)
        .map((all) => `{${all.map(([name, value]) => `${name}: ${value}`).join(' ')}}`),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(literal, async (value) => {
      const answers = await answersTo(`{ echo(value: ${value}) }`);
      expect(answers.at(-1)).toEqual(answers[0]);
    }),
    { numRuns: 200 },
  );
  expect(compiled.filter((how) => how === 'yes').length).toBeGreaterThanOrEqual(200);
});

test('a fragment that is used twice under different conditions keeps its fields', async () => {
  const query = `query ($no: Boolean!) { x: thing @include(if: $no) { ...F } y: thing @skip(if: $no) { ...F } }
    fragment F on Thing { name }`;
  const answers = await answersTo(query, { variables: { no: false } });
  expect(answers.at(-1)).toEqual({ data: { y: { name: 'a' } } });
});

test.each([
  ['a property that throws, behind a promise', '{ thing(name: "broken") { name } }', ['thing', 'name']],
  ['a property that throws, in an item of a list', '{ things { name } }', ['things', 3, 'name']],
  ['a type that is unknown', '{ thing(name: "other") { named { name } } }', ['thing', 'named']],
  ['a null that is not allowed', '{ thing(name: "empty") { inner { sureName } } }', ['thing', 'inner', 'sureName']],
  ['a null that is not allowed, up to the root', '{ sure { sureName } }', ['sure', 'sureName']],
])('%s is an error of the answer, as it is when it is not compiled', async (_, query, path) => {
  const answers = await answersTo(query);
  expect(compiled).toEqual(['no', 'no', 'failed', 'failed']);
  expect(answers.at(-1)).toEqual(answers[0]);
  expect(answers.at(-1)?.errors).toMatchObject([{ path }]);
});

test('a variable of another type is an error of the answer', async () => {
  const [first, , , last] = await answersTo('query ($n: String) { thing(name: $n) { name } }', { variables: { n: 7 } });
  expect(last).toEqual(first);
  expect(last?.errors).toHaveLength(1);
});

test('requests at the same time have a context each', async () => {
  const document = parse('{ thing { asker inner { asker } } }');
  const users = Array.from({ length: 20 }, (_, index) => `user ${index}`);
  const ask = (user: string) => execute({ document, operationName: undefined, variables: {}, context: { user } });
  for (const user of users.slice(0, 3)) await ask(user);
  const answers = await Promise.all(users.map(ask));
  expect(compiled.at(-1)).toBe('yes');
  expect(JSON.parse(JSON.stringify(answers))).toEqual(
    users.map((user) => ({ data: { thing: { asker: user, inner: { asker: user } } } })),
  );
});
