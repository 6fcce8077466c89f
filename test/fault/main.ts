// npm run test:fault [-- --short] [--write] [--mutants] [F03 A23 …]: the gateway and the calendar
// as processes in the production profile, under load, while what test/fault/README.md names
// happens. Prints a table of what was measured; --write puts it into README.md. With --mutants each
// control is switched off, and its case must fail; --write puts how into another table.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Case, type FaultWorld, type Outcome, SHARED, shownContention, watchContention } from './case.ts';
import { CASES, IN_SHORT } from './cases.ts';
import { type Sources, startLoad, startSources } from './children.ts';
import { createIdentity, createTokens } from './identity.ts';
import { changedSource, shownMutant } from './mutant.ts';
import { type Program, type ProgramOptions, startProgram } from './program.ts';

/** How often a row is run while others have the processors, and how long all rows repeat. */
const ATTEMPTS = 3;
let repeatsMs = 180_000;

const README = new URL('README.md', import.meta.url);

const HEAD = ['| # | what happens | bar | measured | held | took |', '|---|---|---|---|---|--:|'];
const HEAD_OF_MUTANTS = ['| # | the control, switched off | how the row failed |', '|---|---|---|'];

const given = process.argv.slice(2);
const has = (flag: string) => given.includes(flag);
const named = given.filter((one) => !one.startsWith('--'));
const seed = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));
process.setMaxListeners(0);
const identity = await createIdentity();
const tokenOf = await createTokens(identity.privateJwk);

const all = CASES.filter(({ id }) => !has('--short') || IN_SHORT.includes(id));
const chosen = named.length === 0 ? all : CASES.filter(({ id }) => named.includes(id));
const wanted = has('--mutants') ? chosen.filter(({ mutant }) => !('none' in mutant)) : chosen;
say(`seed ${seed}, ${wanted.length} cases`);
const rows: (readonly [Case, Outcome, number])[] = [];
for (const one of wanted) rows.push(await tried(one));
const table = has('--mutants') ? [...HEAD_OF_MUTANTS, ...rows.map(mutantOf)] : [...HEAD, ...rows.map(lineOf)];
process.stdout.write(`\n${table.join('\n')}\n`);
if (has('--write')) keep();
const bad = rows.filter(([, { failures }]) => failures.length > 0 !== has('--mutants'));
process.exitCode = bad.length === 0 ? 0 : 1;
say(bad.length === 0 ? 'all as they must be' : `not as they must be: ${bad.map(([{ id }]) => id).join(', ')}`);

/**
 * A row that fails while others have the processors is run again, at most twice and as long as
 * there is time for it; what fails in itself fails every time.
 */
async function tried(one: Case): Promise<readonly [Case, Outcome, number]> {
  say(`${one.id} ${one.what}`);
  for (let attempt = 1; ; attempt += 1) {
    const begin = performance.now();
    const outcome = await run(one).catch(failed);
    const ms = performance.now() - begin;
    const { contention = 0, failures, measured } = outcome;
    say(`${one.id} ${Math.round(ms / 1_000)} s: ${measured}${failures.map((text) => `\n    FAILED ${text}`).join('')}`);
    const isAgain = failures.length > 0 && !has('--mutants') && contention > SHARED && attempt < ATTEMPTS;
    if (!isAgain || repeatsMs < ms) return [one, outcome, Math.round(ms / 1_000)];
    repeatsMs -= ms;
    say(`${one.id} again, because ${shownContention(contention)}`);
  }
}

function failed(error: unknown): Outcome & { contention?: number } {
  return { measured: '–', failures: [String(error)] };
}

async function run(one: Case): Promise<Outcome & { contention?: number }> {
  const stops: (() => unknown)[] = [];
  const programs: Program[] = [];
  let contention = () => 0;
  const mutant = has('--mutants') ? one.mutant : { settings: {} };
  const env = 'settings' in mutant ? mutant.settings : {};
  const changed = 'file' in mutant ? changedSource(mutant) : null;
  const root = changed === null ? {} : { root: changed.root };
  const [sources, load, junk] = await Promise.all([
    startSources(seed, identity),
    startLoad(seed, identity),
    startLoad(seed + 1, identity),
  ]);
  for (const helper of [sources, load, junk]) stops.push(() => helper.stop());
  const startOver = async (over: Sources, options: Omit<ProgramOptions, 'sources'> = {}) => {
    const program = await startProgram({ ...options, ...root, sources: over, env: { ...options.env, ...env } });
    programs.push(program);
    contention = watchContention(program);
    return program;
  };
  const world: FaultWorld = {
    isShort: has('--short'),
    pick: (short, long) => (has('--short') ? short : long),
    sources,
    load,
    junk,
    tokenOf,
    start: (options) => startOver(sources, options),
    startOver,
    async startSources(tls) {
      const more = await startSources(seed, identity, tls);
      stops.push(() => more.stop());
      return more;
    },
  };
  try {
    const outcome = await one.run(world).catch(failed);
    return { ...outcome, contention: contention() };
  } finally {
    for (const program of programs) await program.close();
    for (const stop of stops) stop();
    changed?.remove();
  }
}

function lineOf([{ id, what, bar }, { measured, failures }, seconds]: (typeof rows)[number]): string {
  const verdict = failures.length === 0 ? 'yes' : `**no**: ${failures[0]?.replaceAll('\n', ' ').slice(0, 160)}`;
  return row(id, what, bar, measured, verdict, `${seconds} s${has('--short') ? ', shortened' : ''}`);
}

function mutantOf([{ id, mutant }, { failures }]: (typeof rows)[number]): string {
  return row(id, shownMutant(mutant), failures[0]?.replaceAll('\n', ' ').slice(0, 160) ?? '**it did not**');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Writes the rows into a table of README.md; those of other runs stay. */
function keep(): void {
  const name = has('--mutants') ? 'mutants' : 'measured';
  const readme = readFileSync(README, 'utf8');
  const [before = '', rest = ''] = readme.split(`<!-- ${name} -->`);
  const [written = '', ...after] = rest.split('<!-- end -->');
  const lines = new Map([...written.matchAll(/^\| ([FA]\d\d) \|.*$/gm)].map(([line, id]) => [id, line]));
  const about = `Node.js ${process.versions.node}, ${availableParallelism()} processors for everything, the load included, and for the work of others.`;
  const head = has('--mutants') ? HEAD_OF_MUTANTS : [about, '', ...HEAD];
  for (const one of rows) lines.set(one[0].id, has('--mutants') ? mutantOf(one) : lineOf(one));
  const without = CASES.filter(({ mutant }) => has('--mutants') && 'none' in mutant);
  for (const { id, mutant } of without) lines.set(id, row(id, shownMutant(mutant), '–'));
  const all = CASES.map(({ id }) => lines.get(id)).filter((line) => line !== undefined);
  const text = ['', ...head, ...all, ''].join('\n');
  writeFileSync(README, `${before}<!-- ${name} -->${text}${['', ...after].join('<!-- end -->')}`);
}

function say(text: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
