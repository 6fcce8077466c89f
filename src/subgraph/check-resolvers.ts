// A resolver nothing can call is a mistake: a name misspelt, or a field gone from the SDL.
// @apollo/subgraph passes over such names in silence, so they are looked for here, once, when the
// subgraph is made.
import { type GraphQLSchema, isEnumType, isInterfaceType, isObjectType } from 'graphql';
import { ConfigError } from '../errors.ts';

/** Throws ConfigError naming the first resolver whose type or field the schema does not have. */
export function checkResolvers(schema: GraphQLSchema, resolvers: object): void {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    if (schema.getType(typeName) === undefined) refuse(typeName);
    const known = namesIn(schema, typeName);
    const unknown = known && Object.keys(fields).find((name) => !name.startsWith('__') && !known.has(name));
    if (unknown !== undefined) refuse(`${typeName}.${unknown}`);
  }
}

/** Field or value names of a type; undefined for types whose resolvers are not named after any. */
function namesIn(schema: GraphQLSchema, typeName: string): ReadonlySet<string> | undefined {
  const type = schema.getType(typeName);
  if (isObjectType(type) || isInterfaceType(type)) return new Set(Object.keys(type.getFields()));
  return isEnumType(type) ? new Set(type.getValues().map(({ name }) => name)) : undefined;
}

function refuse(name: string): never {
  throw new ConfigError('resolvers', 'only types and fields of the SDL', name);
}
