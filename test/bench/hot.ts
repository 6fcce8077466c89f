// The benchmark of answers that are asked again: `npm run bench:hot`. Every server is a process of
// its own, the load comes from wrk, and the contenders take turns in every round, so that what the
// machine does besides meets all of them. It prints ratios with their spread, and no pass marks.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../harness/free-port.ts';
import { answerOf, type Requests, type Server, startServer } from './load.ts';
import { printTable, quantile, shown } from './numbers.ts';
import { hasWrk, type WrkRequest, type WrkResult, wrk } from './wrk.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = 3;
/** Enough that neither the gateway nor the calendar waits for the other's answers. */
const CONNECTIONS = 64;
/** As many as the sample data has. */
const USERS = 8;
const DAY_MS = 86_400_000;
const NOW = Date.now();

/** The fields of a month, as a page shows them. `now` makes an answer that cannot be stored. */
const page = (more: string) => `query ($from: DateTime!, $to: DateTime!) { viewer { id calendar(from: $from, to: $to) {
  ${more} completeness events { id ern kind title startsAt endsAt phase completion course { ern title color } }
} } }`;
/** The same month as the stock calendar knows it: without what depends on the user and the time. */
const STOCK_PAGE = `query ($id: ID!, $from: DateTime!, $to: DateTime!) { user(id: $id) { id calendar(from: $from, to: $to) {
  completeness events { ern kind title startsAt endsAt course { ern title color } }
} } }`;

if (!(await hasWrk())) throw new Error('Expected wrk in PATH or in WRK (Debian: apt-get install wrk).');

const servers: Server[] = [];
try {
  await compare();
} finally {
  for (const server of servers) server.stop();
}

interface Contender {
  readonly name: string;
  readonly request: WrkRequest;
  readonly processes: readonly Server[];
  readonly results: (WrkResult & { readonly cpuMs: number })[];
}

async function compare(): Promise<void> {
  const settings = await commonSettings();
  const start = async (role: string, given: Readonly<Record<string, string>>, body?: string) => {
    const server = await startServer(role, { settings: given, ...(body === undefined ? {} : { body }) });
    servers.push(server);
    return server;
  };
  await start('services', settings);
  const calendar = await start('calendar', settings);
  const documents = await start('gateway', { ...settings, ...(await documentsSetting()) });
  const headers = await headersFor(documents, 'student-1');
  const stock = await start('stock', settings);
  const at = (days: number) => new Date(NOW + days * DAY_MS).toISOString();
  const variables = { from: at(-15), to: at(15) };
  const post = (server: Server, query: string, more: object = {}, sent = headers): WrkRequest => ({
    url: server.url,
    method: 'POST',
    headers: sent,
    body: JSON.stringify({ query, variables: { ...variables, ...more } }),
  });
  const hot = post(documents, page(''));
  const text = await answerOf(documents, asRequests(hot));
  const fixed = await start('static', settings, text);
  const others = await Promise.all(Array.from({ length: USERS }, (_, n) => headersFor(documents, `student-${n + 1}`)));
  const many = { ...hot, turns: others.map((sent) => ({ headers: sent })) };
  const get = await conditionalGet(documents, headers, variables);
  const contenders: Contender[] = [
    { name: 'static bytes (Fastify)', request: { ...hot, url: fixed.url }, processes: [fixed], results: [] },
    { name: 'ours, hot', request: hot, processes: [documents, calendar], results: [] },
    { name: `ours, hot, ${USERS} students in turn`, request: many, processes: [documents, calendar], results: [] },
    {
      name: 'static 304',
      request: { ...get, url: fixed.url, headers: { 'if-none-match': '"1"' } },
      processes: [fixed],
      results: [],
    },
    { name: 'ours, 304', request: get, processes: [documents, calendar], results: [] },
    {
      name: 'ours, slices warm, not stored',
      request: post(documents, page('now')),
      processes: [documents, calendar],
      results: [],
    },
    {
      name: 'stock Apollo, calendar as in the tutorials',
      request: post(stock, STOCK_PAGE, { id: 'student-1' }),
      processes: [stock],
      results: [],
    },
  ];
  for (const { request } of contenders) await wrk(request, { seconds: 2, connections: CONNECTIONS });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { request, processes, results } of contenders) {
      const cpu = async () =>
        (await Promise.all(processes.map((one) => one.cost()))).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
      const before = await cpu();
      const result = await wrk(request, { seconds: SECONDS, connections: CONNECTIONS });
      results.push({ ...result, cpuMs: (await cpu()) - before });
    }
  }
  report(contenders, Buffer.byteLength(text));
}

