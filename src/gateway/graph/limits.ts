// How large a query may be, judged before anything is asked of anybody. Fields, aliases and directives of a fragment
// count each time it is spread, so a small text cannot stand for a large query; each fragment is measured once.
import {
  type ASTVisitor,
  type DefinitionNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { ApiError } from '../../errors.ts';

/** Most of each that one operation may have. Tokens are counted by the parser (`parseOptions.maxTokens`). */
export interface QueryLimits {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
  /** Spreads of named fragments. */
  readonly fragments: number;
}

/** A validation rule that reports QUERY_TOO_LARGE, naming the limit. A fragment that spreads itself is endless. */
export function limitQueries(limits: QueryLimits): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    const measure = measurer(context);
    const check = (operation: OperationDefinitionNode) => {
      const size = measure(operation);
      const over = NAMES.find((name) => size[name] > limits[name]);
      if (over !== undefined) context.reportError(tooLarge(WORDS[over], limits[over]));
      return false;
    };
    return { [Kind.OPERATION_DEFINITION]: check };
  };
}

/** The one form of refusing a query for its size. */
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
const NOTHING = all(0);
const ONE_SPREAD: QueryLimits = { ...NOTHING, fragments: 1 };
const ENDLESS = all(Number.POSITIVE_INFINITY);

type Measure = (definition: OperationDefinitionNode | FragmentDefinitionNode) => QueryLimits;

function measurer(context: ValidationContext): Measure {
  const known = new Map<DefinitionNode, QueryLimits>();
  const ofDefinition: Measure = (definition) => {
    const size = known.get(definition);
    if (size !== undefined) return size;
    // Until it is measured a fragment is endless: met again inside itself, it is.
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
      const fragment = context.getFragment(selection.name.value);
      return fragment ? plus(ofDefinition(fragment), ONE_SPREAD) : NOTHING;
    }
    // Introspection is allowed or refused as a whole, and the usual query for it is deeper than any for data.
    if (selection.name.value.startsWith('__')) return NOTHING;
    const inner = ofSet(selection.selectionSet);
    const aliases = inner.aliases + (selection.alias === undefined ? 0 : 1);
    return { ...inner, depth: inner.depth + 1, fields: inner.fields + 1, aliases };
  };
  return ofDefinition;
}

/** Two parts side by side: the deeper one's depth, the sum of everything else. */
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
