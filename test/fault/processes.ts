// Processes that end and start, that are cold, and that hold as much as they may.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../harness/free-port.ts';
import {
  areAllFresh,
  Bars,
  type Case,
  type FaultWorld,
  metricOf,
  type Outcome,
  SHARED,
  statusesOf,
  timesOf,
  UNLIMITED,
  watchContention,
  within,
} from './case.ts';
import { heapBytes } from './heap.ts';
import type { LoadResult } from './load.ts';
import type { Part, Program } from './program.ts';

const USERS = { first: 0, count: 100 };

/** So that requests are in progress when a process ends. */
const IN_PROGRESS_MS = 100;

async function rolling(world: FaultWorld): Promise<Outcome> {
  const { load, pick, sources } = world;
  const bars = new Bars();
  const program = await world.start({ gateways: 2, calendars: 2, env: UNLIMITED });
  await sources.fault('ATTENDANCE', { delayMs: IN_PROGRESS_MS });
  const [rounds, requests] = [pick(3, 20), pick(500, 10_000)];
  const results: LoadResult[] = [];
  let isOver = false;
  const sending = (async () => {
    const sent = () => results.reduce((sum, { sent }) => sum + sent, 0);
    while (!isOver || sent() < requests) {
      results.push(await load.run({ urls: program.urls, users: USERS, rate: 80, seconds: 2, retry: true, maxAge: 0 }));
    }
  })();
  sending.catch(() => undefined);
  const ends: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await sleep(3 * IN_PROGRESS_MS);
    const part = program.parts[(round * 3) % program.parts.length] as Part;
    const { code, ms } = await part.end('SIGTERM');
    ends.push(ms);
    bars.hold(`${part.name} ended with ${code} after ${Math.round(ms)} ms`, code === 0 && ms <= 10_000);
    await sleep(200);
    await part.start();
  }
  isOver = true;
  await sending;
  bars.general(program, results);
  const without = (states: Readonly<Record<string, number>>) =>
    Object.entries(states).reduce((sum, [state, count]) => sum + (state.startsWith('UNAVAILABLE') ? count : 0), 0);
  const empty = results.reduce((sum, { states }) => sum + without(states.LECTURE), 0);
  bars.hold(`${empty} answers without events`, empty === 0);
  const sumOf = (what: 'resent' | 'interrupted') => results.reduce((sum, one) => sum + one[what], 0);
  const [resent, interrupted] = [sumOf('resent'), sumOf('interrupted')];
  bars.hold(`${interrupted} requests in progress were lost with their connection`, interrupted === 0);
  // An idle connection can close at the moment when a request is sent on it, but that is rare.
  bars.hold(`${resent} requests were lost with their connection and sent again`, resent <= Math.max(1, rounds / 5));
  const failed = empty + results.reduce((sum, result) => sum + result.sent - timesOf(result).count, 0);
  const sent = results.reduce((sum, one) => sum + one.sent, 0);
  return {
    measured: `${failed} of ${sent.toLocaleString('en')} requests lost over ${rounds} restarts, ${interrupted} interrupted, ${resent} sent again because their idle connection closed; the slowest end took ${Math.round(Math.max(...ends))} ms`,
    failures: bars.failures,
  };
}

