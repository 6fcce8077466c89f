// `npm run schema`: writes the files generated from the SDL, and prints the composer's hints. The
// public API's baseline accepts additions; a breaking change only with `npm run schema --
// --breaking`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { BASELINE, breakingChanges, publicSchema } from './baseline.ts';
import { compose, generated } from './generate.ts';

const root = new URL('../../', import.meta.url);
for (const [path, text] of await generated()) {
  const file = new URL(path, root);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`${path}\n`);
}
for (const hint of compose().hints) process.stdout.write(`hint: ${hint}\n`);

const baseline = new URL(BASELINE, root);
const breaking = existsSync(baseline) ? breakingChanges(readFileSync(baseline, 'utf8'), publicSchema()) : [];
if (breaking.length === 0 || process.argv.includes('--breaking')) {
  writeFileSync(baseline, publicSchema());
  process.stdout.write(`${BASELINE}\n`);
} else {
  process.stderr.write(`${BASELINE} stays as it is; clients would break:\n  ${breaking.join('\n  ')}\n`);
  process.exitCode = 1;
}
