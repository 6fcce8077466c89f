// Limits on depth and size of values, in the text of a query and in its variables. The query
// planner walks each list twice for every list around it, so its time doubles with each level.
// Checking variables is linear, but answers with one error for each malformed value.

import { type ConstValueNode, type DocumentNode, Kind, type ValueNode, visit } from 'graphql';
import { ApiError } from '../../errors.ts';
import { isObject } from '../../json.ts';

/** The limits of one value. */
export interface ValueLimits {
  /** Maximum nesting of lists and objects. */
  readonly valueDepth: number;
  /** Maximum number of list items and object fields, nested ones included. */
  readonly list: number;
}

type LiteralNode = ValueNode | ConstValueNode;

/**
 * Throws QUERY_TOO_LARGE for a value in the text that is too large: in arguments, defaults or
 * directives.
 */
export function checkLiterals(document: DocumentNode, limits: ValueLimits): void {
  const check = (value: LiteralNode | undefined) => {
    const over = value === undefined ? undefined : overLimit(value, itemsOfLiteral, limits);
    if (over !== undefined)
      throw new ApiError('QUERY_TOO_LARGE', `The query is too large: expected ${over}, given more.`);
    // A value contains no further arguments or defaults.
    return false;
  };
  visit(document, {
    [Kind.ARGUMENT]: ({ value }) => check(value),
    [Kind.VARIABLE_DEFINITION]: ({ defaultValue }) => void check(defaultValue),
  });
}

/**
 * Throws BAD_USER_INPUT for a request whose variables, or anything else in its body, are too large.
 * The body itself is a level, and the object of variables another; each variable is measured alone.
 */
export function checkBody(body: unknown, limits: ValueLimits): void {
  if (!isObject(body)) return;
  const { variables, ...rest } = body;
  checkEach(rest, '', limits);
  if (isObject(variables)) checkEach(variables, '$', limits);
}

function checkEach(values: Readonly<Record<string, unknown>>, prefix: string, limits: ValueLimits): void {
  for (const [name, value] of Object.entries(values)) {
    const over = overLimit(value, itemsOfJson, limits);
    if (over === undefined) continue;
    const argument = `${prefix}${name}`.slice(0, 64);
    throw new ApiError('BAD_USER_INPUT', `${argument}: expected ${over}, given more.`, { argument });
  }
}

/** The limit that a value exceeds. It uses no recursion, because callers control the depth. */
function overLimit<T>(value: T, itemsOf: (value: T) => readonly T[] | undefined, limits: ValueLimits) {
  let level: readonly T[] = [value];
  let size = 0;
  for (let depth = 0; ; depth += 1) {
    const inner = level.map(itemsOf).filter((items) => items !== undefined);
    if (inner.length === 0) return undefined;
    if (depth === limits.valueDepth) return `at most ${limits.valueDepth} levels of lists and objects in a value`;
    size += inner.reduce((sum, items) => sum + items.length, 0);
    if (size > limits.list) return `at most ${limits.list} items in a value`;
    level = inner.flatMap((items) => [...items]);
  }
}

function itemsOfLiteral(value: LiteralNode): readonly LiteralNode[] | undefined {
  if (value.kind === Kind.LIST) return value.values;
  return value.kind === Kind.OBJECT ? value.fields.map((field) => field.value) : undefined;
}

function itemsOfJson(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : undefined;
}
