// The door of `_entities`: how many representations one call may bring and which types they may
// name. What passes goes to @apollo/subgraph's own resolver; a wrong call is the caller's mistake,
// told as BAD_USER_INPUT.

import { defaultFieldResolver, type GraphQLSchema, isInterfaceType, isUnionType } from 'graphql';
import { badInput } from '../errors.ts';
import { isObject } from '../json.ts';

/**
 * Puts the check in front of the schema's `_entities` resolver, if it has one. `max`:
 * representations per call.
 */
export function guardEntities(schema: GraphQLSchema, max: number): void {
  const field = schema.getQueryType()?.getFields()._entities;
  const entity = schema.getType('_Entity');
  if (field === undefined || !isUnionType(entity)) return;
  // An entity may be named by an interface of its (Federation 2.3).
  const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType);
  const names = new Set<unknown>([...entity.getTypes(), ...interfaces].map((type) => type.name));
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args: { representations: readonly unknown[] }, context, info) => {
    checkRepresentations(args.representations, names, max);
    return resolve(source, args, context, info);
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
