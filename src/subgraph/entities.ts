// Checks calls of `_entities`: the number of representations and their types. Valid calls go to the
// resolver of @apollo/subgraph, one representation at a time, so that one that throws is null and
// the others are answered; a wrong call is BAD_USER_INPUT.

import { defaultFieldResolver, type GraphQLSchema, isInterfaceType, isUnionType } from 'graphql';
import { badInput } from '../errors.ts';
import { isObject } from '../json.ts';

/**
 * Adds the check to the schema's `_entities` resolver, if it has one. `max`: representations in one
 * call.
 */
export function guardEntities(schema: GraphQLSchema, max: number): void {
  const field = schema.getQueryType()?.getFields()._entities;
  const entity = schema.getType('_Entity');
  if (field === undefined || !isUnionType(entity)) return;
  // A representation may name an interface of the entity (Federation 2.3).
  const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType);
  const names = new Set<unknown>([...entity.getTypes(), ...interfaces].map((type) => type.name));
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args: { representations: readonly unknown[] }, context, info) => {
    checkRepresentations(args.representations, names, max);
    return args.representations.map(async (one) => {
      const [entity] = (await resolve(source, { representations: [one] }, context, info)) as [unknown];
      return entity;
    });
  };
}

function checkRepresentations(representations: readonly unknown[], names: ReadonlySet<unknown>, max: number): void {
  const { length } = representations;
  if (length > max) throw badInput('representations', `at most ${max} of them`, length);
  const odd = representations.find((one) => !names.has(typenameOf(one)));
  if (odd !== undefined) throw badInput('representations', 'objects naming an entity of this service', typenameOf(odd));
}

function typenameOf(representation: unknown): unknown {
  return isObject(representation) ? representation.__typename : undefined;
}
