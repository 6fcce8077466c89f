// npm run bench:memory: what a student's month costs in the calendar's caches, in heap and in bytes
// counted, and how often a student's page finds what it needs in caches of the default size. Runs
// in one process, with --expose-gc. USERS sets how many students.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LoadReason } from '../../src/calendar/cache/fresh-cache.ts';
import { loadConfig } from '../../src/config.ts';
import { xorshift } from '../harness/random.ts';
import { shown } from './numbers.ts';
import { createSchool } from './school-calendar.ts';

const USERS = Number(process.env.USERS ?? 50_000);
/** Active students, how often each opens the page, and edits of single students. */
const ACTIVE = 20_000;
const EVERY_MS = 5 * 60_000;
const EDITS_PER_S = 10;
const mib = (bytes: number): string => shown(bytes / 2 ** 20);

const collectGarbage = (globalThis as { gc?: () => void }).gc;
if (collectGarbage === undefined) throw new Error('Expected --expose-gc.');

await measureMemory(collectGarbage);
await measureHits();

/** Heap before and after so many students have read their month, once each. */
async function measureMemory(gc: () => void): Promise<void> {
  // What is compiled and learned while reading is there before.
  await warmUp();
  const before = await heapBytes(gc);
  const begin = performance.now();
  const school = await fill(USERS);
  const ms = performance.now() - begin;
  const held = (await heapBytes(gc)) - before;
  const sizes = Object.entries(school.caches).map(([name, { size }]) => ({ name, ...size }));
  const said = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`\n${shown(USERS)} user-months, of 2,000 courses (${shown(ms / 1_000)} s)\n`);
  console.log(`heap growth ${mib(held)} MiB, ${shown(held / USERS)} bytes a user-month`);
  console.log(`counted     ${mib(said)} MiB, ${shown((said / held) * 100)} % of it`);
  for (const { name, entries, bytes } of sizes) {
    if (entries > 0)
      console.log(`  ${name}: ${shown(entries)} values, ${mib(bytes)} MiB, ${shown(bytes / entries)} bytes each`);
  }
}

/** A function of its own: its frame ends, and with it the reference to what was filled. */
async function warmUp(): Promise<void> {
  await fill(500);
}

async function fill(users: number) {
  const school = await createSchool({ cacheBytes: 2 ** 40, liveTtlMs: 600_000 });
  for (let student = 0; student < users; student += 1) await school.read(student);
  return school;
}

async function heapBytes(gc: () => void): Promise<number> {
  for (let round = 0; round < 8; round += 1) {
    await nextTurn();
    gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * Students who open their month again and again, at times that are simulated: as many as there are,
 * in any order, exponential pauses between two of them; meanwhile others' edits arrive.
 */
async function measureHits(): Promise<void> {
  const { SLICE_CACHE_BYTES: cacheBytes, SLICE_TTL_LIVE: liveTtlMs } = loadConfig({}, 'all');
  const school = await createSchool({ cacheBytes, liveTtlMs });
  const random = xorshift(42);
  const arrive = async (student: number) => {
    const pauseMs = (-Math.log(1 - random()) * EVERY_MS) / ACTIVE;
    await school.clock.advance(pauseMs);
    if (random() < (pauseMs / 1_000) * EDITS_PER_S) school.edit(Math.floor(random() * ACTIVE));
    await school.read(student);
  };
  for (let student = 0; student < ACTIVE; student += 1) await arrive(student);
  const before = school.counts();
  for (let visit = 0; visit < 2 * ACTIVE; visit += 1) await arrive(Math.floor(random() * ACTIVE));
  const after = school.counts();
  const loads = (reason: LoadReason) => after.loads[reason] - before.loads[reason];
  const reads = after.reads - before.reads;
  const share = (part: number) => `${((1 - part / reads) * 100).toFixed(2)} %`;
  console.log(`
${shown(ACTIVE)} active students at default settings (${mib(cacheBytes)} MiB), simulated: each opens the month every ${EVERY_MS / 60_000} minutes
on average, ${EDITS_PER_S} edits a second, ${shown(2 * ACTIVE)} visits, ${shown(reads)} reads of values

hit rate: ${share(loads('miss'))} of the values were held, so that none had been evicted
not loaded again: ${share(loads('miss') + loads('expired') + loads('invalidated'))}; others had reached the TTL (${shown(loads('expired'))}) or were changed (${shown(loads('invalidated'))})`);
}
