// The benchmark: `npm run bench`. Three contenders in one run on the same services and sample data:
// this project; stock Apollo servers with a calendar as in tutorials; and the bytes of the answer
// from memory, an upper bound. Numbers compare rows of one run, not machines. There are no pass
// marks. About three minutes.
import { freePort } from '../harness/free-port.ts';
import { answerOf, burst, load, type Measured, type Requests, type Server, startServer } from './load.ts';
import { printTable, shown } from './numbers.ts';

const FOR_MS = 8_000;
const STUDENTS = 200;
const COURSE = 'ern:lms:course/1';
const DAY_MS = 86_400_000;
const NOW = Date.now();
const OURS = 'ours';
const STOCK = 'stock Apollo, calendar as in the tutorials';

const PAGE = `query ($id: ID!, $from: DateTime!, $to: DateTime!, $maxAge: Int) {
  user(id: $id) { id calendar(from: $from, to: $to, maxAge: $maxAge) {
    completeness events { ern kind title startsAt endsAt course { ern title color } }
  } }
}`;
const ENROLL = 'mutation ($course: ERN!, $user: ID!) { enroll(course: $course, user: $user) { enrolled } }';

const names = ['PORT', 'CALENDAR_PORT', 'LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'];
const ports = async () =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])));
const settings = {
  ...(await ports()),
  HOST: '127.0.0.1',
  GRAPHIQL: 'false',
  FRESHNESS: 'none',
  INTERNAL_SECRET: 'a secret for benchmarks, thirty-two bytes at least',
  // Long enough for slow contenders: a benchmark of timeouts says nothing.
  ...{ MAX_USER_REQUESTS: '0', GATEWAY_TIMEOUT: '61s', CALENDAR_TIMEOUT: '60s', SOURCE_TIMEOUT: '60s' },
};
const own = async (): Promise<Record<string, string>> => {
  const { PORT = '', CALENDAR_PORT = '' } = await ports();
  return { ...settings, PORT, CALENDAR_PORT };
};

const servers: Server[] = [];
try {
  await compare();
} finally {
  for (const server of servers) server.stop();
}

async function compare(): Promise<void> {
  const start = async (role: string, given: Readonly<Record<string, string>>, body?: string) => {
    const server = await startServer(role, { settings: given, ...(body === undefined ? {} : { body }) });
    servers.push(server);
    return server;
  };
  const services = await start('services', settings);
  const [ours, cold, stock] = await Promise.all([
    start('ours', await own()),
    start('ours', await own()),
    start('stock', settings),
  ]);
  const [toOurs, toCold] = await Promise.all([requestsTo(ours), requestsTo(cold)]);
  await enrollAll(ours, toOurs.headers);
  const fixed = await start('static', settings, await answerOf(ours, toOurs));

  const hot = (server: Server, requests: Requests) => load(server, requests, 20, FOR_MS);
  const oneByOne = (server: Server, requests: Requests) => load(server, requests, 1, FOR_MS);
  // Everything compiled; of what is read cold below, nothing read yet but student-1's courses.
  await hot(cold, { ...toCold, body: () => page(0, { maxAge: 0, inDays: 60 }) });
  await hot(ours, toOurs);
  await load(stock, toOurs, 4, FOR_MS);
  await load(fixed, toOurs, 20, FOR_MS / 3);

  const bytes = Buffer.byteLength(await answerOf(ours, toOurs));
  print(`Hot page: one student's month (${shown(bytes / 1024)} KiB), again and again, 20 at a time`, [
    [OURS, await hot(ours, toOurs)],
    [STOCK, await hot(stock, toOurs)],
    ['the same bytes from memory (Fastify)', await hot(fixed, toOurs)],
  ]);
  const costs = [await services.cost()];
  const everybody = (requests: Requests) => ({ ...requests, body: (index: number) => page(index) });
  const ourBurst = await burst(cold, everybody(toCold), STUDENTS);
  costs.push(await services.cost());
  const stockBurst = await burst(stock, everybody(toOurs), STUDENTS);
  costs.push(await services.cost());
  print(`${STUDENTS} students of one course open their month at once, nothing read before`, [
    [OURS, ourBurst],
    [STOCK, stockBurst],
  ]);
  print('Cold page: each month read from the sources now (ours: maxAge 0), one at a time', [
    [OURS, await oneByOne(cold, { ...toCold, body: (index) => page(index, { maxAge: 0 }) })],
    [STOCK, await oneByOne(stock, everybody(toOurs))],
  ]);
  const [before = 0, between = 0, after = 0] = costs.map(({ cpuMs }) => cpuMs);
  console.log(`
The ${STUDENTS} at once were answered after ${shown(ourBurst.ms)} ms (ours) and ${shown(stockBurst.ms)} ms (stock); the services' own CPU for it: ${shown(between - before)} ms and ${shown(after - between)} ms.
CPU is of gateway and calendar together; requests/s are those answered rightly. Services on the embedded database. Node ${process.versions.node}.`);
}

/** Everybody takes the course: then they share it, besides what each shares with others. */
async function enrollAll(server: Server, headers: Requests['headers']): Promise<void> {
  const body = (index: number) =>
    JSON.stringify({ query: ENROLL, variables: { course: COURSE, user: `student-${index + 1}` } });
  const { failed } = await burst(server, { body, headers }, STUDENTS);
  if (failed > 0) throw new Error(`${failed} of ${STUDENTS} could not be enrolled`);
}

/** As an administrator, who may read everybody; student-1's page. */
async function requestsTo(server: Server): Promise<Requests> {
  const token = await (await fetch(new URL('/dev/token?user=admin-1', server.url))).text();
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return { headers, body: () => page(0) };
}

/** The nth student's month around today, or around another day. */
function page(index: number, { maxAge = null, inDays = 0 }: { maxAge?: 0 | null; inDays?: number } = {}): string {
  const at = (days: number) => new Date(NOW + (inDays + days) * DAY_MS).toISOString();
  const variables = { id: `student-${(index % STUDENTS) + 1}`, from: at(-15), to: at(15), maxAge };
  return JSON.stringify({ query: PAGE, variables });
}

function print(title: string, rows: readonly (readonly [name: string, measured: Measured])[]): void {
  console.log(`\n${title}\n`);
  const [, first] = rows[0] as (typeof rows)[number];
  const rate = ({ requests, ms }: Measured) => (requests / ms) * 1_000;
  const sent = ({ requests, failed }: Measured) => requests + failed;
  const cpu = (measured: Measured) => measured.cpuMs / sent(measured);
  printTable([
    ['contender', 'requests/s', 'ratio', 'CPU ms/request', 'ratio', 'source calls/request', 'failed'],
    ...rows.map(([name, measured]) => [
      name,
      shown(rate(measured)),
      `${shown(rate(measured) / rate(first))}×`,
      shown(cpu(measured)),
      `${shown(cpu(measured) / cpu(first))}×`,
      shown(measured.calls / sent(measured)),
      shown(measured.failed),
    ]),
  ]);
}
