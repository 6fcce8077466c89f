// What the page takes from an answer of the API: its data, or why there is none.
import { describe, expect, test } from '@jest/globals';
import { dataOf, GraphError, type GraphQLResponse } from '../../src/web/page/graph.ts';

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
