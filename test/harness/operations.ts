// My Page's operations from src/web/operations, read as files and combined as the page sends them.
import { readdirSync, readFileSync } from 'node:fs';
import { withFragments } from '../../src/web/operations/with-fragments.ts';

const folder = new URL('../../src/web/operations/', import.meta.url);
const read = (name: string) => readFileSync(new URL(`${name}.graphql`, folder), 'utf8');

/** Their names, as the files'. */
export const OPERATIONS: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.graphql') && name !== 'fragments.graphql')
  .map((name) => name.slice(0, -'.graphql'.length))
  .toSorted();

/** Every file as it is, that of the fragments too. */
export const OPERATION_FILES: readonly { readonly name: string; readonly text: string }[] = [
  'fragments',
  ...OPERATIONS,
].map((name) => ({ name, text: read(name) }));

/** An operation as it is sent. */
export const operation = (name: string): string => withFragments(read(name), read('fragments'));
