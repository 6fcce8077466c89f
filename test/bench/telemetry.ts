// What metrics and traces cost at the hot page: `npm run bench:telemetry`. The same gateway and
// calendar with each kind of telemetry, as processes of their own; the contenders take turns in
// short rounds, in an order that turns round, too. Two equal processes differ by some per cent as
// long as they live, so all are started several times. It prints the CPU of a request as a ratio to
// that without telemetry in the same round, and no pass marks; how far the second row is from 1
// says how much of the others is noise.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '../harness/free-port.ts';
import { type Requests, type Server, series, startServer } from './load.ts';
import { printTable, quantile } from './numbers.ts';

const STARTS = Number(process.env.STARTS ?? 4);
const ROUNDS = Number(process.env.ROUNDS ?? 16);
const REQUESTS = Number(process.env.REQUESTS ?? 400);
const WARM_UP_ROUNDS = 6;
const AT_ONCE = 16;
const DAY_MS = 86_400_000;
/** Scraped after so much time of load: fifteen times as often as is usual. */
const SCRAPE_MS = 1_000;
const PAGE = `query ($from: DateTime!, $to: DateTime!) { viewer { id calendar(from: $from, to: $to) {
  completeness events { id ern kind title startsAt endsAt phase completion course { ern title color } } } } }`;

// Takes everything, and reads nothing of it.
const collector = createServer((request, response) => {
  request.resume().once('end', () => response.end('{}'));
});
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
const traced = (ratio: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: ratio,
});

interface Contender {
  readonly name: string;
  readonly requests: Requests;
  readonly processes: readonly Server[];
  readonly scraped: readonly number[];
  /** Milliseconds of load since it was scraped. */
  unscrapedMs: number;
}

/** By contender: CPU milliseconds of a request in each round. */
const cpuMs = new Map<string, number[]>();
let servers: Server[] = [];
try {
  for (let start = 0; start < STARTS; start += 1) {
    await compare();
    for (const server of servers) server.stop();
    servers = [];
  }
  report();
} finally {
  for (const server of servers) server.stop();
  collector.close();
}

async function compare(): Promise<void> {
  const start = async (role: string, settings: Readonly<Record<string, string>>) => {
    const server = await startServer(role, { settings });
    servers.push(server);
    return server;
  };
  const ports = Object.fromEntries(
    await Promise.all(
      ['LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'].map(async (name) => [name, String(await freePort())]),
    ),
  ) as Record<string, string>;
  const shared = {
    ...ports,
    HOST: '127.0.0.1',
    GRAPHIQL: 'false',
    // Nothing but the requests is to cost anything.
    FRESHNESS: 'none',
    SLICE_TTL: '1h',
    SLICE_TTL_LIVE: '1h',
    INTERNAL_SECRET: 'a secret for benchmarks, thirty-two bytes at least',
    ...{ MAX_USER_REQUESTS: '0', GATEWAY_TIMEOUT: '61s', CALENDAR_TIMEOUT: '60s', SOURCE_TIMEOUT: '60s' },
  };
  await start('services', shared);
  const contender = async (name: string, hasMetrics: boolean, more: Readonly<Record<string, string>>) => {
    const own = { ...shared, PORT: String(await freePort()), CALENDAR_PORT: String(await freePort()) };
    const scraped = hasMetrics ? [await freePort(), await freePort()] : [];
    const settings = (index: number) => ({
      ...own,
      ...more,
      ...(scraped[index] !== undefined && { METRICS_PORT: String(scraped[index]) }),
    });
    const processes = [await start('calendar', settings(0)), await start('gateway', settings(1))];
    const requests = await hotPage(processes[1]?.url ?? '');
    return { name, processes, scraped, requests, unscrapedMs: 0 } satisfies Contender;
  };
  const contenders = [
    await contender('nothing', false, {}),
    await contender('nothing, again', false, {}),
    await contender('metrics, scraped each second', true, {}),
    await contender('the same, and traces of 1 % of the requests', true, traced('0.01')),
    await contender('the same, and traces of all', true, traced('1')),
  ];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const first = Math.abs(round) % contenders.length;
    for (const one of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const cost = await measure(one);
      if (round >= 0) cpuMs.set(one.name, [...(cpuMs.get(one.name) ?? []), cost]);
    }
  }
}

async function hotPage(url: string): Promise<Requests> {
  const token = await (await fetch(new URL('/dev/token?user=student-1', url))).text();
  const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
  const body = JSON.stringify({ query: PAGE, variables: { from: at(-15), to: at(15) } });
  return { body: () => body, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } };
}

/** CPU milliseconds of a request. */
async function measure(one: Contender): Promise<number> {
  const { requests, processes, scraped } = one;
  const cpu = async () => sum((await Promise.all(processes.map((each) => each.cost()))).map((cost) => cost.cpuMs));
  const before = await cpu();
  const isDue = one.unscrapedMs > SCRAPE_MS;
  const scrapes = isDue ? scraped.map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()) : [];
  const { failed, ms } = await series(processes[1] as Server, requests, AT_ONCE, REQUESTS);
  await Promise.all(scrapes);
  one.unscrapedMs = isDue ? 0 : one.unscrapedMs + ms;
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return ((await cpu()) - before) / REQUESTS;
}

/** Medians over all rounds, quartiles of the ratios, and the ratio of the sums of each start. */
function report(): void {
  const names = [...cpuMs.keys()];
  const base = cpuMs.get(names[0] ?? '') ?? [];
  const rounds = `${STARTS} starts, ${ROUNDS} rounds of ${REQUESTS} after each`;
  console.log(`\nOne student's month from the response cache, ${AT_ONCE} at a time, ${rounds}\n`);
  printTable([
    ['telemetry', 'CPU ms/request', 'as a ratio to nothing', 'quartiles', 'of the sums of each start'],
    ...names.map((name) => {
      const all = cpuMs.get(name) ?? [];
      const ratios = all.map((ms, round) => ms / (base[round] ?? Number.NaN));
      const at = (share: number) => quantile(ratios, share).toFixed(3);
      const ofStart = (_: unknown, start: number) => {
        const [from, to] = [start * ROUNDS, (start + 1) * ROUNDS];
        return sum(all.slice(from, to)) / sum(base.slice(from, to));
      };
      const sums = Array.from({ length: STARTS }, ofStart).toSorted((a, b) => a - b);
      return [
        name,
        quantile(all, 0.5).toFixed(3),
        at(0.5),
        `${at(0.25)} to ${at(0.75)}`,
        sums.map((ratio) => ratio.toFixed(3)).join(', '),
      ];
    }),
  ]);
  console.log(`\nCPU is of gateway and calendar together. Node ${process.versions.node}.`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
