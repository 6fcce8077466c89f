// Equal query strings share one result, which no request can change.
import { expect, test } from '@jest/globals';
import { queryStringParser } from '../../src/gateway/query-strings.ts';

test('an equal query string is parsed once, and another one by itself', () => {
  const parseQuery = queryStringParser();
  const first = parseQuery('id=1&id=2&text=%EA%B0%80+b');
  expect(first).toEqual({ id: ['1', '2'], text: '가 b' });
  expect(parseQuery('id=1&id=2&text=%EA%B0%80+b')).toBe(first);
  expect(parseQuery('id=1')).toEqual({ id: '1' });
});

test('a request cannot change the query of the next one', () => {
  const parseQuery = queryStringParser();
  expect(() => Object.assign(parseQuery('id=1'), { id: '2' })).toThrow(TypeError);
  expect(parseQuery('id=1')).toEqual({ id: '1' });
});

test('a query string of more than 8,192 characters is parsed each time', () => {
  const parseQuery = queryStringParser();
  const long = `id=${'a'.repeat(8_190)}`;
  expect(parseQuery(long)).toEqual(parseQuery(long));
  expect(parseQuery(long)).not.toBe(parseQuery(long));
});
