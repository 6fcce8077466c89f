// The size limits of a query, checked before validation and planning. Fields, aliases and
// directives of a fragment count each time it is spread, so a small text cannot stand for a large
// query; each fragment is measured once.
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { BoundedMap } from '../../bounded-map.ts';
import { ApiError } from '../../errors.ts';
import { checkLiterals, type ValueLimits } from './value-limits.ts';

/**
 * Maximum of each in one operation. Tokens are counted by the parser (`parseOptions.maxTokens`).
 */
export interface QueryLimits {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
  /** Spreads of named fragments. */
  readonly fragments: number;
}

/** How many accepted texts are remembered, and the maximum length of such a text. */
const REMEMBERED = 500;
const MAX_REMEMBERED_LENGTH = 8_192;

/**
 * A check of the `query` of a request's body by {@link checkQuery}. A text that is not GraphQL, or
 * has too many tokens, is left to the parser behind it. An accepted text is not parsed a second
 * time.
 */
export function createTextCheck(
  limits: QueryLimits & ValueLimits & { readonly tokens: number },
): (body: unknown) => void {
  const accepted = new BoundedMap<string, true>(REMEMBERED);
  return (body) => {
    const text = typeof body === 'object' && body !== null && 'query' in body ? body.query : undefined;
    if (typeof text !== 'string' || accepted.has(text)) return;
    checkText(text, limits);
    if (text.length <= MAX_REMEMBERED_LENGTH) accepted.set(text, true);
  };
}

function checkText(text: string, limits: QueryLimits & ValueLimits & { readonly tokens: number }): void {
  // An error finds its line by counting from the start: many errors in many lines are slow.
  if (text.split(/\r\n|[\n\r]/, limits.tokens + 1).length > limits.tokens) throw tooLarge('lines', limits.tokens);
  const document = parsed(text, limits.tokens);
  if (document !== undefined) checkQuery(document, limits);
}

function parsed(text: string, maxTokens: number): DocumentNode | undefined {
  try {
    return parse(text, { maxTokens, noLocation: true });
  } catch {
    return undefined;
  }
}

/**
 * Throws QUERY_TOO_LARGE, naming the limit, when an operation or a fragment is too large, used or
 * not: validation compares the fields of every selection with each other. A fragment that spreads
 * itself counts as infinite.
 */
export function checkQuery(document: DocumentNode, limits: QueryLimits & ValueLimits): void {
  checkLiterals(document, limits);
  const definitions = document.definitions.filter(
    (one) => one.kind === Kind.OPERATION_DEFINITION || one.kind === Kind.FRAGMENT_DEFINITION,
  );
  const measure = measurer(definitions);
  for (const definition of definitions) {
    const size = measure(definition);
    // A fragment alone may be as deep as introspection queries need; where it is spread, it counts
    // as part of the operation.
    const isFragment = definition.kind === Kind.FRAGMENT_DEFINITION;
    const depth = isFragment ? Math.max(limits.depth, INTROSPECTION_DEPTH) : limits.depth;
    const over = NAMES.find((name) => size[name] > (name === 'depth' ? depth : limits[name]));
    if (over !== undefined) throw tooLarge(WORDS[over], limits[over]);
  }
}

/** The error of a query that is too large. */
export function tooLarge(what: string, limit: number): ApiError {
  return new ApiError('QUERY_TOO_LARGE', `The query is too large: expected at most ${limit} ${what}, given more.`);
}

const WORDS = {
  depth: 'levels',
  fields: 'fields',
  aliases: 'aliases',
  directives: 'directives',
  fragments: 'fragments',
};
const NAMES = ['depth', 'fields', 'aliases', 'directives', 'fragments'] as const;
const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type']);
/** The depth of introspection queries: types inside nine list and non-null types. */
const INTROSPECTION_DEPTH = 16;
const NOTHING = all(0);
const ONE_SPREAD: QueryLimits = { ...NOTHING, fragments: 1 };
const ENDLESS = all(Number.POSITIVE_INFINITY);

type Definition = OperationDefinitionNode | FragmentDefinitionNode;
type Measure = (definition: Definition) => QueryLimits;

function measurer(definitions: readonly Definition[]): Measure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const known = new Map<DefinitionNode, QueryLimits>();
  const ofDefinition: Measure = (definition) => {
    const size = known.get(definition);
    if (size !== undefined) return size;
    // A fragment counts as infinite until it is measured, in case it contains itself.
    known.set(definition, ENDLESS);
    const measured = plus(ofSet(definition.selectionSet), directivesOf(definition));
    known.set(definition, measured);
    return measured;
  };
  const ofSet = (set: SelectionSetNode | undefined): QueryLimits =>
    (set?.selections ?? []).reduce((sum, one) => plus(plus(sum, ofSelection(one)), directivesOf(one)), NOTHING);
  const ofSelection = (selection: SelectionNode): QueryLimits => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofSet(selection.selectionSet);
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(selection.name.value);
      return fragment ? plus(ofDefinition(fragment), ONE_SPREAD) : NOTHING;
    }
    const inner = ofSet(selection.selectionSet);
    const aliases = inner.aliases + (selection.alias === undefined ? 0 : 1);
    // The usual introspection query is deeper than any query for data.
    const depth = INTROSPECTION.has(selection.name.value) && inner.depth <= INTROSPECTION_DEPTH ? 1 : inner.depth + 1;
    return { ...inner, depth, fields: inner.fields + 1, aliases };
  };
  return ofDefinition;
}

/** Combines two parts of a selection: the greater depth, and the sum of everything else. */
function plus(a: QueryLimits, b: QueryLimits): QueryLimits {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: a.fields + b.fields,
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
    fragments: a.fragments + b.fragments,
  };
}

function directivesOf(node: { readonly directives?: readonly unknown[] | undefined }): QueryLimits {
  return { ...NOTHING, directives: node.directives?.length ?? 0 };
}

function all(count: number): QueryLimits {
  return { depth: count, fields: count, aliases: count, directives: count, fragments: count };
}
