// Promise: a null behind a hop, a field that another service resolves, goes no further than the
// hop; and a mutation field that fails does not take away what the others of its request did.
import { expect, test } from '@jest/globals';
import { type FieldDefinitionNode, Kind, type ObjectTypeDefinitionNode, parse, type TypeNode } from 'graphql';
import { readSchema } from '../../src/schema.ts';
import { SUBGRAPHS } from './generate.ts';

/** A subgraph's types with fields, by name. */
type Types = ReadonlyMap<string, readonly FieldDefinitionNode[]>;

function typesOf(sdl: string): { types: Types; entities: ReadonlySet<string> } {
  const found = parse(sdl).definitions.filter(
    (one) => one.kind === Kind.OBJECT_TYPE_DEFINITION || one.kind === Kind.INTERFACE_TYPE_DEFINITION,
  );
  return {
    types: new Map(found.map(({ name, fields = [] }) => [name.value, fields])),
    entities: new Set(found.filter((one) => isMarked(one, 'key')).map(({ name }) => name.value)),
  };
}

const isMarked = ({ directives = [] }: Pick<ObjectTypeDefinitionNode, 'directives'>, name: string): boolean =>
  directives.some((directive) => directive.name.value === name);
const isNullable = (type: TypeNode): boolean => type.kind !== Kind.NON_NULL_TYPE;
/** Whether a null takes away nothing else; of a list it could take away the other entries. */
const isAlone = (type: TypeNode): boolean => type.kind === Kind.NAMED_TYPE;
const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));

/** Each hop that nulls more than itself: the field that leads there, and the field behind it. */
function greedyHops(sdls: readonly string[]): string[] {
  const graphs = sdls.map(typesOf);
  const greedy: string[] = [];
  for (const [index, here] of graphs.entries()) {
    for (const [parent, fields] of here.types) {
      for (const link of fields.filter(({ type }) => !isAlone(type) && here.entities.has(nameOf(type)))) {
        const entity = nameOf(link.type);
        const local = new Set((here.types.get(entity) ?? []).map(({ name }) => name.value));
        const behind = graphs.flatMap((other, number) => (number === index ? [] : (other.types.get(entity) ?? [])));
        for (const field of behind) {
          if (local.has(field.name.value) || isMarked(field, 'inaccessible') || isNullable(field.type)) continue;
          greedy.push(`${parent}.${link.name.value} → ${entity}.${field.name.value}`);
        }
      }
    }
  }
  return [...new Set(greedy)];
}

const SDLS = SUBGRAPHS.map(readSchema);
const changed = (from: string, to: string): string[] => SDLS.map((sdl) => sdl.replace(from, to));

test('a field of another service is nullable, or the one field that leads to it is', () => {
  expect(greedyHops(SDLS)).toEqual([]);
});

test.each([
  ['enrollmentCount: Int\n', 'enrollmentCount: Int!\n', 'AssignmentEvent.course → Course.enrollmentCount'],
  ['assignment: Assignment\n', 'assignment: Assignment!\n', 'AssignmentEvent.assignment → Assignment.title'],
  ['teacher: String\n', 'teacher: [String!]!\n', 'ScheduleEvent.course → Course.teacher'],
  ['courses: [Course!]\n', 'courses: [Course!]!\n', 'Query.observed → User.courses'],
])('%j as %j is found', (from, to, found) => {
  expect(greedyHops(changed(from, to))).toContain(found);
});

test('every public field of Mutation is nullable', () => {
  const strict = SDLS.flatMap((sdl) => typesOf(sdl).types.get('Mutation') ?? [])
    .filter((field) => !isMarked(field, 'inaccessible') && !isNullable(field.type))
    .map((field) => field.name.value);
  expect(strict).toEqual([]);
});
