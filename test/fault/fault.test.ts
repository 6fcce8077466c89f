// Promise: the table of test/fault/README.md names for each fault and attack the tests that show
// it, and `here` for exactly those that npm run test:fault runs.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CASES } from './cases.ts';

const ROOT = new URL('../../', import.meta.url);
const README = readFileSync(new URL('README.md', import.meta.url), 'utf8');
const [, table = ''] = README.split('## Which test shows which row');
const rows = [...table.matchAll(/^\| ([FA]\d\d) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, id = '', tests = '']) => ({
  id,
  tests: tests.split(', ').map((one) => one.replaceAll('`', '').trim()),
}));

test('each row has tests, which exist, and no row is there twice', () => {
  expect(rows.length).toBeGreaterThan(50);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  const files = rows.flatMap(({ tests }) => tests).filter((one) => one.endsWith('.ts'));
  expect(files.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
});

test('the rows that are run with processes are those that say so', () => {
  const here = rows.filter(({ tests }) => tests.includes('here')).map(({ id }) => id);
  expect(here.toSorted()).toEqual(CASES.map(({ id }) => id).toSorted());
});
