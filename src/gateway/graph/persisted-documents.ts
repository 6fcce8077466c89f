// Persisted documents: operations that the gateway knows by id, so that a client may send the id
// alone, and an allow-list for deployments that answer nothing else. An id is `sha256:` and the hex
// SHA-256 of the text (GraphQL over HTTP, draft, appendix A: `documentId`), or any other text
// without a prefix; Apollo Client's form (`extensions.persistedQuery`) names the same documents.

import { createHash } from 'node:crypto';
import { ApiError, badInput, ConfigError } from '../../errors.ts';
import { isObject, parseJson } from '../../json.ts';

/** See {@link documentsOf}. */
export interface Documents {
  /** Adds the text to a request's body. */
  (body: unknown): unknown;
  /** The name of the operation if its text is persisted; otherwise `ad-hoc`. */
  nameOf(body: unknown): string;
}

const PREFIX = 'sha256:';

/**
 * Looks up these documents by id. A body with an id gets its text; other bodies stay as they are,
 * or are refused if `only`. Throws ApiError PERSISTED_QUERY_NOT_FOUND for an unknown id, or with
 * `only` for an unknown text; PERSISTED_QUERY_NOT_SUPPORTED for an unknown hash in Apollo's form,
 * which tells clients that texts cannot be registered; BAD_USER_INPUT for an id beside a text.
 */
export function documentsOf(documents: ReadonlyMap<string, string>, only: boolean): Documents {
  const byId = new Map([...documents].map(([id, text]) => [bare(id), text]));
  const names = new Map([...documents.values()].map((text) => [text, operationNamesIn(text)]));
  const withText = (body: unknown): unknown => {
    if (!isObject(body)) return body;
    const { documentId, query, extensions, ...rest } = body;
    // Null means absent, as everywhere in GraphQL over HTTP.
    if (query != null) {
      if (documentId != null) throw badInput('documentId', 'an id or a query, not both', documentId);
      if (only && !(typeof query === 'string' && names.has(query)))
        throw notFound('query', 'one of the persisted documents', query);
      // A client that was told that the id is unknown sends both: the text counts.
      return hashOf(extensions) === undefined ? body : { ...rest, query };
    }
    const id = documentId ?? hashOf(extensions);
    if (id == null) return body;
    const text = typeof id === 'string' ? byId.get(bare(id)) : undefined;
    if (text === undefined) throw unknown(documentId, id);
    return { ...rest, query: text };
  };
  const nameOf = (body: unknown): string => {
    const { query, operationName } = isObject(body) ? body : {};
    const known = typeof query === 'string' ? names.get(query) : undefined;
    return known?.find((name) => known.length === 1 || name === operationName) ?? AD_HOC;
  };
  return Object.assign(withText, { nameOf });
}

const AD_HOC = 'ad-hoc';

/** The names of the operations in a text. */
function operationNamesIn(text: string): readonly string[] {
  return [...text.matchAll(/^\s*(?:query|mutation)\s+(\w+)/gm)].map(([, name = '']) => name);
}

/**
 * Parses documents by id, from JSON: an object of ids and texts, as GraphQL Code Generator writes
 * it, or Apollo's manifest. Throws ConfigError for malformed input, or for an id that is the hash
 * of another text.
 */
export function parseDocuments(json: string): ReadonlyMap<string, string> {
  const parsed = parseJson(json, () => wrong('JSON', json));
  const entries = isObject(parsed) ? (manifestOf(parsed) ?? Object.entries(parsed)) : [];
  const documents = new Map<string, string>();
  for (const [id, text] of entries) {
    if (typeof text !== 'string') throw wrong('an object of ids and texts', { [id]: text });
    if (id.startsWith(PREFIX) && id !== idOf(text)) throw wrong('the SHA-256 of its text behind each sha256:', id);
    documents.set(id, text);
  }
  if (documents.size === 0) throw wrong('an object of ids and texts', parsed);
  return documents;
}

/** The entries of a manifest as `@apollo/generate-persisted-query-manifest` writes it. */
function manifestOf({ format, operations }: Readonly<Record<string, unknown>>): [string, unknown][] | null {
  if (format !== 'apollo-persisted-query-manifest' || !Array.isArray(operations)) return null;
  return operations.filter(isObject).map(({ id, body }) => [String(id), body]);
}

/** The id of a text. */
export function idOf(text: string): string {
  return PREFIX + createHash('sha256').update(text).digest('hex');
}

function wrong(expected: string, given: unknown): ConfigError {
  return new ConfigError('PERSISTED_DOCUMENTS', expected, given);
}

function notFound(argument: string, expected: string, given: unknown): ApiError {
  return new ApiError('PERSISTED_QUERY_NOT_FOUND', badInput(argument, expected, given).message, { argument });
}

/** Refuses an id that is unknown: a `documentId`, or a hash in Apollo's form. */
function unknown(documentId: unknown, id: unknown): ApiError {
  if (documentId != null) return notFound('documentId', 'the id of a persisted document', id);
  // urql knows the protocol's errors by their messages alone.
  return new ApiError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
}

function bare(id: string): string {
  return id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id;
}

/** Apollo Client's id. */
function hashOf(extensions: unknown): unknown {
  const persisted = isObject(extensions) ? extensions.persistedQuery : undefined;
  return isObject(persisted) ? persisted.sha256Hash : undefined;
}
