// What is written from the code: the README's table of settings, .env.example, and the table of
// rights in schema/README.md. `npm run readme` writes them; tests compare.
import { readFileSync, writeFileSync } from 'node:fs';
import { RIGHTS } from '../../src/auth/rights.ts';
import { SETTING_DOCS } from '../../src/settings.ts';

const README = new URL('../../README.md', import.meta.url);
const ENV_EXAMPLE = new URL('../../.env.example', import.meta.url);
const SCHEMA_README = new URL('../../schema/README.md', import.meta.url);
const RIGHTS_PLACE = /(<!-- rights -->\n)[\s\S]*?(<!-- \/rights -->)/;
const PLACE = /(<!-- settings -->\n)[\s\S]*?(<!-- \/settings -->)/;

/** The README as it stands, and as it should. */
export function readme(): { readonly given: string; readonly expected: string } {
  const given = readFileSync(README, 'utf8');
  const rows = SETTING_DOCS.map(({ name, default: value, meaning }) => `| \`${name}\` | ${code(value)} | ${meaning} |`);
  const table = ['| variable | default | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
  return { given, expected: given.replace(PLACE, (_, open: string, close: string) => open + table + close) };
}

/** schema/README.md as it stands, and as it should. */
export function schemaReadme(): { readonly given: string; readonly expected: string } {
  const given = readFileSync(SCHEMA_README, 'utf8');
  const rows = new Map<string, string[]>();
  for (const [name, entitlements] of Object.entries(RIGHTS)) {
    const cells = entitlements.join(' | ');
    rows.set(cells, [...(rows.get(cells) ?? []), `\`${name}\``]);
  }
  const heads = ['', 'the user', 'observer of the user', 'staff of a course or section'];
  const head = `${[...heads, 'administrator (role and `calendar:read-any`)', 'everybody else'].join(' | ')} |`.trim();
  const lines = [...rows].map(([cells, names]) => `| ${names.join(', ')} | ${cells} |`);
  const table = [`| ${head}`, `|${' --- |'.repeat(6)}`, ...lines, ''].join('\n');
  return { given, expected: given.replace(RIGHTS_PLACE, (_, open: string, close: string) => open + table + close) };
}

/** The text of .env.example as it stands, and as it should. */
export function envExample(): { readonly given: string; readonly expected: string } {
  const settings = SETTING_DOCS.map(({ name, default: value, meaning }) => `# ${meaning}\n# ${name}=${value ?? ''}\n`);
  const head = '# Every setting with its default. Remove the # before a name to change it.\n\n';
  return { given: readFileSync(ENV_EXAMPLE, 'utf8'), expected: head + settings.join('\n') };
}

const code = (value: string | null) => (value === null ? '' : `\`${value}\``);

if (process.argv.includes('--write')) {
  writeFileSync(README, readme().expected);
  writeFileSync(ENV_EXAMPLE, envExample().expected);
  writeFileSync(SCHEMA_README, schemaReadme().expected);
}
