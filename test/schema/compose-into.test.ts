// `npm run schema -- --out`: your subgraphs are composed into a folder of your choice, with their
// URLs, and a wrong argument says what was expected.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { composeInto } from './compose-into.ts';

const MINIMAL = new URL('../examples/minimal-source/schema.graphql', import.meta.url).pathname;
const folder = () => join(mkdtempSync(join(tmpdir(), 'schema-')), 'mine');

test('the smallest source takes the place of the assignment service, at its own URL', () => {
  const out = folder();
  const lines = composeInto({ out, sdl: [`assignment=${MINIMAL}`], url: ['assignment=http://deadlines:4200/'] });
  expect(readdirSync(out)).toEqual(['possibleTypes.json', 'public.graphql', 'supergraph.graphql']);
  const supergraph = readFileSync(join(out, 'supergraph.graphql'), 'utf8');
  expect(supergraph).toContain('@join__graph(name: "assignment", url: "http://deadlines:4200/")');
  const clients = readFileSync(join(out, 'public.graphql'), 'utf8');
  expect(clients).toContain('type Calendar ');
  expect(clients).not.toContain('createAssignment');
  expect(lines).toContain(`subgraph assignment: ${MINIMAL}, at http://deadlines:4200/`);
  expect(lines.join('\n')).toContain(`SUPERGRAPH=${join(out, 'supergraph.graphql')}`);
});

test.each([
  [{ sdl: ['assignment'] }, '--sdl: expected name=value, given assignment'],
  [{ sdl: ['assignment=/nowhere.graphql'] }, '--sdl assignment: expected a file of SDL, given /nowhere.graphql'],
  [{ sdl: [`assignment=${import.meta.filename}`] }, /^--sdl assignment: expected SDL in .*Syntax Error/],
  [{ sdl: [`exam=${MINIMAL}`] }, '--url exam=…: expected, because exam is none of our subgraphs'],
  [{ url: ['exam=http://exams/'] }, '--sdl exam=…: expected, because exam is none of our subgraphs'],
  [{ url: ['lecture=ftp://x/'] }, /--url lecture/],
])('%j is refused: %s', (options, message) => {
  expect(() => composeInto({ out: folder(), ...options })).toThrow(message);
});
