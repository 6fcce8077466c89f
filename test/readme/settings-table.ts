// The README's configuration table, made from the settings themselves. `npm run readme` writes it; a test compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { SETTING_DOCS } from '../../src/settings.ts';

const README = new URL('../../README.md', import.meta.url);
const PLACE = /(<!-- settings -->\n)[\s\S]*?(<!-- \/settings -->)/;

/** The README as it stands, and as it should. */
export function readme(): { readonly given: string; readonly expected: string } {
  const given = readFileSync(README, 'utf8');
  const rows = SETTING_DOCS.map(({ name, default: value, meaning }) => `| \`${name}\` | ${code(value)} | ${meaning} |`);
  const table = ['| variable | default | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
  return { given, expected: given.replace(PLACE, (_, open: string, close: string) => open + table + close) };
}

const code = (value: string | null) => (value === null ? '' : `\`${value}\``);

if (process.argv.includes('--write')) writeFileSync(README, readme().expected);
