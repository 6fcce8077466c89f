// What the page takes from an answer of the API: its data, or why there is none.
import { describe, expect, test } from '@jest/globals';
import { clockOffsetOf, dataOf, GraphError, type GraphQLResponse } from '../../src/web/page/graph.ts';

type Data = { readonly viewer: object | null; readonly other?: object | null };
const error = (code?: string) => ({ message: 'x', ...(code === undefined ? {} : { extensions: { code } }) });
const codeOf = (response: GraphQLResponse<Data>, status = 200): string => {
  try {
    dataOf(response, status);
    return 'data';
  } catch (thrown) {
    return thrown instanceof GraphError ? thrown.code : String(thrown);
  }
};

describe('an answer', () => {
  test('with data and errors beside it is data', () => {
    expect(codeOf({ data: { viewer: {} } })).toBe('data');
    expect(codeOf({ data: { viewer: {}, other: null }, errors: [error('UNAVAILABLE')] })).toBe('data');
  });

  test.each(['UNAVAILABLE', 'FORBIDDEN', 'UNAUTHENTICATED'])('without any field says why: %s', (code) => {
    expect(codeOf({ data: { viewer: null }, errors: [error(code)] })).toBe(code);
    expect(codeOf({ data: null, errors: [error(code)] })).toBe(code);
    expect(codeOf({ errors: [error(code)] })).toBe(code);
  });

  test('that is null without an error is data, which says that there is none', () => {
    expect(codeOf({ data: { viewer: null } })).toBe('data');
  });

  test('that is no GraphQL answer has the status as its code', () => {
    expect(codeOf({}, 502)).toBe('502');
    expect(codeOf({ errors: [error()] }, 500)).toBe('500');
  });
});

describe('the clock of the server', () => {
  const DATE = 'Mon, 23 Nov 2026 00:00:10 GMT';
  const SECOND = Date.parse(DATE);
  test('is the browser’s while both may agree', () => {
    expect(clockOffsetOf(DATE, SECOND + 400, SECOND + 900)).toBe(0);
    expect(clockOffsetOf(DATE, SECOND - 300, SECOND + 100)).toBe(0);
    expect(clockOffsetOf(null, SECOND, SECOND)).toBe(0);
  });

  test('is ahead or behind by what is certain', () => {
    expect(clockOffsetOf(DATE, SECOND - 60_000, SECOND - 59_000)).toBe(59_000);
    expect(clockOffsetOf(DATE, SECOND + 61_000, SECOND + 62_000)).toBe(-60_000);
  });
});