/** Medians, and least and most of each ratio to the first row in the same round. */
function report(contenders: readonly Contender[], bytes: number): void {
  const [first] = contenders as [Contender];
  const events = `${shown(bytes / 1024)} KiB`;
  console.log(
    `\nOne student's month (${events}), again and again, ${CONNECTIONS} connections, medians of ${ROUNDS} rounds\n`,
  );
  printTable([
    ['contender', 'requests/s', 'of static bytes (least to most)', 'CPU ms/request', 'p50 ms', 'p99 ms', 'failed'],
    ...contenders.map(({ name, results }) => {
      const median = (value: (one: Contender['results'][number]) => number) => quantile(results.map(value), 0.5);
      const ratios = results.map((one, round) => one.perSecond / (first.results[round]?.perSecond ?? Number.NaN));
      return [
        name,
        shown(median((one) => one.perSecond)),
        `${shown(quantile(ratios, 0.5))} (${shown(Math.min(...ratios))} to ${shown(Math.max(...ratios))})`,
        shown(median((one) => one.cpuMs / one.requests)),
        shown(median((one) => one.p50)),
        shown(median((one) => one.p99)),
        shown(results.reduce((sum, { failed }) => sum + failed, 0)),
      ];
    }),
  ]);
  console.log(`\nCPU is of all the contender's processes together, without services. Node ${process.versions.node}.`);
}

async function commonSettings(): Promise<Record<string, string>> {
  const names = ['PORT', 'CALENDAR_PORT', 'LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'];
  const ports = await Promise.all(names.map(async (name) => [name, String(await freePort())]));
  return {
    ...(Object.fromEntries(ports) as Record<string, string>),
    HOST: '127.0.0.1',
    GRAPHIQL: 'false',
    FRESHNESS: 'poll',
    INTERNAL_SECRET: 'a secret for benchmarks, thirty-two bytes at least',
    ...{ MAX_USER_REQUESTS: '0', GATEWAY_TIMEOUT: '61s', CALENDAR_TIMEOUT: '60s', SOURCE_TIMEOUT: '60s' },
  };
}

/** A file with the page as a persisted document, for GET. */
async function documentsSetting(): Promise<Record<string, string>> {
  const file = join(await mkdtemp(join(tmpdir(), 'bench-')), 'documents.json');
  await writeFile(file, JSON.stringify({ page: page('') }));
  return { PERSISTED_DOCUMENTS: file };
}

async function headersFor(server: Server, user: string): Promise<Requests['headers']> {
  const token = await (await fetch(new URL(`/dev/token?user=${user}`, server.url))).text();
  return { 'content-type': 'application/json', authorization: `Bearer ${token}` };
}

function asRequests({ headers, body = '' }: WrkRequest): Requests {
  return { headers, body: () => body };
}

/** A GET that names the answer it was given before. */
async function conditionalGet(
  server: Server,
  { authorization = '' }: Requests['headers'],
  variables: object,
): Promise<WrkRequest> {
  const url = new URL(server.url);
  url.searchParams.set('documentId', 'page');
  url.searchParams.set('variables', JSON.stringify(variables));
  const answer = await fetch(url, { headers: { authorization, 'accept-encoding': 'identity' } });
  await answer.arrayBuffer();
  const headers = { authorization, 'if-none-match': answer.headers.get('etag') ?? '' };
  return { url: url.href, method: 'GET', headers };
}
