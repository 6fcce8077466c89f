// The size of a query by each measure, at the limit and one beyond.
import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { ApiError } from '../../../src/errors.ts';
import { checkQuery, type QueryLimits } from '../../../src/gateway/graph/limits.ts';
import type { ValueLimits } from '../../../src/gateway/graph/value-limits.ts';

const ANY = 1_000_000;
const UNLIMITED: QueryLimits & ValueLimits = {
  depth: ANY,
  fields: ANY,
  aliases: ANY,
  directives: ANY,
  fragments: ANY,
  valueDepth: ANY,
  list: ANY,
};

function refusals(query: string, limits: Partial<QueryLimits & ValueLimits>): string[] {
  try {
    checkQuery(parse(query), { ...UNLIMITED, ...limits });
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [`${String(error.extensions.code)}: ${error.message}`];
  }
}

function refused(limit: number, what: string): string[] {
  return [`QUERY_TOO_LARGE: The query is too large: expected at most ${limit} ${what}, given more.`];
}

describe('a query at each limit is accepted, and one beyond it is refused with the limit', () => {
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

test('a fragment that spreads itself, directly or through others, is refused', () => {
  expect(refusals('{ ...F } fragment F on Query { a { ...F } }', {})).toEqual(refused(ANY, 'levels'));
  expect(refusals('{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }', {})).toEqual(
    refused(ANY, 'levels'),
  );
});

test('every operation of a document is measured', () => {
  expect(refusals('query A { b } query B { a { b } }', { depth: 1 })).toEqual(refused(1, 'levels'));
});

test('introspection counts as one level down to the depth tools need, and its fields count like others', () => {
  expect(refusals('{ __schema { types { fields { name } } } b }', { depth: 1, fields: 5 })).toEqual([]);
  expect(refusals('{ __schema { types { fields { name } } } b }', { fields: 4 })).toEqual(refused(4, 'fields'));
  const nested = `{ __schema { types ${'{ ofType '.repeat(20)}{ name }${' }'.repeat(20)} } }`;
  expect(refusals(nested, { depth: 10 })).toEqual(refused(10, 'levels'));
  expect(refusals('{ b __typename x: __typename }', { fields: 2 })).toEqual(refused(2, 'fields'));
});

test('an unused fragment is measured, because validation compares its fields', () => {
  expect(refusals('{ b } fragment F on Query { b b b }', { fields: 2 })).toEqual(refused(2, 'fields'));
});

describe('a value at the limit is accepted, and one beyond it is refused in every position', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  test.each<[string, (value: string) => string]>([
    ['an argument', (value) => `{ b(x: ${value}) }`],
    ['an argument of a directive', (value) => `{ b @y(x: ${value}) }`],
    ['a default value', (value) => `query ($v: X = ${value}) { b }`],
    ['a field of an object', (value) => `{ b(x: 1, y: {z: 1}, w: ${value}) }`],
    ['an argument in an unused fragment', (value) => `{ b } fragment F on Query { b(x: ${value}) }`],
  ])('%s', (_, place) => {
    expect(refusals(place(nested(5)), { valueDepth: 5 })).toEqual([]);
    expect(refusals(place(nested(6)), { valueDepth: 5 })).toEqual(refused(5, 'levels of lists and objects in a value'));
    expect(refusals(place(`[${'1 '.repeat(20)}]`), { list: 20 })).toEqual([]);
    expect(refusals(place(`[${'1 '.repeat(21)}]`), { list: 20 })).toEqual(refused(20, 'items in a value'));
    expect(refusals(place(`[${'{a: [1 2]} '.repeat(5)}]`), { list: 20 })).toEqual([]);
    expect(refusals(place(`[${'{a: [1 2 3]} '.repeat(5)}]`), { list: 20 })).toEqual(refused(20, 'items in a value'));
  });
});

test('fragments that double each other many times are measured once each', () => {
  const doubling = Array.from({ length: 60 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
  const query = `{ ...F0 } ${doubling.join(' ')} fragment F60 on Query { b }`;
  expect(refusals(query, { fields: 300 })).toEqual(refused(300, 'fields'));
});

test('an unknown fragment is left to GraphQL’s own rule', () => {
  expect(refusals('{ ...Nowhere }', {})).toEqual([]);
});
