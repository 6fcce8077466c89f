// npm run test:fuzz [-- inputs [seed]]: random input of every kind from outside, 100,000 by
// default. It prints the seed, and ends with 1 at the first input that causes a server error, a
// hang, an unhandled rejection, an answer that shows the inside, or memory that is not given back.
import fc from 'fast-check';
import { KINDS } from './kinds.ts';
import { startWorld } from './world.ts';

const INPUTS = Number(process.argv[2] ?? 100_000);
const SEED = Number(process.argv[3] ?? Date.now() % 2 ** 31);
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

const world = await startWorld();
const weights = KINDS.reduce((sum, { weight }) => sum + weight, 0);
say(`seed ${SEED}, ${INPUTS} inputs`);
/** So many inputs of each kind, by weight. */
async function round(inputs: number, seed: number): Promise<void> {
  for (const { name, weight, property } of KINDS) {
    const numRuns = Math.ceil((inputs * weight) / weights);
    const startedAt = performance.now();
    await fc.assert(property(world), { numRuns, seed });
    say(`${name}: ${numRuns} in ${Math.round(performance.now() - startedAt)} ms`);
  }
}

try {
  await round(INPUTS / 10, SEED);
  const before = heapBytes();
  await round(INPUTS - INPUTS / 10, SEED + 1);
  const grown = heapBytes() - before;
  say(`heap: ${(grown / 2 ** 20).toFixed(1)} MiB more`);
  if (grown > MAX_GROWTH) throw new Error(`memory is not given back: ${grown} bytes`);
} catch (error) {
  say(error instanceof Error ? `${error.message}\n${causeOf(error)}` : String(error));
  process.exitCode = 1;
} finally {
  await world.close();
}