async function killed(world: FaultWorld): Promise<Outcome> {
  const { load } = world;
  const bars = new Bars();
  const program = await world.start({ env: { MAX_USER_REQUESTS: '0', MAX_LOOP_DELAY: '30s' } });
  const calendar = program.calendars[0] as Part;
  const job = { urls: program.urls, users: USERS, rate: 40 };
  await load.run({ ...job, seconds: 3 });
  const healthy = await load.run({ ...job, seconds: 3 });
  const contention = watchContention(program);
  const running = load.run({ ...job, seconds: 5 });
  running.catch(() => undefined);
  await sleep(1_000);
  const others = contention();
  await calendar.end('SIGKILL');
  const result = await running;
  await calendar.start();
  const back = await within(10_000, () => areAllFresh(load, { ...job, users: { first: 0, count: 5 } }));
  bars.general(program, [healthy, result]);
  const [well, dead] = [timesOf(healthy), timesOf(result, 200, 1_500)];
  const most = others > SHARED ? 150 + 2 * well.p95 : 50;
  bars.hold(`p95 ${dead.p95} ms without the calendar`, dead.p95 <= most);
  bars.hold(`FRESH after ${back} ms`, back !== null && back <= 2_000);
  const measured = `without it p50 ${dead.p50}, p95 ${dead.p95}, p99 ${dead.p99} ms (${well.p99} with it), ${JSON.stringify(result.states.LECTURE)}; FRESH ${back} ms after it is ready`;
  return { measured, failures: bars.failures };
}

const LIMIT_MIB = 16;
/** Tokens of 5,000 users that verified. */
const TOKENS_MIB = 3;

async function manyUsers(world: FaultWorld): Promise<Outcome> {
  const { load, pick } = world;
  const bars = new Bars();
  const port = await freePort();
  const calendarEnv = { SLICE_CACHE_BYTES: `${LIMIT_MIB}MiB`, NODE_OPTIONS: `--inspect=127.0.0.1:${port}` };
  const env = { ...UNLIMITED, RESPONSE_CACHE_BYTES: '0B', SLICE_TTL: '10m' };
  const program = await world.start({ calendarEnv, env });
  const calendar = program.calendars[0] as Part;
  const job = { urls: program.urls, workers: 12 };
  await load.run({ ...job, requests: 400, users: { first: 0, count: 20 } });
  const cacheBytes = () => metricOf(calendar, 'calendar_cache_bytes');
  const count = pick(3_000, 20_000);
  // What every user adds for a while, such as verified tokens, is bounded and then complete.
  await load.run({ ...job, requests: count, users: { first: 100_000, count } });
  const [heapBefore, saidBefore] = [await heapBytes(port), await cacheBytes()];
  const result = await load.run({ ...job, requests: count, users: { first: 200_000, count } });
  const [heapAfter, saidAfter] = [await heapBytes(port), await cacheBytes()];
  const unsaid = heapAfter - heapBefore - (saidAfter - saidBefore);
  bars.general(program, [result]);
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  bars.hold(`${mib(saidAfter)} MiB in caches`, saidAfter <= LIMIT_MIB * 2 ** 20);
  bars.hold(
    `the heap has ${mib(unsaid)} MiB more than the caches say`,
    unsaid <= (0.1 * LIMIT_MIB + TOKENS_MIB) * 2 ** 20,
  );
  const isWhole = Object.values(result.states).every((states) =>
    Object.keys(states).every((state) => state === 'FRESH'),
  );
  bars.hold(`states ${JSON.stringify(result.states)}`, isWhole);
  const many = await million(pick(20_000, 1_000_000));
  bars.hold(`${mib(many.held)} MiB held by caches of ${mib(many.limit)}`, many.held <= 1.1 * many.limit);
  const measured = `${(2 * count).toLocaleString('en')} users, ${LIMIT_MIB} MiB allowed: ${mib(saidAfter)} MiB in caches; the second half of the users added ${mib(heapAfter - heapBefore)} MiB to the heap, ${mib(saidAfter - saidBefore)} MiB to the caches; all answers whole; ${many.count.toLocaleString('en')} users read in one process: ${mib(many.held)} MiB of the heap for ${mib(many.limit)} MiB allowed, no read failed`;
  return { measured, failures: bars.failures };
}

/**
 * So many users read from the caches alone, because requests would take hours. Throws if a read
 * fails.
 */
