// The key of a stored answer: the viewer with roles and scopes, the document, the operation, the
// variables with sorted keys, and the accepted media types. Two requests with one key get the same
// bytes. Pure, but for what is remembered: the numbers that stand for long documents, and the last
// key of each viewer.
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

/** What is written once for each verified token: the viewer's part, and the last key. */
interface Written {
  readonly viewer: string;
  operation: string;
  accept: string;
  key: string;
}

const written = new WeakMap<Principal, Written>();
/** A longer key is made each time: there are thousands of viewers. */
const MAX_REMEMBERED_LENGTH = 1_024;

/**
 * The key. `operation`: see {@link OperationKey}. For equal requests it is the same string, which
 * is found faster in a map than an equal one.
 */
export function requestKey(operation: string, viewer: Principal, accept: string): string {
  const last = writtenFor(viewer);
  if (last.operation === operation && last.accept === accept) return last.key;
  // Each part is JSON, so that other parts never make the same text.
  const key = `${last.viewer}${JSON.stringify(accept)}${operation}`;
  if (key.length <= MAX_REMEMBERED_LENGTH) Object.assign(last, { operation, accept, key });
  return key;
}

function writtenFor(viewer: Principal): Written {
  const known = written.get(viewer);
  if (known !== undefined) return known;
  const text = JSON.stringify([viewer.id, viewer.roles.toSorted(), viewer.scopes.toSorted()]);
  // No operation is empty.
  const made = { viewer: text, operation: '', accept: '', key: '' };
  written.set(viewer, made);
  return made;
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
