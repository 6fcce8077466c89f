// The benchmark of calendar subscriptions: `npm run bench:subscription`. 1,000 addresses (200
// students of the sample data, five forms each): right after the start, at once, and polled while
// nothing changes; with My Page beside. `TTL=2s` shows polls after everything has expired. Gateway
// and calendar are processes of their own.
import { Agent, request } from 'undici';
import { freePort } from '../harness/free-port.ts';
import { type Server, startServer } from './load.ts';
import { printTable, quantile, shown } from './numbers.ts';

const STUDENTS = 200;
const FORMS = [
  '',
  '?todo=1',
  '?kinds=lecture,attendance,assignment',
  '?kinds=lecture,attendance,assignment&todo=1',
  '?kinds=lecture,assignment',
];
/** Every address is asked once in this time, when clients poll. */
const POLL_S = 15 * 60;
const DAY_MS = 86_400_000;
const dispatcher = new Agent();
const servers: Server[] = [];

try {
  await compare();
} finally {
  for (const server of servers) server.stop();
  await dispatcher.destroy();
}

/** One answer: milliseconds until its last byte. */
interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly bytes: number;
  readonly etag: string;
  readonly isHit: boolean;
}

async function compare(): Promise<void> {
  const settings = await commonSettings();
  const start = async (role: string) => {
    const server = await startServer(role, { settings });
    servers.push(server);
    return server;
  };
  await start('services');
  const [calendar, gateway] = [await start('calendar'), await start('gateway')];
  const cpu = async () => {
    const costs = await Promise.all([calendar.cost(), gateway.cost()]);
    return costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  };
  const users = Array.from({ length: STUDENTS }, (_, index) => `student-${index + 1}`);
  const addresses: string[] = [];
  for (const user of users) addresses.push(await addressOf(gateway, user));
  const urls = FORMS.flatMap((form) => addresses.map((address) => address + form));
  const rows: string[][] = [];
  const measure = async (name: string, work: () => Promise<Answer[]>) => {
    const [before, startedAt] = [await cpu(), performance.now()];
    const answers = await work();
    const seconds = (performance.now() - startedAt) / 1_000;
    const perRequest = ((await cpu()) - before) / answers.length;
    rows.push(rowOf(name, answers, seconds, perRequest));
    return answers;
  };
  const atOnce = (all: readonly string[], headers = {}) => Promise.all(all.map((url) => get(url, headers)));
  const page = await pageOf(gateway, 'student-1');
  await measure('40 right after the start', () => atOnce(urls.slice(0, 40)));
  await measure('1,000 at once, 960 never read', () => atOnce(urls));
  const known = await measure('1,000 at once, all read before', () => atOnce(urls));
  await measure('My Page alone', () => pages(page, 10_000));
  let isOver = false;
  const load = (async () => {
    while (!isOver) await atOnce(urls, { 'accept-encoding': 'gzip' });
  })();
  await measure('My Page beside 1,000 at once, again and again', () => pages(page, 10_000));
  isOver = true;
  await load;
  await measure('polled, nothing changed: 304', () =>
    paced(urls, (url, index) => get(url, { 'if-none-match': known[index]?.etag ?? '' })),
  );
  await measure('polled without ETag: 200, gzip', () => paced(urls, (url) => get(url, { 'accept-encoding': 'gzip' })));
  await measure('polled without ETag: 200, plain', () => paced(urls, (url) => get(url)));
  console.log('');
  printTable([
    [
      'requests',
      'answers',
      'seconds',
      'p50 ms',
      'p99 ms',
      'bytes',
      'CPU ms/request',
      `of a core, 1,000 in ${POLL_S} s`,
    ],
    ...rows,
  ]);
  console.log(`\nCPU is of gateway and calendar together. One run. Node ${process.versions.node}.`);
}

function rowOf(name: string, answers: readonly Answer[], seconds: number, cpuMs: number): string[] {
  const statuses = new Map<number, number>();
  for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const times = answers.map(({ ms }) => ms);
  return [
    name,
    [...statuses].map(([status, count]) => `${count} × ${status}`).join(', '),
    shown(seconds),
    shown(quantile(times, 0.5)),
    shown(quantile(times, 0.99)),
    String(answers.filter((one) => one.isHit).length),
    shown(
      quantile(
        answers.map(({ bytes }) => bytes),
        0.5,
      ),
    ),
    shown(cpuMs),
    `${shown(((cpuMs * 1_000) / (POLL_S * 1_000)) * 100)} %`,
  ];
}

/** Each address once, 50 a second. */
async function paced(urls: readonly string[], ask: (url: string, index: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  for (const [index, url] of urls.entries()) {
    answers.push(ask(url, index));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Promise.all(answers);
}

/** A student's month, ten times a second. */
async function pages(ask: () => Promise<Answer>, forMs: number): Promise<Answer[]> {
  const end = performance.now() + forMs;
  const answers: Promise<Answer>[] = [];
  while (performance.now() < end) {
    answers.push(ask());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return Promise.all(answers);
}

async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const startedAt = performance.now();
  const { statusCode: status, headers: answered, body } = await request(url, { headers, dispatcher });
  const bytes = (await body.arrayBuffer()).byteLength;
  return { status, ms: performance.now() - startedAt, bytes, etag: String(answered.etag), isHit: isHit(answered) };
}

function isHit(headers: Readonly<Record<string, unknown>>): boolean {
  return /; hit$/.test(String(headers['cache-status']));
}

async function askAs(server: Server, user: string) {
  const token = await (await fetch(new URL(`/dev/token?user=${user}`, server.url))).text();
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return (query: string, variables = {}) =>
    request(server.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }), dispatcher });
}

async function addressOf(server: Server, user: string): Promise<string> {
  const ask = await askAs(server, user);
  const { body } = await ask('{ viewer { calendarSubscription { url } } }');
  const { data } = (await body.json()) as { data: { viewer: { calendarSubscription: { url: string } } } };
  return new URL(new URL(data.viewer.calendarSubscription.url).pathname, server.url).href;
}

async function pageOf(server: Server, user: string): Promise<() => Promise<Answer>> {
  const ask = await askAs(server, user);
  const query = `query ($from: DateTime!, $to: DateTime!) { viewer { id calendar(from: $from, to: $to) {
    completeness events { id ern kind title startsAt endsAt phase completion course { ern title color } }
  } } }`;
  const at = (days: number) => new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + days * DAY_MS).toISOString();
  return async () => {
    const startedAt = performance.now();
    const { statusCode: status, headers, body } = await ask(query, { from: at(-15), to: at(15) });
    const bytes = (await body.arrayBuffer()).byteLength;
    return { status, ms: performance.now() - startedAt, bytes, etag: '', isHit: isHit(headers) };
  };
}

async function commonSettings(): Promise<Record<string, string>> {
  const names = ['PORT', 'CALENDAR_PORT', 'LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'];
  const ports = await Promise.all(names.map(async (name) => [name, String(await freePort())]));
  return {
    ...(Object.fromEntries(ports) as Record<string, string>),
    HOST: '127.0.0.1',
    GRAPHIQL: 'false',
    FRESHNESS: 'poll',
    MAX_USER_REQUESTS: '0',
    // Short ones show polls after everything has expired, as after 15 minutes.
    ...(process.env.TTL === undefined
      ? {}
      : { SLICE_TTL: process.env.TTL, SLICE_TTL_LIVE: process.env.TTL, STALE_WHILE_REVALIDATE: '1ms' }),
    INTERNAL_SECRET: 'a secret for benchmarks, thirty-two bytes at least',
  };
}
