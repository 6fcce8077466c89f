// What metrics and traces cost at the hot page: `npm run bench:telemetry`. Equal processes differ
// by some per cent as long as they live, so all contenders are in one process, which is started
// several times: a gateway without telemetry, an equal one, and one that traces; they take turns in
// short rounds. It prints the CPU of a request as a ratio to that without telemetry in the same
// round, and no pass marks; how far the second row is from 1 says how much of the others is noise.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../harness/free-port.ts';
import { startCollector } from './collector.ts';
import { type Requests, series, startServer } from './load.ts';
import { printTable, quantile } from './numbers.ts';
import type { Beginning, Wanted } from './telemetry-server.ts';

const STARTS = Number(process.env.STARTS ?? 3);
const ROUNDS = Number(process.env.ROUNDS ?? 100);
const REQUESTS = 200;
/** Rounds until the code is compiled, that of traced requests included. */
const WARM_UP_ROUNDS = 30;
/** Rounds until metrics are scraped and spans are sent: about a second. */
const SEND_ROUNDS = 20;
const AT_ONCE = 16;
const DAY_MS = 86_400_000;
const PAGE = `query ($from: DateTime!, $to: DateTime!) { viewer { id calendar(from: $from, to: $to) {
  completeness events { id ern kind title startsAt endsAt phase completion course { ern title color } } } } }`;

/** `gateway`: which of the three in the process; the last one traces. */
interface Contender extends Omit<Wanted, 'isSent'> {
  readonly name: string;
  readonly gateway: number;
}

const CONTENDERS: readonly Contender[] = [
  { name: 'nothing', gateway: 0, isCounting: false, share: 0 },
  { name: 'nothing, again', gateway: 1, isCounting: false, share: 0 },
  { name: 'metrics', gateway: 0, isCounting: true, share: 0 },
  { name: 'metrics, and traces of one request in a thousand', gateway: 2, isCounting: true, share: 0.001 },
  { name: 'metrics, and traces of one in a hundred', gateway: 2, isCounting: true, share: 0.01 },
];

/** By contender: CPU milliseconds of a request in each round. */
const cpuMs = new Map(CONTENDERS.map(({ name }) => [name, [] as number[]]));
const collector = await startCollector();
const endpoint = collector.url;
const names = ['LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'];
const settings = {
  ...Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())]))),
  HOST: '127.0.0.1',
  GRAPHIQL: 'false',
  // Nothing but the requests is to cost anything.
  ...{ FRESHNESS: 'none', SLICE_TTL: '1h', SLICE_TTL_LIVE: '1h', MAX_LOOP_DELAY: '30s', MAX_USER_REQUESTS: '0' },
  INTERNAL_SECRET: 'a secret for benchmarks, thirty-two bytes at least',
  ...{ GATEWAY_TIMEOUT: '61s', CALENDAR_TIMEOUT: '60s', SOURCE_TIMEOUT: '60s' },
};
const services = await startServer('services', { settings });
try {
  for (let start = 0; start < STARTS; start += 1) await compare(start % 3);
  report();
} finally {
  services.stop();
  collector.close();
}

/** `traced`: which of the gateways traces; those made first have an advantage. */
async function compare(traced: number): Promise<void> {
  const child = fork(new URL('telemetry-server.ts', import.meta.url), [], { execArgv: ['--import', 'tsx'] });
  try {
    const ports: [string, string][] = [];
    for (let pair = 0; pair < 3; pair += 1) ports.push([String(await freePort()), String(await freePort())]);
    const made = await said<string[]>(child, { settings, ports, traced, endpoint } satisfies Beginning);
    const urls = [...made.filter((_, index) => index !== traced), made[traced] ?? ''];
    const pages = await Promise.all(urls.map(hotPage));
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
      const first = Math.abs(round) % CONTENDERS.length;
      for (const one of [...CONTENDERS.slice(first), ...CONTENDERS.slice(0, first)]) {
        const [url = '', page] = [urls[one.gateway], pages[one.gateway]];
        if (page === undefined) throw new Error('no such gateway');
        const cost = await measure(child, one, { url, page, isSent: round % SEND_ROUNDS === 0 });
        if (round >= 0) cpuMs.get(one.name)?.push(cost);
      }
    }
  } finally {
    child.kill();
  }
}

/** Says it to the process, and waits for the answer. */
async function said<T>(child: ChildProcess, message: Beginning | Wanted): Promise<T> {
  child.send(message);
  return (await once(child, 'message'))[0] as T;
}

async function hotPage(url: string): Promise<Requests> {
  const token = await (await fetch(new URL('/dev/token?user=student-1', url))).text();
  const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
  const body = JSON.stringify({ query: PAGE, variables: { from: at(-15), to: at(15) } });
  return { body: () => body, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } };
}

/** CPU milliseconds of a request. */
async function measure(
  child: ChildProcess,
  { isCounting, share }: Contender,
  { url, page, isSent }: { readonly url: string; readonly page: Requests; readonly isSent: boolean },
): Promise<number> {
  const wanted = { isCounting, share, isSent: false };
  const ask = async () => {
    const cost = async () => ({ cpuMs: 0, calls: 0, rss: 0 });
    const { failed } = await series({ url, cost, stop: () => {} }, page, AT_ONCE, REQUESTS);
    if (failed > 0) throw new Error(`${failed} requests failed`);
  };
  // What changes from one contender to the next makes Node compile again: that is not measured.
  await said<number>(child, wanted);
  await ask();
  const before = await said<number>(child, wanted);
  await ask();
  return ((await said<number>(child, { ...wanted, isSent })) - before) / REQUESTS;
}

/** Medians, quartiles of the ratios, and the ratio of the sums, with all that was sent. */
function report(): void {
  const base = cpuMs.get('nothing') ?? [];
  console.log(
    `\nOne student's month from the response cache, ${AT_ONCE} at a time, gateway and calendar in one process,`,
  );
  console.log(`${STARTS} starts with ${ROUNDS} rounds of ${REQUESTS} requests. Node ${process.versions.node}.\n`);
  printTable([
    ['telemetry', 'CPU ms/request', 'as a ratio to nothing', 'quartiles', 'of the sums'],
    ...[...cpuMs].map(([name, all]) => {
      const ratios = all.map((ms, round) => ms / (base[round] ?? Number.NaN));
      const at = (share: number) => quantile(ratios, share).toFixed(3);
      return [
        name,
        quantile(all, 0.5).toFixed(3),
        at(0.5),
        `${at(0.25)} to ${at(0.75)}`,
        (sum(all) / sum(base)).toFixed(3),
      ];
    }),
  ]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
