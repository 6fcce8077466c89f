// The version of this program, for what is counted and traced.
import { readFileSync } from 'node:fs';

/** As in package.json. */
export function versionOf(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
