// `npm run schema`: writes the files generated from the SDL, and prints the composer's hints. The
// public API's baseline accepts additions; a breaking change only with `-- --breaking`. With
// `-- --out FOLDER` it composes your subgraphs into that folder and changes nothing here.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BASELINE, breakingChanges, publicSchema } from './baseline.ts';
import { composeInto } from './compose-into.ts';
import { compose, generated } from './generate.ts';

const several = { type: 'string', multiple: true } as const;
const { values } = parseArgs({
  options: { out: { type: 'string' }, sdl: several, url: several, breaking: { type: 'boolean' } },
});
const print = (line: string) => process.stdout.write(`${line}\n`);

try {
  if (values.out !== undefined) for (const line of composeInto({ ...values, out: values.out })) print(line);
  else if (values.sdl !== undefined || values.url !== undefined) throw new Error('--sdl and --url need --out FOLDER');
  else await writeOwn(values.breaking ?? false);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function writeOwn(acceptBreaking: boolean): Promise<void> {
  const root = new URL('../../', import.meta.url);
  for (const [path, text] of await generated()) {
    const file = new URL(path, root);
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, text);
    print(path);
  }
  for (const hint of compose().hints) print(`hint: ${hint}`);

  const baseline = new URL(BASELINE, root);
  const breaking = existsSync(baseline) ? breakingChanges(readFileSync(baseline, 'utf8'), publicSchema()) : [];
  if (breaking.length > 0 && !acceptBreaking) {
    throw new Error(`${BASELINE} stays as it is; clients would break:\n  ${breaking.join('\n  ')}`);
  }
  writeFileSync(baseline, publicSchema());
  print(BASELINE);
}
