// What metrics and traces cost at the hot page: `npm run bench:telemetry`. Equal processes differ
// by some per cent as long as they live, so all contenders are in one process, which is started
// several times: a gateway without telemetry, an equal one, and one that traces; they take turns in
// short rounds. It prints the CPU of a request as a ratio to the mean of the two without telemetry
// at about the same time, with its standard error over the starts, and no pass marks.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../harness/free-port.ts';
import { startCollector } from './collector.ts';
import { type Requests, series, startServer } from './load.ts';
import { printTable, quantile } from './numbers.ts';
import type { Beginning, Wanted } from './telemetry-server.ts';

const STARTS = Number(process.env.STARTS ?? 3);
/** The part of the requests that are traced. */
const SHARE = Number(process.env.SHARE ?? 0.001);
/** Rounds without metrics and then with them, between which nothing is switched on or off. */
const BLOCKS = Number(process.env.BLOCKS ?? 10);
const ROUNDS = 10;
const REQUESTS = 200;
/** Blocks until the code is compiled, that of traced requests included. */
const WARM_UP_BLOCKS = 3;
/** Requests after metrics are switched on or off: Node compiles again what publishes. */
const SWITCH_REQUESTS = 2_000;
/**
 * Blocks until metrics are scraped and spans are sent: about two seconds of one contender. Spans
 * are sent every five by default, and Prometheus scrapes every fifteen or sixty.
 */
const SEND_BLOCKS = 5;
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
  { name: `metrics, and traces of ${SHARE} of the requests`, gateway: 2, isCounting: true, share: SHARE },
];

/** By contender: CPU milliseconds of a request in each round of each start. */
const cpuMs = new Map(CONTENDERS.map(({ name }) => [name, [] as number[][]]));
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
    for (const starts of cpuMs.values()) starts.push([]);
    for (let block = -WARM_UP_BLOCKS; block < BLOCKS; block += 1) {
      for (const isCounting of [false, true]) await measureBlock(child, { urls, pages, block, isCounting });
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

/** Some rounds of contenders. */
interface Block {
  readonly urls: readonly string[];
  readonly pages: readonly Requests[];
  /** Below 0: not counted. */
  readonly block: number;
  readonly isCounting: boolean;
}

/** The contenders that count, or those that do not, in turns. */
async function measureBlock(child: ChildProcess, { urls, pages, block, isCounting }: Block): Promise<void> {
  const those = CONTENDERS.filter((one) => one.isCounting === isCounting);
  const settle = ({ share }: Contender, isSent = false) => said<number>(child, { isCounting, share, isSent });
  const ask = async ({ gateway }: Contender, requests: number) => {
    const [url, page] = [urls[gateway], pages[gateway]];
    if (url === undefined || page === undefined) throw new Error('no such gateway');
    const cost = async () => ({ cpuMs: 0, calls: 0, rss: 0 });
    const { failed } = await series({ url, cost, stop: () => {} }, page, AT_ONCE, requests);
    if (failed > 0) throw new Error(`${failed} requests failed`);
  };
  for (const one of those) {
    await settle(one);
    await ask(one, SWITCH_REQUESTS / those.length);
  }
  for (let round = 1; round <= ROUNDS; round += 1) {
    const isSent = round === ROUNDS && (block + 1) % SEND_BLOCKS === 0;
    for (const one of round % 2 === 0 ? those : those.toReversed()) {
      const before = await settle(one);
      await ask(one, REQUESTS);
      const cost = ((await settle(one, isSent)) - before) / REQUESTS;
      if (block >= 0) cpuMs.get(one.name)?.at(-1)?.push(cost);
    }
  }
}

/** Medians, quartiles of the ratios, and the mean of the starts' ratios with all that was sent. */
function report(): void {
  const [one = [], other = []] = [...cpuMs.values()];
  const base = one.map((rounds, start) => rounds.map((ms, round) => (ms + (other[start]?.[round] ?? Number.NaN)) / 2));
  console.log(
    `\nOne student's month from the response cache, ${AT_ONCE} at a time, gateway and calendar in one process,`,
  );
  console.log(
    `${STARTS} starts with ${BLOCKS * ROUNDS} rounds of ${REQUESTS} requests. Node ${process.versions.node}.\n`,
  );
  printTable([
    ['telemetry', 'CPU ms/request', 'as a ratio to nothing', 'quartiles', 'mean of the starts', 'its standard error'],
    ...[...cpuMs].map(([name, starts]) => {
      const ratios = starts.flatMap((rounds, start) =>
        rounds.map((ms, round) => ms / (base[start]?.[round] ?? Number.NaN)),
      );
      const at = (share: number) => quantile(ratios, share).toFixed(3);
      const byStart = starts.map((rounds, start) => sum(rounds) / sum(base[start] ?? []));
      const mean = sum(byStart) / byStart.length;
      const error = Math.sqrt(sum(byStart.map((ratio) => (ratio - mean) ** 2)) / (STARTS - 1) / STARTS);
      return [
        name,
        quantile(starts.flat(), 0.5).toFixed(3),
        at(0.5),
        `${at(0.25)} to ${at(0.75)}`,
        mean.toFixed(3),
        error.toFixed(3),
      ];
    }),
  ]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
