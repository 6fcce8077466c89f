// npm run bench: what a month costs here and elsewhere, in one run. The contenders take turns in
// every round, so that what the machine does besides meets all of them: closed-loop load from wrk
// says how many requests a second there are and what CPU each costs, then requests at half of that
// rate, at most 200 a second, how long they take. It prints the table of README.md; numbers compare
// rows of one run, not machines. No pass marks. About ten minutes; `npm run bench -- ours` compares
// only those whose names begin so, with static bytes. With --growth it is growth.ts.
import { writeFile } from 'node:fs/promises';
import { installPeers } from '../examples/peers/import-peer.ts';
import { startPostgres } from '../harness/postgres-server.ts';
import { barChart } from './bar-chart.ts';
import { type Contender, startField } from './contenders.ts';
import { load, type Server } from './load.ts';
import { printTable, quantile, shown } from './numbers.ts';
import { openLoop } from './open-loop.ts';
import { postgresCpu } from './postgres-cpu.ts';
import { hasWrk, type WrkRequest, wrk } from './wrk.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 3);
const CONNECTIONS = 64;
const MAX_OPEN_RATE = 200;

/** One contender in one round; CPU in milliseconds a request. */
interface Result {
  readonly perSecond: number;
  readonly cpu: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly failed: number;
  readonly waits: readonly number[];
  readonly mib: number;
}

const NAMES = process.argv.slice(2);

if (NAMES.includes('--growth')) await import('./growth.ts');
else await compare();

async function compare(): Promise<void> {
  const missing = await installPeers();
  if (missing !== null) throw new Error(missing);
  const postgres = await startPostgres();
  const servers: Server[] = [];
  try {
    const { contenders, services, bytes } = await startField(
      postgres.url,
      (server) => servers.push(server),
      (name) => NAMES.length === 0 || ['static', ...NAMES].some((one) => name.startsWith(one)),
    );
    const wanted = new Set([services, ...contenders.flatMap(({ processes }) => Object.values(processes))]);
    for (const server of servers) if (!wanted.has(server)) server.stop();
    const database = await postgresCpu(postgres.url);
    const generator = (await hasWrk()) ? withWrk : withoutWrk;
    const measure = (one: Contender) => round(one, { services, database, generator });
    for (const one of contenders) {
      const { failed } = await generator(one, 2);
      if (failed > 0) throw new Error(`${one.name}: ${failed} requests failed`);
    }
    const results = contenders.map((one) => ({ one, rounds: [] as Result[] }));
    for (let turn = 0; turn < ROUNDS; turn += 1) {
      for (const { one, rounds } of results) rounds.push(await measure(one));
    }
    if (NAMES.length === 0) await draw(results);
    report(results, bytes, generator === withWrk ? 'wrk' : 'this process, which may be the bottleneck (no wrk)');
  } finally {
    for (const server of servers) server.stop();
    await postgres.close();
  }
}

/** Requests that were answered, how many a second, and failures. */
type Generator = (
  contender: Contender,
  seconds: number,
) => Promise<{ readonly requests: number; readonly perSecond: number; readonly failed: number }>;

function withWrk({ request }: Contender, seconds: number): ReturnType<Generator> {
  return wrk(request, { connections: CONNECTIONS, seconds });
}

async function withoutWrk({ request, processes }: Contender, seconds: number): ReturnType<Generator> {
  const [server] = Object.values(processes) as [Server];
  const { method, url, headers, body = '' }: WrkRequest = request;
  const { pathname, search } = new URL(url);
  const sent = { headers, body: () => body, get: method === 'GET' ? pathname + search : undefined };
  const { requests, failed, ms } = await load(server, sent, CONNECTIONS, seconds * 1_000);
  return { requests, perSecond: (requests / ms) * 1_000, failed };
}

interface Around {
  readonly services: Server;
  readonly database: () => number;
  readonly generator: Generator;
}

