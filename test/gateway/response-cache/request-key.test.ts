// Promise: whatever can make two answers differ makes two keys.
import { expect, test } from '@jest/globals';
import type { Principal } from '../../../src/auth/principal.ts';
import { createOperationKey, requestKey } from '../../../src/gateway/response-cache/request-key.ts';

const viewer = { id: 'u', roles: ['student'] as const, scopes: ['a'] };
const body = { query: '{ a }', operationName: 'A', variables: { x: { b: 1, a: [1, 2] }, y: null } };
const operationOf = createOperationKey();
const key = (given: unknown, principal: Principal, accept: string) => {
  const operation = operationOf(given);
  return operation === null ? null : requestKey(operation, principal, accept);
};
const first = key(body, viewer, 'application/json');

test.each<[string, ...Parameters<typeof key>]>([
  ['another user', body, { ...viewer, id: 'v' }, 'application/json'],
  ['another role', body, { ...viewer, roles: ['teacher'] }, 'application/json'],
  ['another scope', body, { ...viewer, scopes: ['b'] }, 'application/json'],
  ['another document', { ...body, query: '{ b }' }, viewer, 'application/json'],
  ['another operation', { ...body, operationName: 'B' }, viewer, 'application/json'],
  ['another variable', { ...body, variables: { ...body.variables, y: 0 } }, viewer, 'application/json'],
  ['another order of a list', { ...body, variables: { x: { b: 1, a: [2, 1] }, y: null } }, viewer, 'application/json'],
  ['a name that objects have', { ...body, variables: JSON.parse('{"__proto__":1}') }, viewer, 'application/json'],
  ['no variables', { query: body.query, operationName: 'A' }, viewer, 'application/json'],
  ['another media type', body, viewer, 'application/graphql-response+json'],
])('%s: another key', (_, ...request) => {
  expect(key(...request)).not.toBe(first);
});

test('what one viewer asks for in turn has the key that it has alone', () => {
  const keys = ['application/json', '*/*', 'application/json'].map((accept) => key(body, viewer, accept));
  expect([keys[0], keys[2], keys[1]]).toEqual([first, first, key(body, { ...viewer }, '*/*')]);
  expect(keys[1]).not.toBe(first);
});

test('the order of names does not matter', () => {
  const same = { variables: { y: null, x: { a: [1, 2], b: 1 } }, operationName: 'A', query: '{ a }' };
  expect(key(same, { ...viewer, scopes: [...viewer.scopes] }, 'application/json')).toBe(first);
});

test.each([
  null,
  [],
  {},
  { query: 1 },
  { ...body, variables: [] },
  { ...body, operationName: 1 },
  { ...body, extensions: {} },
])('%j has no key', (other) => {
  expect(key(other, viewer, '*/*')).toBeNull();
});

test('a document that is longer than any of a page has no key, so that what is remembered of documents is bounded', () => {
  expect(key({ query: `{ a } #${'x'.repeat(8_192)}` }, viewer, '*/*')).toBeNull();
});
