// Many events, and every way for one user's to reach another: answers in another order and with
// other audiences' items, clients that leave, copies that are evicted, answers nobody asked for.
import { EVENT_KINDS } from '../../src/event-kinds.ts';
import { Bars, type Case, type FaultWorld, metricOf, type Outcome, UNLIMITED } from './case.ts';
import type { LoadResult } from './load.ts';
import type { Part } from './program.ts';

/** Runs until `isEnough`, so many requests at a time. */
async function repeat(
  run: () => Promise<LoadResult>,
  isEnough: () => Promise<boolean> | boolean,
): Promise<LoadResult[]> {
  const results: LoadResult[] = [];
  do results.push(await run());
  while (!(await isEnough()));
  return results;
}

const sum = (results: readonly LoadResult[], of: (result: LoadResult) => number) =>
  results.reduce((total, result) => total + of(result), 0);

async function foreignItems(world: FaultWorld): Promise<Outcome> {
  const { load, sources, pick } = world;
  const bars = new Bars();
  const env = { ...UNLIMITED, SLICE_CACHE_BYTES: '2MiB', RESPONSE_CACHE_BYTES: '256KiB', SLICE_TTL: '5s' };
  const program = await world.start({ env });
  for (const kind of EVENT_KINDS) await sources.fault(kind, { shuffle: true });
  const job = {
    urls: program.urls,
    workers: 12,
    requests: 600,
    users: { first: 0, count: 400 },
    months: 3,
    cancelShare: 0.2,
  };
  let events = 0;
  const run = async () => {
    const result = await load.run(job);
    events += result.events;
    return result;
  };
  const results = await repeat(run, () => events >= pick(60_000, 1_000_000));
  bars.general(program, results);
  const calendar = program.calendars[0] as Part;
  const dropped = await metricOf(calendar, 'calendar_items_dropped_total');
  const loads = await metricOf(calendar, 'calendar_cache_loads_total', 'slices');
  const bytes = await metricOf(calendar, 'calendar_cache_bytes');
  bars.hold('no item was dropped', dropped > 0);
  bars.hold(`${bytes} bytes in caches`, bytes <= 1.1 * 2 * 2 ** 20);
  const [foreign, cancelled] = [sum(results, (one) => one.foreign), sum(results, (one) => one.cancelled)];
  const measured = `${foreign} foreign of ${events.toLocaleString('en')} events; ${cancelled} clients left, ${loads} loads of slices, ${(bytes / 2 ** 20).toFixed(1)} MiB in caches, ${dropped} items dropped and counted`;
  return { measured, failures: bars.failures };
}

async function strayAnswers(world: FaultWorld): Promise<Outcome> {
  const { load, sources, pick } = world;
  const bars = new Bars();
  const env = { ...UNLIMITED, RESPONSE_CACHE_BYTES: '0B', SLICE_TTL: '1ms', STALE_WHILE_REVALIDATE: '0ms' };
  const program = await world.start({ env });
  await sources.fault('ATTENDANCE', { stray: true });
  const job = { urls: program.urls, workers: 6, requests: 200, users: { first: 0, count: 400 } };
  const tries = async () => (await sources.counts()).ATTENDANCE.calls;
  const results = await repeat(
    () => load.run(job),
    async () => (await tries()) >= pick(500, 10_000),
  );
  bars.general(program, results);
  const states: Record<string, number> = {};
  for (const result of results) {
    for (const [state, count] of Object.entries(result.states.ATTENDANCE)) states[state] = (states[state] ?? 0) + count;
  }
  const foreign = sum(results, (one) => one.foreign);
  const measured = `${foreign} foreign events after ${await tries()} stray answers; attendance ${JSON.stringify(states)}`;
  return { measured, failures: bars.failures };
}

/** No event of anybody else. */
export const LEAKS: readonly Case[] = [
  {
    id: 'F18',
    what: 'shuffled answers, one slot in ten with a stranger’s items; clients leave; copies are evicted',
    bar: 'dropped and counted; 0 foreign in 10⁶ events',
    mutant: {
      file: 'src/calendar/sources/item.ts',
      from: 'raw.audience === location.audience ? location.audience : undefined',
      to: 'location.audience',
    },
    run: foreignItems,
  },
  {
    id: 'F19',
    what: 'a stray answer on an idle connection after each answer',
    bar: '0 mixed answers in 10,000 tries',
    mutant: { none: 'it is undici that closes such a connection; no line of this project does' },
    run: strayAnswers,
  },
];
