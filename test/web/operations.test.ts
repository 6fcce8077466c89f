// My Page's operations and the playground's examples are valid against the public schema and within
// the gateway's limits.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildSchema, type OperationDefinitionNode, parse, specifiedRules, validate } from 'graphql';
import { checkQuery } from '../../src/gateway/graph/limits.ts';
import { variablesOf } from '../../src/web/graphiql/variables.ts';
import { OPERATIONS, operation } from '../harness/operations.ts';
import { LIMITS } from '../harness/test-keys.ts';

const schema = buildSchema(readFileSync(new URL('../schema/baseline.graphql', import.meta.url), 'utf8'));
test.each(OPERATIONS)('%s is one operation that the gateway accepts', (name) => {
  const document = parse(operation(name), { maxTokens: LIMITS.tokens });
  checkQuery(document, LIMITS);
  expect(validate(schema, document, specifiedRules)).toEqual([]);
  const operations = document.definitions.filter(({ kind }) => kind === 'OperationDefinition');
  expect(operations).toHaveLength(1);
});

const examples = new URL('../../src/web/graphiql/examples/', import.meta.url);

test.each(readdirSync(examples))('%s of the playground is accepted, with its variables', (name) => {
  const text = readFileSync(new URL(name, examples), 'utf8');
  const document = parse(text, { maxTokens: LIMITS.tokens });
  checkQuery(document, LIMITS);
  expect(validate(schema, document, specifiedRules)).toEqual([]);
  const [{ variableDefinitions = [] }] = document.definitions as [OperationDefinitionNode];
  const given = Object.keys(JSON.parse(variablesOf(text, new Date()) || '{}') as object);
  expect(given).toEqual(variableDefinitions.map(({ variable }) => variable.name.value));
});

test('a fragment is sent once, and only with operations that use it', () => {
  const count = (name: string) => operation(name).split(/^fragment Event\b/m).length - 1;
  expect(['my-page', 'changes', 'subscription'].map(count)).toEqual([1, 1, 0]);
});