async function million(count: number) {
  const fill = fileURLToPath(new URL('../calendar/memory/fill.ts', import.meta.url));
  const args = ['--expose-gc', '--import', 'tsx', fill, 'users with their own slices', String(count)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return { count, ...(JSON.parse(stdout) as { held: number; limit: number }) };
}

async function expired(world: FaultWorld): Promise<Outcome> {
  const { load, sources, pick } = world;
  const bars = new Bars();
  const ttlMs = pick(6_000, 20_000);
  const env = { ...UNLIMITED, SLICE_TTL: `${ttlMs}ms`, RESPONSE_CACHE_BYTES: '0B' };
  const program = await world.start({ env });
  const readers = { urls: program.urls, workers: 64, users: { first: 0, count: 1 } };
  const burst = { urls: program.urls, workers: 50, requests: 50, months: 12, users: { first: 0, count: 50 } };
  await load.run({ ...burst, workers: 4 });
  await sleep(1.15 * ttlMs);
  await sources.forget();
  const all = await load.run(burst);
  await sleep(1_000);
  const { LECTURE: refreshed } = await sources.counts();
  // Answers of a year take longer to make than a batch waits, so each reader may cause one.
  bars.hold(`${refreshed.calls} calls for ${refreshed.slices} slices`, refreshed.calls <= burst.requests);
  await sleep(1.15 * ttlMs);
  await sources.fault('LECTURE', { delayMs: 100 });
  await sources.forget();
  const begin = performance.now();
  const many = await load.run({ ...readers, requests: pick(1_500, 10_000) });
  const { LECTURE: loaded } = await sources.counts();
  const lifetimes = Math.floor((performance.now() - begin) / (0.9 * ttlMs));
  bars.hold(`${loaded.maxLoads} loads of a slice in ${lifetimes} lifetimes`, loaded.maxLoads <= 1 + lifetimes);
  bars.general(program, [all, many]);
  const measured = `${refreshed.slices} slices that expired at once: ${refreshed.calls} calls; ${many.sent.toLocaleString('en')} readers of an expired slice: ${loaded.maxLoads} loads in ${(1 + lifetimes).toString()} lifetimes`;
  return { measured, failures: bars.failures };
}

async function coldStart(world: FaultWorld): Promise<Outcome> {
  const { load, sources, pick } = world;
  const bars = new Bars();
  for (const kind of ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'] as const)
    await sources.fault(kind, { delayMs: 250, spreadMs: 100 });
  // So small batches that there are more calls than may be in flight.
  const program = await world.start({ env: { MAX_USER_REQUESTS: '0', SLICE_TTL: '10m', SOURCE_BATCH: '1' } });
  await sources.forget();
  const job = { urls: program.urls, users: { first: 0, count: 300 }, rate: pick(100, 150) };
  const begin = performance.now();
  const result = await load.run({ ...job, seconds: pick(4, 10) });
  const counts = await sources.counts();
  const isWarm = await within(30_000, () => areAllFresh(load, { ...job, users: { first: 0, count: 50 } }));
  const warmAfter = Math.round(performance.now() - begin);
  bars.general(program, [result], [200, 503]);
  const inFlight = Math.max(...Object.values(counts).map((one) => one.maxInFlight));
  bars.hold(`${inFlight} calls at a time`, inFlight <= 32);
  bars.hold('not warm', isWarm !== null);
  const measured = `at most ${inFlight} calls to a source at a time; statuses ${JSON.stringify(statusesOf(result))}, ${JSON.stringify(result.states.LECTURE)}; warm after at most ${warmAfter} ms`;
  return { measured, failures: bars.failures };
}

/** Certificates of an authority of our own, and one that signed itself. */
async function certificates(folder: string) {
  const ssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await ssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=fault test');
  const make = async (name: string, host: string, days: string) => {
    await writeFile(join(folder, `${name}.ext`), `subjectAltName=DNS:${host}`);
    await ssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${host}`);
    await ssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      days,
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    );
    return read(name);
  };
  const read = async (name: string) => ({
    key: await readFile(join(folder, `${name}.key`), 'utf8'),
    cert: await readFile(join(folder, `${name}.pem`), 'utf8'),
  });
  await ssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'own.key',
    '-out',
    'own.pem',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
  );
  return {
    good: await make('good', 'localhost', '2'),
    expired: await make('expired', 'localhost', '-1'),
    'for another name': await make('other', 'other.test', '2'),
    'signed by itself': await read('own'),
  };
}

async function tls(world: FaultWorld): Promise<Outcome> {
  const bars = new Bars();
  const folder = await mkdtemp(join(tmpdir(), 'fault-tls-'));
  const seen: string[] = [];
  try {
    for (const [name, certificate] of Object.entries(await certificates(folder))) {
      const sources = await world.startSources(certificate);
      const env = { ...UNLIMITED, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
      // Only the calendar reads from it: the gateway is ready when all have answered it once.
      const gatewayEnv = { ATTENDANCE_URL: world.sources.urls.ATTENDANCE };
      const program: Program = await world.startOver(sources, { env, gatewayEnv });
      const result = await world.load.run({ urls: program.urls, workers: 1, requests: 2, users: USERS });
      const states = Object.keys(result.states.ATTENDANCE).join(', ');
      const { calls } = (await sources.counts()).ATTENDANCE;
      seen.push(`${name}: ${states}, ${calls} calls`);
      bars.general(program, [result]);
      const isRight = name === 'good' ? states === 'FRESH' : /^UNAVAILABLE UNREACHABLE/.test(states) && calls === 0;
      bars.hold(seen.at(-1) ?? '', isRight);
      await program.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { measured: seen.join('; '), failures: bars.failures };
}

/** Whole processes. */
export const PROCESSES: readonly Case[] = [
  {
    id: 'F14',
    what: 'a certificate that is expired, for another name, signed by itself; and one of a configured authority',
    bar: 'UNREACHABLE and no call; the last one works',
    mutant: { settings: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
    run: tls,
  },
  {
    id: 'F31',
    what: 'SIGTERM and a new start, each of two gateways and two calendars in turn, 20 rounds under load',
    bar: '0 of ≥ 10⁴ requests lost (a client tries the other gateway when it cannot connect); exit code 0 within 10 s',
    mutant: { file: 'src/http/server/drain.ts', from: 'const DRAIN_MS = 5_000;', to: 'const DRAIN_MS = 0;' },
    run: rolling,
  },
  {
    id: 'F32',
    what: 'SIGKILL of the calendar under load',
    bar: 'answered within 50 ms, each source UNAVAILABLE; FRESH ≤ 2 s after it is back',
    mutant: {
      file: 'src/gateway/graph/without-calendar.ts',
      from: 'return (reason !== null && (await unavailable(operation, reason, known))) || result;',
      to: 'return result;',
    },
    run: killed,
  },
  {
    id: 'F33',
    what: '40,000 distinct users over HTTP, a million at the caches',
    bar: 'caches within the limit; the heap grows by what they say and a tenth of the limit; evictions fail no read',
    mutant: { settings: { SLICE_CACHE_BYTES: '1GiB' } },
    run: manyUsers,
  },
  {
    id: 'F35',
    what: 'readers of one expired slice; many slices that expire at once',
    bar: 'one load of a slice in its lifetime; at most one call to a source for each of 50 readers',
    mutant: { settings: { SOURCE_BATCH: '10' } },
    run: expired,
  },
  {
    id: 'F37',
    what: 'a cold start at full rate',
    bar: 'at most 32 calls to a source at a time; the excess is 503 with Retry-After; warm ≤ 30 s',
    mutant: {
      file: 'src/http/client/guard.ts',
      from: 'inFlight = 32',
      to: 'inFlight = 3_200',
      also: { file: 'src/http/client/transport.ts', from: 'connections = 32', to: 'connections = 3_200' },
    },
    run: coldStart,
  },
];
