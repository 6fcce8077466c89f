// The gateway and the calendar as processes in the production profile, over the sources of
// sources.ts: started, ended, killed, started again at the same address, and looked into.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startBehindOne } from '../harness/balancer.ts';
import { freePort } from '../harness/free-port.ts';
import type { Sources } from './children.ts';
import { ISSUER } from './identity.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SECRETS = {
  INTERNAL_SECRET: 'the internal secret of the fault tests, 32 bytes',
  SUBSCRIPTION_SECRET: 'the key of subscriptions of the fault tests',
};
/** A process that has not ended after this is killed, and its exit code is null. */
const MAX_END_MS = 15_000;
const MAX_START_MS = 60_000;
const OUTPUT_KEPT = 200_000;
/** What a process writes when something happened that nobody expected. */
const UNEXPECTED = /unhandled|uncaught|MaxListenersExceeded|"level":(?:50|60)/i;

/** Settings by name. */
export type Env = Readonly<Record<string, string>>;

/** One process. */
export interface Part {
  readonly name: string;
  /** Without a path. */
  readonly url: string;
  readonly pid: () => number;
  /** Starts it; resolves when it is ready. */
  start(): Promise<void>;
  /** Sends the signal and waits for the end: the exit code, and milliseconds. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly ms: number }>;
  /** Whether it runs. */
  isUp(): boolean;
  /** Values of GET /metrics by name with labels. */
  metrics(): Promise<ReadonlyMap<string, number>>;
  /** Of its main thread since its start: how long it has run, and waited for a processor. Linux. */
  processor(): { readonly ranMs: number; readonly waitedMs: number };
  /** Open sockets, those that listen included. */
  sockets(): number;
  /** All that it wrote. */
  output(): string;
  /** Lines that nobody expects. */
  unexpected(): readonly string[];
}

/** What runs. */
export interface Program {
  readonly sources: Sources;
  readonly gateways: readonly Part[];
  readonly calendars: readonly Part[];
  readonly parts: readonly Part[];
  /** The gateways' addresses. */
  readonly urls: readonly string[];
  close(): Promise<void>;
}

/** How much of it, and its settings. */
export interface ProgramOptions {
  readonly sources: Sources;
  readonly gateways?: number;
  readonly calendars?: number;
  /** For all parts, after those of each role. */
  readonly env?: Env;
  readonly gatewayEnv?: Env;
  readonly calendarEnv?: Env;
  /** The folder with the source. Default: this project's. */
  readonly root?: string;
}

/** Starts it; resolves when all are ready. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { sources, env = {}, gatewayEnv = {}, calendarEnv = {}, root = ROOT } = options;
  const urls = sources.urls;
  const common = {
    ...ISSUER,
    ...SECRETS,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PUBLIC_URL: 'http://localhost:4000',
    JWKS_URL: sources.jwksUrl,
    LECTURE_URL: urls.LECTURE,
    ATTENDANCE_URL: urls.ATTENDANCE,
    ASSIGNMENT_URL: urls.ASSIGNMENT,
    FRESHNESS: 'none',
  };
  const many = (count: number, make: () => Promise<Part>) => Promise.all(Array.from({ length: count }, make));
  const calendars = await many(options.calendars ?? 1, () =>
    createPart(root, 'calendar', 'CALENDAR_PORT', { ...common, ...calendarEnv, ...env }),
  );
  await Promise.all(calendars.map((part) => part.start()));
  const front = await startBehindOne(calendars.map((part) => `${part.url}/graphql`));
  const gateways = await many(options.gateways ?? 1, () =>
    createPart(root, 'gateway', 'PORT', { ...common, CALENDAR_URL: front.url, ...gatewayEnv, ...env }),
  );
  await Promise.all(gateways.map((part) => part.start()));
  const parts = [...gateways, ...calendars];
  return {
    sources,
    gateways,
    calendars,
    parts,
    urls: gateways.map((part) => part.url),
    async close() {
      for (const part of parts) if (part.isUp()) await part.end('SIGTERM');
      await front.close();
    },
  };
}

async function createPart(
  root: string,
  role: 'gateway' | 'calendar',
  port: 'PORT' | 'CALENDAR_PORT',
  settings: Env,
): Promise<Part> {
  const [own, metricsPort] = [await freePort(), await freePort()];
  const env = { PATH: process.env.PATH, ...settings, [port]: String(own), METRICS_PORT: String(metricsPort) };
  const url = `http://127.0.0.1:${own}`;
  let child: ChildProcess | undefined;
  let output = '';
  const isUp = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const start = async () => {
    const started = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', role], { cwd: root, env });
    child = started;
    process.once('exit', () => started.kill('SIGKILL'));
    let own = '';
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (data) => {
        own += String(data);
        output = (output + String(data)).slice(-OUTPUT_KEPT);
      });
    }
    const giveUpAt = performance.now() + MAX_START_MS;
    while (!own.includes('Ready.') || (await statusOf(`${url}/readyz`)) !== 200) {
      if (!isUp()) throw new Error(`${role} has ended: ${own}`);
      if (performance.now() > giveUpAt) throw new Error(`${role} is not ready after ${MAX_START_MS} ms: ${own}`);
      await sleep(20);
    }
  };
  return {
    name: role,
    url,
    pid: () => child?.pid ?? 0,
    start,
    async end(signal) {
      const begin = performance.now();
      const ended = child as ChildProcess;
      const exit = once(ended, 'exit');
      ended.kill(signal);
      const killing = setTimeout(() => ended.kill('SIGKILL'), MAX_END_MS);
      await exit;
      clearTimeout(killing);
      return { code: ended.exitCode, ms: performance.now() - begin };
    },
    isUp,
    metrics: async () => parseMetrics(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()),
    processor() {
      if (!isUp()) return { ranMs: 0, waitedMs: 0 };
      const [ran = 0, waited = 0] = readFileSync(`/proc/${child?.pid}/schedstat`, 'utf8').split(' ').map(Number);
      return { ranMs: ran / 1e6, waitedMs: waited / 1e6 };
    },
    sockets: () => socketsOf(child?.pid ?? 0),
    output: () => output,
    unexpected: () => output.split('\n').filter((line) => UNEXPECTED.test(line)),
  };
}

/** The status of a GET; 0 without an answer. */
export async function statusOf(url: string): Promise<number> {
  return fetch(url).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    },
    () => 0,
  );
}

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
}

function parseMetrics(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}
