// Which aliases the gateway refuses, and that no others are.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { composeServices } from '@theguild/federation-composition';
import { buildSchema, parse, validate } from 'graphql';
import { refuseKeyAliases } from '../../../src/gateway/graph/key-aliases.ts';
import { services } from '../../schema/generate.ts';

const supergraph = readFileSync(new URL('../../../schema/supergraph.graphql', import.meta.url), 'utf8');
const schema = buildSchema(String(composeServices(services()).publicSdl));
const rule = refuseKeyAliases(supergraph);
const messages = (fields: string) =>
  validate(
    schema,
    parse(`{ viewer { calendar(from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z") { ${fields} } } }`),
    [rule],
  ).map(({ message }) => message);

test.each([
  ['events { course { ern: title teacher } }', 'Course', 'ern: title'],
  ['events { course { ... on Course { ern: color } } }', 'Course', 'ern: color'],
  ['events { ... on LectureEvent { lecture { ern: title } } }', 'Lecture', 'ern: title'],
  ['events { course { __typename: title } }', 'Course', '__typename: title'],
  ['events { __typename: title }', 'ScheduleEvent', '__typename: title'],
  ['__typename: version', 'Calendar', '__typename: version'],
])('{ %s } is refused', (fields, type, given) => {
  expect(messages(fields)).toEqual([
    `alias: expected another name than __typename and the key fields of ${type}, given "${given}"`,
  ]);
});

test('a key field of a user is refused for another field of a user', () => {
  const document = parse('{ viewer { id: __typename } }');
  expect(validate(schema, document, [rule])).toHaveLength(1);
});

test.each([
  'events { id: ern ern: title }',
  'events { course { ern: ern title: color kind: __typename } }',
  'from: to to: from',
])('{ %s } is accepted', (fields) => {
  expect(messages(fields)).toEqual([]);
});
