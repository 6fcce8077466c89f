// npm run test:fuzz [-- inputs [seed]]: random input of every kind from outside, 100,000 by
// default, from as many processes as there are processors. Each prints its seed, and ends with 1 at
// the first input that causes a server error, a hang, an unhandled rejection, an answer that shows
// the inside, or memory that is not given back; `--alone` repeats one of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { KINDS } from './kinds.ts';
import { startWorld, type World } from './world.ts';

const [GIVEN_INPUTS = 100_000, GIVEN_SEED = Date.now() % 2 ** 31] = process.argv.slice(2, 4).map(Number);
/** What may be held more than after a tenth of the inputs, when caches are full. */
const MAX_GROWTH = 48 * 2 ** 20;

const say = (text: string) => process.stdout.write(`${text}\n`);
const collectGarbage = (globalThis as { gc?: () => void }).gc ?? (() => {});
function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const causeOf = ({ cause }: Error): string => (cause instanceof Error ? (cause.stack ?? cause.message) : '');

if (process.argv.includes('--alone')) await alone(GIVEN_INPUTS, GIVEN_SEED);
else await together(GIVEN_INPUTS, GIVEN_SEED);

async function together(inputs: number, seed: number): Promise<void> {
  const processes = availableParallelism();
  const codes = Array.from({ length: processes }, async (_, n) => {
    const given = [Math.ceil(inputs / processes), seed + 2 * n, '--alone'].map(String);
    const args = [...process.execArgv, fileURLToPath(import.meta.url), ...given];
    const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit');
    return code === 0;
  });
  if ((await Promise.all(codes)).includes(false)) process.exitCode = 1;
}

async function alone(inputs: number, seed: number): Promise<void> {
  const world = await startWorld();
  say(`seed ${seed}, ${inputs} inputs`);
  try {
    await round(world, inputs / 10, seed);
    const before = heapBytes();
    await round(world, inputs - inputs / 10, seed + 1);
    const grown = heapBytes() - before;
    say(`seed ${seed}, heap: ${(grown / 2 ** 20).toFixed(1)} MiB more`);
    if (grown > MAX_GROWTH) throw new Error(`memory is not given back: ${grown} bytes`);
  } catch (error) {
    say(error instanceof Error ? `${error.message}\n${causeOf(error)}` : String(error));
    say(`to repeat it: npm run test:fuzz -- ${inputs} ${seed} --alone`);
    process.exitCode = 1;
  } finally {
    await world.close();
  }
}

/** So many inputs of each kind, by weight. */
async function round(world: World, inputs: number, seed: number): Promise<void> {
  const weights = KINDS.reduce((sum, { weight }) => sum + weight, 0);
  for (const { name, weight, property } of KINDS) {
    const numRuns = Math.ceil((inputs * weight) / weights);
    const startedAt = performance.now();
    await fc.assert(property(world), { numRuns, seed });
    say(`seed ${seed}, ${name}: ${numRuns} in ${Math.round(performance.now() - startedAt)} ms`);
  }
}
