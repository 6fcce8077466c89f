// The README is true: its table of settings, its commands, queries and links.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildSchema, Kind, parse, validate } from 'graphql';
import { readme } from './settings-table.ts';

const { given, expected } = readme();
const fileOf = (path: string) => new URL(`../../${path}`, import.meta.url);

test('the README lists every setting with its default and meaning; `npm run readme` writes the table', () => {
  expect(given).toBe(expected);
});

test('every file and script that the README names exists', () => {
  const links = [...given.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => path);
  expect(links.filter((path) => !existsSync(fileOf(path)))).toEqual([]);
  const { scripts } = JSON.parse(readFileSync(fileOf('package.json'), 'utf8')) as { scripts: Record<string, string> };
  const named = [...given.matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('every query in the README is valid against the public schema', () => {
  const schema = buildSchema(readFileSync(fileOf('test/schema/baseline.graphql'), 'utf8'));
  const documents = [...given.matchAll(/```graphql\n([\s\S]*?)```/g)]
    .map(([, text = '']) => parse(text))
    .filter(({ definitions }) => definitions.every(({ kind }) => kind === Kind.OPERATION_DEFINITION));
  expect(documents.flatMap(({ definitions }) => definitions)).toHaveLength(6);
  expect(documents.flatMap((document) => validate(schema, document))).toEqual([]);
});

test('the commands under Run and Test are one line each, and are also in the first thirty lines', () => {
  const under = (heading: string) => new RegExp(`\\n## ${heading}\\n\\n\`\`\`sh\\n(.+)\\n\`\`\``).exec(given)?.[1];
  expect([under('Run'), under('Test')]).toEqual(['npm install && npm start', 'npm install && npm test']);
  const head = given.split('\n').slice(0, 30).join('\n');
  expect([head.includes('npm install && npm start'), head.includes('npm install && npm test')]).toEqual([true, true]);
});
