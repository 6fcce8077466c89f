// Resolvers and SDL match: every root field and entity of the SDL is resolved, and nothing else (a
// subgraph with an unknown resolver does not start).

import { expect, test } from '@jest/globals';
import { Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';
import { createResolvers } from '../../src/calendar/graphql/resolvers.ts';
import { systemClock } from '../../src/clock.ts';
import { readSchema, type SubgraphName } from '../../src/schema.ts';
import { assignmentResolvers } from '../../src/services/assignment/resolvers.ts';
import { attendanceResolvers } from '../../src/services/attendance/resolvers.ts';
import { lectureResolvers } from '../../src/services/lecture/resolvers.ts';
import { createSubgraph } from '../../src/subgraph/subgraph.ts';

/** Stands for what resolvers would use if they were called; here they are only made. */
const UNUSED = {} as never;

const RESOLVERS: Readonly<Partial<Record<SubgraphName, object>>> = {
  calendar: createResolvers(UNUSED),
  lecture: lectureResolvers(UNUSED, UNUSED),
  attendance: attendanceResolvers(UNUSED),
  assignment: assignmentResolvers(UNUSED),
};

/** `Type.field` of every root field, `Type.__resolveReference` of every entity others may name. */
function needed(name: SubgraphName): string[] {
  const types = parse(readSchema(name)).definitions.filter((one) => one.kind === Kind.OBJECT_TYPE_DEFINITION);
  const roots = types.filter((type) => /^(?:Query|Mutation)$/.test(type.name.value));
  const entities = types.filter((type) => keysOf(type) > 0);
  return [
    ...roots.flatMap(({ name: type, fields = [] }) => fields.map((field) => `${type.value}.${field.name.value}`)),
    ...entities.map((type) => `${type.name.value}.__resolveReference`),
  ];
}

function keysOf({ directives = [] }: ObjectTypeDefinitionNode): number {
  const keys = directives.filter((one) => one.name.value === 'key');
  return keys.filter((key) => !key.arguments?.some((one) => one.name.value === 'resolvable')).length;
}

test.each(Object.entries(RESOLVERS) as [SubgraphName, object][])('%s', (name, resolvers) => {
  const given = new Set(
    Object.entries(resolvers).flatMap(([type, fields]) =>
      Object.keys(fields as object).map((field) => `${type}.${field}`),
    ),
  );
  // A user is resolved by its reference alone.
  expect(needed(name).filter((field) => !given.has(field) && field !== 'User.__resolveReference')).toEqual([]);
  const make = () =>
    createSubgraph({
      name,
      typeDefs: readSchema(name),
      resolvers,
      verify: UNUSED,
      clock: systemClock,
      context: () => ({}),
    });
  expect(make).not.toThrow();
});