async function round(contender: Contender, { services, database, generator }: Around): Promise<Result> {
  const all = Object.entries({ ...contender.processes, services });
  const look = async () => {
    const costs = await Promise.all(all.map(async ([name, server]) => [name, await server.cost()] as const));
    return { costs: new Map(costs), postgres: database() };
  };
  const before = await look();
  const { requests, perSecond, failed } = await generator(contender, SECONDS);
  const after = await look();
  const sent = Math.max(1, requests);
  const used = (name: string, what: 'cpuMs' | 'calls') =>
    ((after.costs.get(name)?.[what] ?? 0) - (before.costs.get(name)?.[what] ?? 0)) / sent;
  const own = Object.keys(contender.processes);
  const waits = await openLoop(contender.request, Math.min(MAX_OPEN_RATE, Math.max(1, perSecond / 2)), SECONDS);
  return {
    perSecond,
    failed,
    waits,
    cpu: {
      ...Object.fromEntries(all.map(([name]) => [name, used(name, 'cpuMs')])),
      PostgreSQL: (after.postgres - before.postgres) / sent,
    },
    calls: own.reduce((sum, name) => sum + used(name, 'calls'), 0),
    mib: own.reduce((sum, name) => sum + (after.costs.get(name)?.rss ?? 0), 0) / 2 ** 20,
  };
}

async function draw(results: readonly { one: Contender; rounds: readonly Result[] }[]): Promise<void> {
  const bars = results.map(({ one, rounds }) => {
    const median = quantile(
      rounds.map(({ perSecond }) => perSecond),
      0.5,
    );
    return [one.name, Math.max(1, median)] as const;
  });
  const title = `One student’s month, ${CONNECTIONS} connections`;
  await writeFile(new URL('results/contenders.svg', import.meta.url), barChart({ title, xLabel: 'requests/s', bars }));
}

/** Medians of the rounds, and the least and most of each ratio to the first row in one round. */
function report(results: readonly { one: Contender; rounds: readonly Result[] }[], bytes: number, by: string): void {
  const [first] = results as [(typeof results)[number]];
  console.log(`
One student's month (${shown(bytes / 1024)} KiB), again and again, by ${by}: ${CONNECTIONS} connections, medians of ${ROUNDS} rounds in
which the contenders take turns. p50 and p99: an open loop at half of that rate, at most ${MAX_OPEN_RATE} a second.
`);
  printTable([
    [
      'contender',
      'requests/s',
      'of static bytes (least to most)',
      'CPU ms/request',
      'of which',
      'p50 ms',
      'p99 ms',
      'calls to sources/request',
      'MiB',
      'failed',
    ],
    ...results.map(({ one, rounds }) => {
      const median = (value: (result: Result) => number) => quantile(rounds.map(value), 0.5);
      const parts = Object.keys(rounds[0]?.cpu ?? {}).map(
        (name) => [name, median(({ cpu }) => cpu[name] ?? 0)] as const,
      );
      return [
        one.name,
        shown(median(({ perSecond }) => perSecond)),
        ratio(rounds, first.rounds),
        short(parts.reduce((sum, [, ms]) => sum + ms, 0)),
        parts
          .filter(([, ms]) => ms >= 0.005)
          .map(([name, ms]) => `${name} ${short(ms)}`)
          .join(', '),
        shown(
          quantile(
            rounds.flatMap(({ waits }) => waits),
            0.5,
          ),
        ),
        shown(
          quantile(
            rounds.flatMap(({ waits }) => waits),
            0.99,
          ),
        ),
        shown(median(({ calls }) => calls)),
        shown(median(({ mib }) => mib)),
        shown(rounds.reduce((sum, { failed }) => sum + failed, 0)),
      ];
    }),
  ]);
  const [ours, fixed] = ['ours, 304', 'static 304'].map((name) => results.find(({ one }) => one.name === name));
  if (ours && fixed) console.log(`\nA 304 of ours is ${ratio(ours.rounds, fixed.rounds)} of a static one.`);
  console.log(`
CPU is of all processes that take part, services and PostgreSQL included; MiB is resident memory of the contender's own. What polls
in the background is in it. Hive Gateway checks no tokens here. Node ${process.versions.node}.`);
}

/** Requests a second as a ratio to those in the same round: the median, the least and the most. */
function ratio(rounds: readonly Result[], base: readonly Result[]): string {
  const ratios = rounds.map(({ perSecond }, turn) => perSecond / (base[turn]?.perSecond ?? Number.NaN));
  const [least, middle, most] = [Math.min(...ratios), quantile(ratios, 0.5), Math.max(...ratios)].map(short);
  return `${middle} (${least} to ${most})`;
}

function short(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 2 });
}
