// Finds resolvers that the schema does not have: a misspelt name, or a field that was removed from
// the SDL. @apollo/subgraph ignores them, so they are checked once, when the subgraph is created.
import { type GraphQLSchema, isEnumType, isInterfaceType, isObjectType } from 'graphql';
import { ConfigError } from '../errors.ts';

/** Throws ConfigError naming the first resolver whose type or field is not in the schema. */
export function checkResolvers(schema: GraphQLSchema, resolvers: object): void {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    if (schema.getType(typeName) === undefined) throwUnknown(typeName);
    const known = namesIn(schema, typeName);
    const unknown = known && Object.keys(fields).find((name) => !name.startsWith('__') && !known.has(name));
    if (unknown !== undefined) throwUnknown(`${typeName}.${unknown}`);
  }
}

/** The field or value names of a type; undefined for types whose resolvers have other names. */
function namesIn(schema: GraphQLSchema, typeName: string): ReadonlySet<string> | undefined {
  const type = schema.getType(typeName);
  if (isObjectType(type) || isInterfaceType(type)) return new Set(Object.keys(type.getFields()));
  return isEnumType(type) ? new Set(type.getValues().map(({ name }) => name)) : undefined;
}

function throwUnknown(name: string): never {
  throw new ConfigError('resolvers', 'only types and fields of the SDL', name);
}
