// Aliases that the gateway library would answer wrongly. To fetch an entity from another subgraph
// it adds `__typename` and the key's fields to a selection, under these names, and does not notice
// that an alias has one of them (apollographql/federation#3036).
import {
  type FieldNode,
  GraphQLError,
  getNamedType,
  isAbstractType,
  Kind,
  parse,
  type ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';
import { badInput } from '../../errors.ts';

/**
 * A validation rule that refuses an alias of `__typename` or of a key's field for another field.
 * `supergraph`: the SDL, which names the keys of each type.
 */
export function refuseKeyAliases(supergraph: string): ValidationRule {
  const keys = keyFields(supergraph);
  return (context) => ({
    [Kind.FIELD](node: FieldNode) {
      const alias = node.alias?.value;
      if (alias === undefined || alias === node.name.value) return;
      const types = possibleTypes(context);
      if (alias !== '__typename' && !types.some((type) => keys.get(type)?.has(alias))) return;
      context.reportError(refusal(node, alias, types[0] ?? ''));
    },
  });
}

function refusal(node: FieldNode, alias: string, type: string): GraphQLError {
  const expected = `another name than __typename and the key fields of ${type}`;
  const originalError = badInput('alias', expected, `${alias}: ${node.name.value}`);
  return new GraphQLError(originalError.message, { nodes: node, originalError });
}

/** The type that the current field belongs to, and those that an interface or union stands for. */
function possibleTypes(context: ValidationContext): string[] {
  const parent = getNamedType(context.getParentType());
  if (parent == null) return [];
  const concrete = isAbstractType(parent) ? context.getSchema().getPossibleTypes(parent) : [];
  return [parent, ...concrete].map(({ name }) => name);
}

/** The names of the fields in the keys of each type, nested ones included. */
function keyFields(supergraph: string): ReadonlyMap<string, ReadonlySet<string>> {
  const keys = new Map<string, Set<string>>();
  for (const definition of parse(supergraph).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const names = new Set<string>();
    for (const { name, arguments: given = [] } of definition.directives ?? []) {
      const key = given.find((argument) => argument.name.value === 'key')?.value;
      if (name.value !== 'join__type' || key?.kind !== Kind.STRING) continue;
      visit(parse(`{ ${key.value} }`), { [Kind.FIELD]: ({ name: field }: FieldNode) => void names.add(field.value) });
    }
    if (names.size > 0) keys.set(definition.name.value, names);
  }
  return keys;
}
