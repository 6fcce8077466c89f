// More than the gateway can do: load beyond its capacity, and junk beside the load of others.
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../bench/numbers.ts';
import { Bars, type Case, type FaultWorld, type Outcome, statusesOf, timesOf, within } from './case.ts';
import type { LoadResult } from './load.ts';
import { type Program, statusOf } from './program.ts';

const USERS = { first: 0, count: 200 };
/** So much that the processes have the work, and not the sender. */
const MONTHS = 3;
/**
 * Others use the processors, too, so a run may be late by so much and hold. Without shedding
 * answers take several seconds, and most come without their events.
 */
const LATE_MS = 1_000;
const LIVEZ_MS = 500;
/** Every answer is computed; none is stored. */
const COMPUTED = { RESPONSE_CACHE_BYTES: '0B', MAX_USER_REQUESTS: '0' };

/** Asks /livez all the time; gives the slowest answer in milliseconds. */
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
    return { p99: Math.round(quantile(times, 0.99)), max: Math.round(Math.max(...times)) };
  };
}

/** Answers of which a source has such a state. */
function countOf({ states }: LoadResult, state: string): number {
  const counts = Object.values(states).map((of) => Object.entries(of).filter(([name]) => name.startsWith(state)));
  return Math.max(...counts.map((all) => all.reduce((sum, [, count]) => sum + count, 0)));
}

async function overload(world: FaultWorld): Promise<Outcome> {
  const { load, pick } = world;
  const bars = new Bars();
  const program = await world.start({ env: COMPUTED });
  const job = { urls: program.urls, users: USERS, months: MONTHS };
  await load.run({ ...job, workers: 32, seconds: pick(6, 10) });
  const closed = await load.run({ ...job, workers: 32, seconds: pick(4, 10) });
  const capacity = timesOf(closed).count / pick(4, 10);
  const seconds = pick(6, 20);
  const calm = timesOf(await load.run({ ...job, rate: 0.8 * capacity, seconds }));
  const lines = [`capacity ${Math.round(capacity)}/s; at 80 % p50 ${calm.p50} ms, p99 ${calm.p99} ms`];
  for (const factor of [2, 4]) {
    const stop = watchLiveness(program);
    const result = await load.run({ ...job, rate: factor * capacity, seconds });
    const livez = await stop();
    const isNormal = async () => timesOf(await load.run({ ...job, workers: 2, requests: 10 })).count === 10;
    const normal = await within(5_000, isNormal);
    // The first second, in which it is noticed, does not count.
    const admitted = timesOf(result, 200, 1_000, seconds * 1_000);
    const lost = countOf(result, 'UNAVAILABLE');
    const goodput = (admitted.count - lost) / (seconds - 1) / capacity;
    const [share, counts] = [Math.round(100 * goodput), JSON.stringify(statusesOf(result))];
    lines.push(
      `${factor}×: goodput ${share} %, p50 ${admitted.p50}, p99 ${admitted.p99} ms, statuses ${counts}, ${lost} without their events, /livez p99 ${livez.p99}, max ${livez.max} ms, normal after ${normal} ms`,
    );
    bars.hold(`goodput ${share} % at ${factor}×`, goodput >= 0.9);
    bars.hold(
      `p99 ${admitted.p99} ms at ${factor}×, ${calm.p99} ms at 80 %`,
      admitted.p99 <= Math.max(2 * calm.p99, LATE_MS),
    );
    bars.hold(`/livez ${livez.p99} ms at ${factor}×`, livez.p99 <= LIVEZ_MS);
    bars.hold(`not normal after ${normal} ms`, normal !== null && normal <= 1_000);
    bars.general(program, [result], [200, 503]);
  }
  return { measured: lines.join('; '), failures: bars.failures };
}

/** Whole programs. */
export const CAPACITY: readonly Case[] = [
  {
    id: 'A23',
    what: 'twice and four times the capacity, whether answers come or not',
    bar: '503 with Retry-After; goodput ≥ 90 %; p99 of the admitted ≤ 2 × that at 80 %; /livez ≤ 100 ms; normal within 1 s',
    mutant: { MAX_IN_FLIGHT: '1000000', MAX_LOOP_DELAY: '500h' },
    run: overload,
  },
];
