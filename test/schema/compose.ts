// `npm run schema`: writes what is made from the SDL files where it is committed, and says what the composer remarked.
import { mkdirSync, writeFileSync } from 'node:fs';
import { compose, generated } from './generate.ts';

const root = new URL('../../', import.meta.url);
for (const [path, text] of await generated()) {
  const file = new URL(path, root);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`${path}\n`);
}
for (const hint of compose().hints) process.stdout.write(`hint: ${hint}\n`);
