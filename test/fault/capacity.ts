// More than the gateway can do: load beyond its capacity, and junk beside the load of others.
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../bench/numbers.ts';
import {
  Bars,
  type Case,
  type FaultWorld,
  type Outcome,
  SHARED,
  shownContention,
  statusesOf,
  type Times,
  timesOf,
  watchContention,
  wholeOf,
  within,
} from './case.ts';
import type { LoadResult } from './load.ts';
import { type Part, type Program, statusOf } from './program.ts';

const USERS = { first: 0, count: 200 };
/** So much that the processes have the work, and not the sender. */
const MONTHS = 3;
/** As many at a time as are always admitted: they keep the calendar's processor busy. */
const WORKERS = 12;
/** What must hold on a machine that has its processors for this, and on one that others use. */
const BARS = {
  own: { percent: 90, livezMs: 100, roomMs: 50 },
  shared: { percent: 75, livezMs: 500, roomMs: 1_000 },
} as const;
/** Every answer is computed; none is stored. */
const COMPUTED = { RESPONSE_CACHE_BYTES: '0B', MAX_USER_REQUESTS: '0' };

/** Asks /livez all the time; gives the milliseconds of each answer. */
function watchLiveness({ urls }: Program) {
  const times: number[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const begin = performance.now();
      const status = await statusOf(`${urls[0]}/livez`);
      times.push(status === 200 ? performance.now() - begin : 60_000);
      await sleep(100);
    }
  })();
  return async () => {
    isOver = true;
    await watching;
    return times;
  };
}

/** One load of all rounds: what was answered, and what else was seen beside it. */
class Seen {
  readonly factor: number;
  readonly results: LoadResult[] = [];
  /** Answers that have their events, for each second, in each round. */
  readonly goodputs: number[] = [];
  readonly livez: number[] = [];
  readonly normal: number[] = [];

  constructor(factor: number) {
    this.factor = factor;
  }

  /** Of the answers with status 200; the first second, in which load is noticed, is left out. */
  get times(): Times {
    return timesOf({ samples: this.results.flatMap(({ samples }) => samples) }, 200, 1_000);
  }

  get livezMs(): number {
    return Math.round(quantile(this.livez, 0.99));
  }
}

/**
 * Sends, and gives the answers that have their events, for each second. Time in
 * which the calendar waits for a processor that other programs use is left out.
 */
async function goodputOf(program: Program, run: () => Promise<LoadResult>) {
  const [calendar] = program.calendars as [Part];
  const waited = calendar.processor().waitedMs;
  const begin = performance.now();
  const result = await run();
  const ms = performance.now() - begin;
  const waitedMs = calendar.processor().waitedMs - waited;
  return { result, goodput: (1_000 * wholeOf(result)) / (ms - waitedMs) };
}

/** Sends each load in each round; gives the goodputs of as many senders as are always admitted. */
async function rounds(world: FaultWorld, program: Program, all: readonly Seen[]): Promise<number[]> {
  const { load, pick } = world;
  const job = { urls: program.urls, users: USERS, months: MONTHS, seconds: pick(4, 5) };
  await load.run({ ...job, workers: WORKERS, seconds: pick(6, 10) });
  const goodputs: number[] = [];
  for (let round = 0; round < pick(3, 6); round += 1) {
    const { result: full, goodput: most } = await goodputOf(program, () => load.run({ ...job, workers: WORKERS }));
    goodputs.push(most);
    // The rate is one by the clock, so that it is that part of what can be answered now.
    const rate = wholeOf(full) / job.seconds;
    for (const one of round % 2 === 0 ? all : all.toReversed()) {
      const stop = watchLiveness(program);
      const { result, goodput } = await goodputOf(program, () => load.run({ ...job, rate: one.factor * rate }));
      one.results.push(result);
      one.goodputs.push(goodput);
      one.livez.push(...(await stop()));
      const isNormal = async () => timesOf(await load.run({ ...job, workers: 2, requests: 10 })).count === 10;
      one.normal.push((await within(5_000, isNormal)) ?? Number.POSITIVE_INFINITY);
    }
  }
  return goodputs;
}

/**
 * The loads take turns in short rounds, because what else the machine does changes, and the median
 * of the rounds counts. The sender's work for an answer is the same at each load. The capacity is
 * the most that was answered at any of them.
 */
async function overload(world: FaultWorld): Promise<Outcome> {
  const bars = new Bars();
  const program = await world.start({ env: COMPUTED });
  const [calm, ...over] = [new Seen(0.8), new Seen(2), new Seen(4)] as const;
  const contention = watchContention(program);
  const full = await rounds(world, program, [calm, ...over]);
  const capacity = Math.max(...[full, ...over.map(({ goodputs }) => goodputs)].map(median));
  const well = calm.times;
  const others = contention();
  const bar = BARS[others > SHARED ? 'shared' : 'own'];
  const lines = [
    `capacity ${Math.round(capacity)} a second; ${WORKERS} at a time ${shown(full)}; at 80 % p50 ${well.p50}, p99 ${well.p99} ms`,
  ];
  for (const one of over) {
    const { times, livezMs, factor, goodputs } = one;
    const share = Math.round((100 * median(goodputs)) / capacity);
    const normal = Math.max(...one.normal);
    const shed = one.results.reduce((sum, result) => sum + (statusesOf(result)[503] ?? 0), 0);
    lines.push(
      `${factor} ×: goodput ${share} %, ${shown(goodputs)}, p50 ${times.p50}, p99 ${times.p99} ms, ${shed} are 503, /livez p99 ${livezMs} ms, normal after at most ${normal} ms`,
    );
    bars.hold(`goodput ${share} % at ${factor} ×`, share >= bar.percent);
    const isInTime = times.p99 <= Math.max(2 * well.p99, well.p99 + bar.roomMs);
    bars.hold(`p99 ${times.p99} ms at ${factor} ×, ${well.p99} ms at 80 %`, isInTime);
    bars.hold(`/livez ${livezMs} ms at ${factor} ×`, livezMs <= Math.max(bar.livezMs, 2 * calm.livezMs));
    bars.hold(`not normal after ${normal} ms`, normal <= 1_000);
    bars.hold(`nothing was refused at ${factor} ×`, shed > 0);
    bars.general(program, one.results, [200, 503]);
  }
  return { measured: [...lines, shownContention(others)].join('; '), failures: bars.failures };
}

const median = (values: readonly number[]) => quantile(values, 0.5);

/** The median, and from where to where. */
function shown(values: readonly number[]): string {
  const [least, middle, most] = [0, 0.5, 1].map((share) => Math.round(quantile(values, share)));
  return `${middle} (${least} to ${most})`;
}

/** Whole programs. */
export const CAPACITY: readonly Case[] = [
  {
    id: 'A23',
    what: 'twice and four times the capacity, whether answers come or not',
    bar: '503 with Retry-After; goodput ≥ 90 %; p99 of the admitted ≤ 2 × that at 80 %; /livez ≤ 100 ms; normal within 1 s',
    mutant: { settings: { MAX_IN_FLIGHT: '1000000', MAX_LOOP_DELAY: '500h' } },
    run: overload,
  },
];
