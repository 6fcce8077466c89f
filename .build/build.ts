// `npm run build`: builds what changed since the last build, and says what it does. What a step was
// built from is remembered as a digest in dist/.built.json.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One output and what it is made from. Paths are relative to the project's folder. */
export interface Step {
  readonly name: string;
  /** Files and folders. */
  readonly from: readonly string[];
  /** Folders in them that do not count. */
  readonly except?: readonly string[];
  /** A file that the step writes. */
  readonly output: string;
  /** Rejects with what the tool printed. */
  readonly run: () => Promise<void>;
}

/** Where digests are kept. */
const BUILT = 'dist/.built.json';

/**
 * Runs the steps whose inputs changed, in order; resolves with their names. `say` is given one line
 * for each. What fails is built again next time.
 */
export async function build(root: string, steps: readonly Step[], say: (line: string) => void): Promise<string[]> {
  const built = readBuilt(root);
  const done: string[] = [];
  for (const step of steps) {
    const digest = digestOf(root, step);
    if (built[step.name] === digest && existsSync(join(root, step.output))) continue;
    say(`Building ${step.name} …`);
    const begin = performance.now();
    delete built[step.name];
    write(root, built);
    await step.run();
    write(root, Object.assign(built, { [step.name]: digest }));
    say(`Built ${step.name} in ${((performance.now() - begin) / 1_000).toFixed(1)} s.`);
    done.push(step.name);
  }
  if (done.length === 0) say('Nothing to build: nothing has changed.');
  return done;
}

function readBuilt(root: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(join(root, BUILT), 'utf8')) as Record<string, string>;
  } catch {
    // The first build, or a file that is cut off: everything is built.
    return {};
  }
}

function write(root: string, built: Readonly<Record<string, string>>): void {
  mkdirSync(dirname(join(root, BUILT)), { recursive: true });
  writeFileSync(join(root, BUILT), JSON.stringify(built));
}

/** The digest of the names and contents of all inputs. */
function digestOf(root: string, { from, except = [] }: Step): string {
  const digest = createHash('sha256');
  const isExcepted = (path: string) => except.some((folder) => path.startsWith(`${folder}/`));
  for (const path of from.flatMap((one) => filesIn(root, one)).toSorted()) {
    if (!isExcepted(path))
      digest
        .update(`${path}\0`)
        .update(readFileSync(join(root, path)))
        .update('\0');
  }
  return digest.digest('hex');
}

function filesIn(root: string, path: string): string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .map((name) => `${path}/${name.replaceAll('\\', '/')}`)
    .filter((name) => statSync(join(root, name)).isFile());
}
