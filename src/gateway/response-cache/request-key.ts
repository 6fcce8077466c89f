// The key of a stored answer: the viewer with roles and scopes, the document, the operation, the
// variables with sorted keys, and the accepted media types. Two requests with one key get the same
// bytes. Pure, but for the numbers that stand for long documents.
import type { Principal } from '../../auth/principal.ts';
import { BoundedMap } from '../../bounded-map.ts';
import { isObject } from '../../json.ts';

/**
 * Returns the key of a checked request's body; null for a body that is never answered from here.
 */
export type RequestKey = (body: unknown, principal: Principal, accept: string) => string | null;

/**
 * How many documents have a number, and their maximum length: answers to longer ones are not
 * stored. A document that comes back gets another one.
 */
const NUMBERED = 1_000;
const MAX_DOCUMENT_LENGTH = 8_192;

/** See the head of this file. */
export function createRequestKey(): RequestKey {
  const numbers = new BoundedMap<string, number>(NUMBERED);
  let last = 0;
  const numberOf = (document: string): number => {
    const known = numbers.get(document);
    if (known !== undefined) return known;
    last += 1;
    numbers.set(document, last);
    return last;
  };
  return (body, { id, roles, scopes }, accept) => {
    if (!isObject(body)) return null;
    const { query, operationName = null, variables = null, extensions = null } = body;
    if (typeof query !== 'string' || query.length > MAX_DOCUMENT_LENGTH || extensions !== null) return null;
    if (operationName !== null && typeof operationName !== 'string') return null;
    if (variables !== null && !isObject(variables)) return null;
    const who = [id, roles.toSorted(), scopes.toSorted()];
    return JSON.stringify([who, numberOf(query), operationName, accept, withSortedKeys(variables)]);
  };
}

/** The same value with the keys of its objects in order; lists keep theirs. */
function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (!isObject(value)) return value;
  // Pairs, because an object would put keys that are numbers first, and lose __proto__.
  return {
    o: Object.entries(value)
      .toSorted(byName)
      .map(([name, one]) => [name, withSortedKeys(one)]),
  };
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0);
