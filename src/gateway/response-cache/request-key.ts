// The key of a stored answer: the viewer with roles and scopes, the document, the operation, the
// variables with sorted keys, and the accepted media types. Two requests with one key get the same
// bytes. Pure, but for the numbers that stand for long documents.
import type { Principal } from '../../auth/principal.ts';
import { BoundedMap } from '../../bounded-map.ts';
import { isObject } from '../../json.ts';

/**
 * Returns the part of the key that follows from a checked request's body; null for a body that is
 * never answered from here.
 */
export type OperationKey = (body: unknown) => string | null;

/**
 * How many documents have a number, and their maximum length: answers to longer ones are not
 * stored. A document that comes back gets another one.
 */
const NUMBERED = 1_000;
const MAX_DOCUMENT_LENGTH = 8_192;

/** The key. `operation`: see {@link OperationKey}. */
export function requestKey(operation: string, viewer: Principal, accept: string): string {
  // Each part is JSON, so that other parts never make the same text.
  return `${viewerKey(viewer)}${JSON.stringify(accept)}${operation}`;
}

const viewerKeys = new WeakMap<Principal, string>();

/** Written once for each verified token. */
function viewerKey(viewer: Principal): string {
  const known = viewerKeys.get(viewer);
  if (known !== undefined) return known;
  const key = JSON.stringify([viewer.id, viewer.roles.toSorted(), viewer.scopes.toSorted()]);
  viewerKeys.set(viewer, key);
  return key;
}

/** See {@link OperationKey}. */
export function createOperationKey(): OperationKey {
  const numbers = new BoundedMap<string, number>(NUMBERED);
  let last = 0;
  const numberOf = (document: string): number => {
    const known = numbers.get(document);
    if (known !== undefined) return known;
    last += 1;
    numbers.set(document, last);
    return last;
  };
  return (body) => {
    if (!isObject(body)) return null;
    const { query, operationName = null, variables = null, extensions = null } = body;
    if (typeof query !== 'string' || query.length > MAX_DOCUMENT_LENGTH || extensions !== null) return null;
    if (operationName !== null && typeof operationName !== 'string') return null;
    if (variables !== null && !isObject(variables)) return null;
    return JSON.stringify([numberOf(query), operationName, withSortedKeys(variables)]);
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
