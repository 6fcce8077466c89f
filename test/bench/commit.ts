// What an answer that is not stored costs, compared with an older commit:
// `npm run bench:commit -- 1711cec`. Both programs are built and started as `npm start` does, each
// in one process, without stored answers; slices are warm, and they take turns in short rounds. It
// prints CPU and requests a second of this commit as ratios to the other, and no pass marks.
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { printTable, quantile } from './numbers.ts';
import { builtCommit } from './older-commit.ts';
import { type Program, startBuilt } from './program.ts';
import { wrk } from './wrk.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const SECONDS = Number(process.env.SECONDS ?? 3);
const WARM_UP_SECONDS = 8;

/** A program, and what was measured in each round. */
interface Contender extends Program {
  readonly cpuMs: number[];
  readonly perSecond: number[];
}

const [commit] = process.argv.slice(2);
if (commit === undefined) throw new Error('expected a commit, for example npm run bench:commit -- 1711cec');
const contenders: Contender[] = [];
try {
  for (const folder of [await builtCommit(commit), ROOT]) contenders.push(await start(folder));
  for (const { request } of contenders) await wrk(request, { seconds: WARM_UP_SECONDS });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const one of round % 2 === 0 ? contenders : contenders.toReversed()) await measure(one);
  }
  report(commit, contenders as [Contender, Contender]);
} finally {
  for (const { child } of contenders) child.kill('SIGKILL');
}

/** Without stored answers, which an older program need not know. */
async function start(folder: string): Promise<Contender> {
  return { ...(await startBuilt(folder, { RESPONSE_CACHE_BYTES: '0B' })), cpuMs: [], perSecond: [] };
}

async function measure({ child, request, cpuMs, perSecond }: Contender): Promise<void> {
  const before = await cpuOf(child);
  const { requests, failed, perSecond: rate } = await wrk(request, { seconds: SECONDS });
  if (failed > 0) throw new Error(`${failed} requests failed`);
  cpuMs.push(((await cpuOf(child)) - before) / requests);
  perSecond.push(rate);
}

/** Milliseconds of CPU so far; Linux counts them in hundredths of a second (proc_pid_stat(5)). */
async function cpuOf({ pid }: ChildProcess): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'latin1')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function report(commit: string, [older, ours]: readonly [Contender, Contender]): void {
  console.log(`\nOne student's month, not stored, slices warm, one process, by wrk with 16 connections;`);
  console.log(`${ROUNDS} rounds of ${SECONDS} s. Node ${process.versions.node}.\n`);
  const ratios = (what: 'cpuMs' | 'perSecond') =>
    ours[what].map((value, round) => value / (older[what][round] ?? Number.NaN)).toSorted((a, b) => a - b);
  const row = (name: string, what: 'cpuMs' | 'perSecond', digits: number) => {
    const all = ratios(what);
    const median = (values: readonly number[]) => quantile(values, 0.5);
    return [
      name,
      median(older[what]).toFixed(digits),
      median(ours[what]).toFixed(digits),
      median(all).toFixed(2),
      `${all[0]?.toFixed(2)} to ${all.at(-1)?.toFixed(2)}`,
    ];
  };
  printTable([
    ['', commit, 'now', 'ratio', 'least to most'],
    row('CPU ms/request', 'cpuMs', 2),
    row('requests/s', 'perSecond', 0),
  ]);
}
