// The contenders of the benchmark: every one over the same services on PostgreSQL, each of its
// processes a process of its own, all asked for the same month of the same student.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../harness/free-port.ts';
import { answerOf, type Requests, type Server, startServer } from './load.ts';
import type { WrkRequest } from './wrk.ts';

/** What is compared. */
export interface Contender {
  readonly name: string;
  readonly request: WrkRequest;
  /** Its processes by name, without services and PostgreSQL, which all share. */
  readonly processes: Readonly<Record<string, Server>>;
}

/** All of them, and the services that they share. */
export interface Field {
  readonly contenders: readonly Contender[];
  readonly services: Server;
  /** Bytes of the answer. */
  readonly bytes: number;
}

type Settings = Readonly<Record<string, string>>;

const DAY_MS = 86_400_000;
const FIELDS = 'completeness events { ern kind title startsAt endsAt course { ern title color } }';
/** `more`: `now` makes an answer that is not stored. */
const pageOf = (more: string) => `query ($from: DateTime!, $to: DateTime!, $maxAge: Int) {
  viewer { id calendar(from: $from, to: $to, maxAge: $maxAge) { ${more} ${FIELDS} } } }`;
/** For calendars that know no maxAge, and no viewer. */
const COPIED_PAGE = `query ($from: DateTime!, $to: DateTime!) { viewer { id calendar(from: $from, to: $to) { ${FIELDS} } } }`;
const STOCK_PAGE = `query ($id: ID!, $from: DateTime!, $to: DateTime!) { user(id: $id) { id calendar(from: $from, to: $to) { ${FIELDS} } } }`;

/** Starts everything; `started` hears of each process. `isWanted`: which contenders, by name. */
export async function startField(
  databaseUrl: string,
  started: (server: Server) => void,
  isWanted: (name: string) => boolean,
): Promise<Field> {
  const settings = await commonSettings(databaseUrl);
  const start = async (role: string, given: Settings = settings, body?: string) => {
    const server = await startServer(role, { settings: given, ...(body === undefined ? {} : { body }) });
    started(server);
    return server;
  };
  const services = await start('services');
  const calendar = await start('calendar');
  const gateway = await start('gateway', { ...settings, ...(await documentsSetting()) });
  const now = Date.now();
  const at = (days: number) => new Date(now + days * DAY_MS).toISOString();
  const variables = { from: at(-15), to: at(15) };
  const headers = await headersFor(gateway);
  const post = ({ url }: Server, query: string, more: object = {}): WrkRequest => ({
    url,
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables: { ...variables, ...more } }),
  });
  const hot = post(gateway, pageOf(''));
  const text = await answerOf(gateway, { headers, body: () => hot.body ?? '' });
  const get = await conditionalGet(gateway, headers.authorization, variables);
  const fixed = await start('static', settings, text);
  const ours = { gateway, calendar };
  const contenders: Contender[] = [
    { name: 'static bytes (Fastify)', request: { ...hot, url: fixed.url }, processes: { static: fixed } },
    { name: 'ours, hot', request: hot, processes: ours },
    {
      name: 'static 304',
      request: {
        ...get,
        url: fixed.url + new URL(get.url).search,
        headers: { ...get.headers, 'if-none-match': '"1"' },
      },
      processes: { static: fixed },
    },
    { name: 'ours, 304', request: get, processes: ours },
    { name: 'ours, slices warm, not stored', request: post(gateway, pageOf('now')), processes: ours },
    { name: 'ours, cold (maxAge: 0)', request: post(gateway, pageOf(''), { maxAge: 0 }), processes: ours },
    ...(await stockContenders(start, (server) => post(server, STOCK_PAGE, { id: 'student-1' }))),
    ...(await hiveContenders(start, calendar, (server) => post(server, pageOf('')))),
    await syncedContender(start, settings, (server) => post(server, COPIED_PAGE)),
  ];
  const wanted = contenders.filter(({ name }) => isWanted(name));
  return { contenders: wanted, services, bytes: Buffer.byteLength(text) };
}

type Start = (role: string, settings?: Settings) => Promise<Server>;
type Ask = (server: Server) => WrkRequest;

async function stockContenders(start: Start, ask: Ask): Promise<Contender[]> {
  const [stock, cached] = [await start('stock'), await start('stock-cached')];
  return [
    { name: 'stock Apollo, calendar as in the tutorials', request: ask(stock), processes: { both: stock } },
    { name: 'the same, never reading again', request: ask(cached), processes: { both: cached } },
  ];
}

async function hiveContenders(start: Start, calendar: Server, ask: Ask): Promise<Contender[]> {
  const [hive, cached] = [await start('hive'), await start('hive-cached')];
  return [
    { name: 'Hive Gateway over our calendar', request: ask(hive), processes: { gateway: hive, calendar } },
    { name: 'the same, with its response cache', request: ask(cached), processes: { gateway: cached, calendar } },
  ];
}

/** Our gateway, without stored answers, over a copied table; its own ports. */
async function syncedContender(start: Start, settings: Settings, ask: Ask): Promise<Contender> {
  const [PORT, CALENDAR_PORT] = [String(await freePort()), String(await freePort())];
  const own = { ...settings, PORT, CALENDAR_PORT, RESPONSE_CACHE_BYTES: '0B' };
  const calendar = await start('synced', own);
  const gateway = await start('gateway', own);
  const request = { ...ask(gateway), headers: await headersFor(gateway) };
  return { name: 'a synced table in PostgreSQL, our gateway', request, processes: { gateway, calendar } };
}

/** Student-1's token; each gateway has keys of its own. */
async function headersFor({ url }: Server) {
  const token = await (await fetch(new URL('/dev/token?user=student-1', url))).text();
  return { 'content-type': 'application/json', authorization: `Bearer ${token}` };
}

async function commonSettings(databaseUrl: string): Promise<Settings> {
  const names = ['PORT', 'CALENDAR_PORT', 'LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'];
  const ports = await Promise.all(names.map(async (name) => [name, String(await freePort())]));
  return {
    ...(Object.fromEntries(ports) as Record<string, string>),
    ...{ HOST: '127.0.0.1', GRAPHIQL: 'false', FRESHNESS: 'poll', DATABASE_URL: databaseUrl, SAMPLE_DATA: 'true' },
    INTERNAL_SECRET: 'a secret for benchmarks, thirty-two bytes at least',
    // Long enough for slow contenders: a benchmark of timeouts says nothing.
    ...{ MAX_USER_REQUESTS: '0', GATEWAY_TIMEOUT: '61s', CALENDAR_TIMEOUT: '60s', SOURCE_TIMEOUT: '60s' },
  };
}

/** A file with the page as a persisted document, for GET. */
async function documentsSetting(): Promise<Settings> {
  const file = join(await mkdtemp(join(tmpdir(), 'bench-')), 'documents.json');
  await writeFile(file, JSON.stringify({ page: pageOf('') }));
  return { PERSISTED_DOCUMENTS: file };
}

/** A GET that names the answer it was given before. */
async function conditionalGet(
  server: Server,
  authorization: Requests['headers'][string],
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
