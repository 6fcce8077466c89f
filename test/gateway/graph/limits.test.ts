// The size of a query, by each of its measures, at the limit and one beyond.
import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { limitQueries, type QueryLimits } from '../../../src/gateway/graph/limits.ts';

const SCHEMA = buildSchema('type Query { a: Query b: Int }');
const ANY = 1_000_000;
const UNLIMITED: QueryLimits = { depth: ANY, fields: ANY, aliases: ANY, directives: ANY, fragments: ANY };

function refusals(query: string, limits: Partial<QueryLimits>): string[] {
  const errors = validate(SCHEMA, parse(query), [limitQueries({ ...UNLIMITED, ...limits })]);
  return errors.map(({ message, extensions }) => `${String(extensions.code)}: ${message}`);
}

function refused(limit: number, what: string): string[] {
  return [`QUERY_TOO_LARGE: The query is too large: expected at most ${limit} ${what}, given more.`];
}

describe('a query of the size allowed passes, one beyond is refused with the limit named', () => {
  test.each<[keyof QueryLimits, string, number, string]>([
    ['depth', '{ a { a { b } } }', 3, 'levels'],
    ['depth', '{ ...F a { a { b } } } fragment F on Query { a { a { b } } }', 3, 'levels'],
    ['depth', '{ a { ... on Query { ... { b } } } }', 2, 'levels'],
    ['fields', '{ b b b }', 3, 'fields'],
    ['fields', '{ ...F ...F } fragment F on Query { b b }', 4, 'fields'],
    ['aliases', '{ x: b y: b b }', 2, 'aliases'],
    ['aliases', '{ a { ...F } z: a { ...F } } fragment F on Query { x: b }', 3, 'aliases'],
    ['directives', 'query @x { b @y ... @z { b } ...F @w } fragment F on Query @v { b }', 5, 'directives'],
    ['fragments', '{ ...F ...F } fragment F on Query { ...G } fragment G on Query { b }', 4, 'fragments'],
  ])('%s of %s', (name, query, size, word) => {
    expect(refusals(query, { [name]: size })).toEqual([]);
    expect(refusals(query, { [name]: size - 1 })).toEqual(refused(size - 1, word));
  });
});

test('a fragment that spreads itself is endless, however it gets there', () => {
  expect(refusals('{ ...F } fragment F on Query { a { ...F } }', {})).toEqual(refused(ANY, 'levels'));
  expect(refusals('{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }', {})).toEqual(
    refused(ANY, 'levels'),
  );
});

test('every operation of a document is measured', () => {
  expect(refusals('query A { b } query B { a { b } }', { depth: 1 })).toEqual(refused(1, 'levels'));
});

test('introspection is not measured: it is allowed or refused as a whole', () => {
  expect(refusals('{ __schema { types { fields { name } } } b }', { depth: 1, fields: 1 })).toEqual([]);
});

test('fragments that double each other many times over are measured once each', () => {
  const doubling = Array.from({ length: 60 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
  const query = `{ ...F0 } ${doubling.join(' ')} fragment F60 on Query { b }`;
  expect(refusals(query, { fields: 300 })).toEqual(refused(300, 'fields'));
});

test('an unknown fragment is left to the rule that names it', () => {
  expect(refusals('{ ...Nowhere }', {})).toEqual([]);
});
