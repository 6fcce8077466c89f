// The README is true: its table of settings, its commands, queries and links.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildSchema, Kind, parse, validate } from 'graphql';
import { readme, schemaReadme } from './written-tables.ts';

const { given, expected } = readme();
const fileOf = (path: string) => new URL(`../../${path}`, import.meta.url);

test('the README lists every setting with its default and meaning; `npm run readme` writes the table', () => {
  expect(given).toBe(expected);
});

test('the table of rights is the one that the code asks', () => {
  const rights = schemaReadme();
  expect(rights.given).toBe(rights.expected);
});

const GUIDES = [
  'README.md',
  'CONTRIBUTING.md',
  'schema/README.md',
  'deploy/README.md',
  'src/README.md',
  'src/calendar/cache/README.md',
  'test/README.md',
];
const read = (path: string) => readFileSync(fileOf(path), 'utf8');

test.each(GUIDES)('every file and script that %s names exists', (guide) => {
  const text = read(guide);
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => path);
  expect(links.filter((path) => !existsSync(new URL(path, fileOf(guide))))).toEqual([]);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...text.matchAll(/`npm run (\w[\w:-]*)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test.each([
  ['README.md', 1],
  ['schema/README.md', 5],
])('every query in %s is valid against the public schema', (guide, count) => {
  const schema = buildSchema(read('test/schema/baseline.graphql'));
  const documents = [...read(guide).matchAll(/```graphql\n([\s\S]*?)```/g)]
    .map(([, text = '']) => parse(text))
    .filter(({ definitions }) => definitions.every(({ kind }) => kind === Kind.OPERATION_DEFINITION));
  expect(documents.flatMap(({ definitions }) => definitions)).toHaveLength(count);
  expect(documents.flatMap((document) => validate(schema, document))).toEqual([]);
});

test('the commands under Run and Test are one line each, and are also in the first thirty lines', () => {
  const under = (heading: string) => new RegExp(`\\n## ${heading}\\n\\n\`\`\`sh\\n(.+)\\n\`\`\``).exec(given)?.[1];
  expect([under('Run'), under('Test')]).toEqual(['npm install && npm start', 'npm install && npm test']);
  const head = given.split('\n').slice(0, 30).join('\n');
  expect([head.includes('npm install && npm start'), head.includes('npm install && npm test')]).toEqual([true, true]);
});
