// npm run test:fault [-- --short] [--write] [--mutants] [F03 A23 …]: the gateway and the calendar
// as processes in the production profile, under load, while what test/fault/README.md names
// happens. Prints a table of what was measured; --write puts it into README.md. With --mutants each
// control is switched off, and its case must fail.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Case, FaultWorld, Outcome } from './case.ts';
import { CASES, IN_SHORT } from './cases.ts';
import { type Sources, startLoad, startSources } from './children.ts';
import { createIdentity, createTokens } from './identity.ts';
import { type Env, type Program, type ProgramOptions, startProgram } from './program.ts';

const README = new URL('README.md', import.meta.url);

const HEAD = ['| # | what happens | bar | measured | held | took |', '|---|---|---|---|---|--:|'];

const given = process.argv.slice(2);
const has = (flag: string) => given.includes(flag);
const named = given.filter((one) => !one.startsWith('--'));
const seed = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));
process.setMaxListeners(0);
const identity = await createIdentity();
const tokenOf = await createTokens(identity.privateJwk);

const all = CASES.filter(({ id }) => !has('--short') || IN_SHORT.includes(id));
const chosen = named.length === 0 ? all : CASES.filter(({ id }) => named.includes(id));
const wanted = has('--mutants') ? chosen.filter(({ mutant }) => mutant !== undefined) : chosen;
say(`seed ${seed}, ${wanted.length} cases`);
const rows: (readonly [Case, Outcome, number])[] = [];
for (const one of wanted) rows.push(await tried(one, has('--mutants') ? one.mutant : undefined));
process.stdout.write(`\n${[...HEAD, ...rows.map(lineOf)].join('\n')}\n`);
if (has('--write')) keep(rows);
const bad = rows.filter(([, { failures }]) => failures.length > 0 !== has('--mutants'));
process.exitCode = bad.length === 0 ? 0 : 1;
say(bad.length === 0 ? 'all as they must be' : `not as they must be: ${bad.map(([{ id }]) => id).join(', ')}`);

async function tried(one: Case, env: Env = {}): Promise<readonly [Case, Outcome, number]> {
  say(`${one.id} ${one.what}`);
  const begin = performance.now();
  const outcome = await run(one, env).catch((error: unknown) => ({ measured: '–', failures: [String(error)] }));
  const seconds = Math.round((performance.now() - begin) / 1_000);
  say(`${one.id} ${seconds} s: ${outcome.measured}${outcome.failures.map((text) => `\n    FAILED ${text}`).join('')}`);
  return [one, outcome, seconds];
}

async function run(one: Case, env: Env): Promise<Outcome> {
  const stops: (() => unknown)[] = [];
  const programs: Program[] = [];
  const [sources, load, junk] = await Promise.all([
    startSources(seed, identity),
    startLoad(seed, identity),
    startLoad(seed + 1, identity),
  ]);
  for (const helper of [sources, load, junk]) stops.push(() => helper.stop());
  const startOver = async (over: Sources, options: Omit<ProgramOptions, 'sources'> = {}) => {
    const program = await startProgram({ ...options, sources: over, env: { ...options.env, ...env } });
    programs.push(program);
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
    return await one.run(world);
  } finally {
    for (const program of programs) await program.close();
    for (const stop of stops) stop();
  }
}

function lineOf([{ id, what, bar }, { measured, failures }, seconds]: (typeof rows)[number]): string {
  const verdict = failures.length === 0 ? 'yes' : `**no**: ${failures[0]?.replaceAll('\n', ' ').slice(0, 160)}`;
  const cells = [id, what, bar, measured, verdict, `${seconds} s${has('--short') ? ', shortened' : ''}`];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Writes the rows into the table of README.md; those of other runs stay. */
function keep(outcomes: typeof rows): void {
  const readme = readFileSync(README, 'utf8');
  const [before = '', rest = ''] = readme.split('<!-- measured -->');
  const [written = '', after = ''] = rest.split('<!-- end -->');
  const lines = new Map([...written.matchAll(/^\| ([FA]\d\d) \|.*$/gm)].map(([line, id]) => [id, line]));
  for (const row of outcomes) lines.set(row[0].id, lineOf(row));
  const all = CASES.map(({ id }) => lines.get(id)).filter((line) => line !== undefined);
  const about = `Node.js ${process.versions.node}, ${availableParallelism()} processors for everything, the load included, and for the work of others.`;
  const measured = [about, '', ...HEAD, ...all].join('\n');
  writeFileSync(README, `${before}<!-- measured -->\n${measured}\n<!-- end -->${after}`);
}

function say(text: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
