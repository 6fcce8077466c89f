// The benchmark: `npm run bench`. Three contenders in one run on the same three services and sample data: ours; stock Apollo
// servers with a calendar as the tutorials write it; the bytes of the answer from memory, which nothing can beat.
// Numbers are for comparing rows of one run, not machines. No pass marks; about a minute.
import { freePort } from '../harness/free-port.ts';
import { answerOf, burst, load, type Measured, type Requests, type Server, startServer } from './load.ts';
import { printTable, shown } from './numbers.ts';

const FOR_MS = 3_000;
const STUDENTS = 200;
const COURSE = 'ern:lms:course/1';
const DAY_MS = 86_400_000;
const NOW = Date.now();
/** Copies are fresh for a second in the process for cold reading: whoever waits longer finds none. */
const SHORT = { SLICE_TTL: '1s', STALE_WHILE_REVALIDATE: '0s', STALE_IF_ERROR: '0s' };

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
  // Long enough for whoever is slow: a benchmark of time-outs says nothing.
  ...{ GATEWAY_TIMEOUT: '60s', CALENDAR_TIMEOUT: '60s', SOURCE_TIMEOUT: '60s' },
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
    start('ours', { ...(await own()), ...SHORT }),
    start('stock', settings),
  ]);
  const [toOurs, toCold] = await Promise.all([requestsTo(ours), requestsTo(cold)]);
  await enrollAll(ours, toOurs.headers);
  const fixed = await start('static', settings, await answerOf(ours, toOurs));

  const hot = (server: Server, requests: Requests) => load(server, requests, 20, FOR_MS);
  const oneByOne = (server: Server, requests: Requests) => load(server, requests, 1, FOR_MS);
  // Everything compiled, nothing read lately.
  await hot(cold, toCold);
  await hot(ours, toOurs);
  await load(stock, toOurs, 4, FOR_MS / 2);
  await load(fixed, toOurs, 20, FOR_MS / 4);

  const bytes = Buffer.byteLength(await answerOf(ours, toOurs));
  print(`Hot page: one student's month (${shown(bytes / 1024)} KiB), again and again, 20 at a time`, [
    ['ours', await hot(ours, toOurs)],
    ['stock Apollo, calendar as in the tutorials', await hot(stock, toOurs)],
    ['the same bytes from memory (Fastify)', await hot(fixed, toOurs)],
  ]);
  print('Cold page: each month read from the sources (ours: maxAge 0), one at a time', [
    ['ours', await oneByOne(cold, { ...toCold, body: (index) => page(index, 0) })],
    ['stock Apollo, calendar as in the tutorials', await oneByOne(stock, { ...toOurs, body: (index) => page(index) })],
  ]);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  const everybody = (index: number) => page(index);
  const servicesBefore = await services.cost();
  const ourBurst = await burst(cold, { ...toCold, body: everybody }, STUDENTS);
  const servicesBetween = await services.cost();
  const stockBurst = await burst(stock, { ...toOurs, body: everybody }, STUDENTS);
  const servicesAfter = await services.cost();
  print(`${STUDENTS} students of one course open their month at once, nothing read before`, [
    ['ours', ourBurst],
    ['stock Apollo, calendar as in the tutorials', stockBurst],
  ]);
  const [least, most] = [servicesBetween.cpuMs - servicesBefore.cpuMs, servicesAfter.cpuMs - servicesBetween.cpuMs];
  console.log(
    `\nAll ${STUDENTS} answered after ${shown(ourBurst.ms)} ms and ${shown(stockBurst.ms)} ms; the services' own CPU for it: ${shown(least)} ms and ${shown(most)} ms.`,
  );
  console.log(
    `CPU is of gateway and calendar together. Services on the embedded database. Node ${process.versions.node}.`,
  );
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

/** The nth student's month around today. */
function page(index: number, maxAge: number | null = null): string {
  const at = (days: number) => new Date(NOW + days * DAY_MS).toISOString();
  const variables = { id: `student-${(index % STUDENTS) + 1}`, from: at(-15), to: at(15), maxAge };
  return JSON.stringify({ query: PAGE, variables });
}

function print(title: string, rows: readonly (readonly [name: string, measured: Measured])[]): void {
  console.log(`\n${title}\n`);
  const [, first] = rows[0] as (typeof rows)[number];
  const rate = ({ requests, ms }: Measured) => (requests / ms) * 1_000;
  const cpu = ({ cpuMs, requests }: Measured) => cpuMs / requests;
  printTable([
    ['contender', 'requests/s', 'ratio', 'CPU ms/request', 'ratio', 'source calls/request', 'failed'],
    ...rows.map(([name, measured]) => [
      name,
      shown(rate(measured)),
      `${shown(rate(measured) / rate(first))}×`,
      shown(cpu(measured)),
      `${shown(cpu(measured) / cpu(first))}×`,
      shown(measured.calls / measured.requests),
      shown(measured.failed),
    ]),
  ]);
}
