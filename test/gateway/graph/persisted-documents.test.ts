// Requests with the id of a persisted document, and which files of documents are accepted.
import { describe, expect, test } from '@jest/globals';
import { documentsOf, idOf, parseDocuments } from '../../../src/gateway/graph/persisted-documents.ts';

const TEXT = '{ viewer { id } }';
const KNOWN = new Map([
  [idOf(TEXT), TEXT],
  ['own-name', '{ __typename }'],
]);

describe('where other documents are allowed', () => {
  const documents = documentsOf(KNOWN, false);

  test('an id is replaced by its text, and variables stay', () => {
    expect(documents({ documentId: idOf(TEXT), variables: { a: 1 }, operationName: 'A', extensions: {} })).toEqual({
      query: TEXT,
      variables: { a: 1 },
      operationName: 'A',
    });
    expect(documents({ documentId: 'own-name' })).toMatchObject({ query: '{ __typename }' });
    expect(documents({ documentId: idOf(TEXT).slice('sha256:'.length) })).toMatchObject({ query: TEXT });
  });

  test('a text beside an id in Apollo Client’s form is used', () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'unknown' } };
    expect(documents({ query: '{ a }', extensions })).toEqual({ query: '{ a }' });
  });

  test.each([[null], [undefined], [[]], ['text'], [{}], [{ query: '{ a }' }], [{ query: 1 }], [{ extensions: null }]])(
    '%j is left to the graph',
    (body) => {
      expect(documents(body)).toBe(body);
    },
  );

  test('an id beside a text is refused', () => {
    expect(() => documents({ documentId: idOf(TEXT), query: TEXT })).toThrow(
      'documentId: expected an id or a query, not both, given "sha256:',
    );
  });
});

describe('a file of documents', () => {
  test('is an object of ids and texts', () => {
    expect(parseDocuments(JSON.stringify(Object.fromEntries(KNOWN)))).toEqual(KNOWN);
  });

  test.each([
    ['[', 'expected JSON, given "["'],
    ['[]', 'expected an object of ids and texts, given []'],
    ['{}', 'expected an object of ids and texts, given {}'],
    ['{"a":1}', 'expected an object of ids and texts, given {"a":1}'],
    ['{"sha256:00":"{ a }"}', 'expected the SHA-256 of its text behind each sha256:, given "sha256:00"'],
  ])('is not %s', (json, message) => {
    expect(() => parseDocuments(json)).toThrow(`PERSISTED_DOCUMENTS: ${message}`);
  });
});

test('null beside an id, or for an id, means absent', () => {
  const documents = documentsOf(KNOWN, false);
  expect(documents({ documentId: idOf(TEXT), query: null })).toEqual({ query: TEXT });
  expect(documents({ documentId: null, query: TEXT })).toMatchObject({ query: TEXT });
  expect(documents({ documentId: null, query: null })).toEqual({ documentId: null, query: null });
});
