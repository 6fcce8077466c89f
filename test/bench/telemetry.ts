// What metrics and traces cost at the hot page: `npm run bench:telemetry`. The same gateway and
// calendar with each kind of telemetry, as processes of their own; the contenders take turns in
// every round. It prints the CPU of a request as a ratio to that without telemetry, and no pass
// marks; how far the second row is from 1 says how much of the others is noise.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '../harness/free-port.ts';
import { type Requests, type Server, series, startServer } from './load.ts';
import { printTable, quantile } from './numbers.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 9);
const REQUESTS = Number(process.env.REQUESTS ?? 2_000);
const AT_ONCE = 16;
const DAY_MS = 86_400_000;
/** Fifteen times as often as is usual. */
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
  readonly cpuMs: number[];
}

const servers: Server[] = [];
try {
  await compare();
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
    return { name, processes, scraped, requests, cpuMs: [] } satisfies Contender;
  };
  const contenders = [
    await contender('nothing', false, {}),
    await contender('nothing, again', false, {}),
    await contender('metrics, scraped each second', true, {}),
    await contender('the same, and traces of 1 % of the requests', true, traced('0.01')),
    await contender('the same, and traces of 10 %', true, traced('0.1')),
    await contender('the same, and traces of all', true, traced('1')),
  ];
  // The first round only warms up.
  for (let round = 0; round <= ROUNDS; round += 1) for (const one of contenders) await measure(one);
  for (const { cpuMs } of contenders) cpuMs.shift();
  report(contenders);
}

async function hotPage(url: string): Promise<Requests> {
  const token = await (await fetch(new URL('/dev/token?user=student-1', url))).text();
  const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
  const body = JSON.stringify({ query: PAGE, variables: { from: at(-15), to: at(15) } });
  return { body: () => body, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } };
}

async function measure({ requests, processes, scraped, cpuMs }: Contender): Promise<void> {
  const cpu = async () =>
    (await Promise.all(processes.map((one) => one.cost()))).reduce((sum, cost) => sum + cost.cpuMs, 0);
  const scrape = () => {
    for (const port of scraped) {
      void fetch(`http://127.0.0.1:${port}/metrics`).then((answer) => answer.text());
    }
  };
  const before = await cpu();
  const timer = setInterval(scrape, SCRAPE_MS);
  const { failed } = await series(processes[1] as Server, requests, AT_ONCE, REQUESTS);
  clearInterval(timer);
  if (failed > 0) throw new Error(`${failed} requests failed`);
  cpuMs.push(((await cpu()) - before) / REQUESTS);
}

/** The least disturbed round of each, because only disturbances add to CPU time; and the median. */
function report(contenders: readonly Contender[]): void {
  const least = ({ cpuMs }: Contender) => Math.min(...cpuMs);
  const [first] = contenders as [Contender];
  console.log(`\nOne student's month from the response cache, ${AT_ONCE} at a time, ${ROUNDS} rounds of ${REQUESTS}\n`);
  printTable([
    ['telemetry', 'CPU ms/request, least', 'median', 'least, as a ratio to nothing'],
    ...contenders.map((one) => [
      one.name,
      least(one).toFixed(3),
      quantile(one.cpuMs, 0.5).toFixed(3),
      (least(one) / least(first)).toFixed(3),
    ]),
  ]);
  console.log(`\nCPU is of gateway and calendar together. Node ${process.versions.node}.`);
}
