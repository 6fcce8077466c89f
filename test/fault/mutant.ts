// A control that is switched off, to see its row fail: by settings, or by a change of one line in a
// copy of the source.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from './program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What the program needs to start from its source. */
const NEEDED = ['src', 'schema', 'package.json', 'tsconfig.json'];

interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Where two controls do the same. */
  readonly also?: Change;
}

/** How the control of a row is switched off, or why that is not possible. */
export type Mutant = { readonly settings: Env } | Change | { readonly none: string };

/** A folder with the changed source. Throws if a line is not there exactly once. */
export function changedSource(change: Change): { readonly root: string; readonly remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'fault-mutant-'));
  for (const name of NEEDED) cpSync(join(ROOT, name), join(root, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (let one: Change | undefined = change; one !== undefined; one = one.also) {
    const { file, from, to } = one;
    const source = readFileSync(join(root, file), 'utf8');
    if (source.split(from).length !== 2) throw new Error(`${file} has not exactly one ${from}`);
    writeFileSync(join(root, file), source.replace(from, to));
  }
  return { root, remove: () => rmSync(root, { recursive: true }) };
}

/** For the table. */
export function shownMutant(mutant: Mutant): string {
  if ('none' in mutant) return `none: ${mutant.none}`;
  if ('file' in mutant) {
    const { file, from, to, also } = mutant;
    return `\`${file}\`: \`${flat(from)}\` → \`${flat(to)}\`${also === undefined ? '' : `; ${shownMutant(also)}`}`;
  }
  return Object.entries(mutant.settings)
    .map(([name, value]) => `\`${name}=${value}\``)
    .join(' ');
}

const flat = (text: string) => text.replaceAll(/\s+/g, ' ');
