// What somebody who wants to stop the gateway or see more than they may would send.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Bars,
  type Case,
  type FaultWorld,
  isBaseline,
  loopDelayOf,
  memoryOf,
  type Outcome,
  statusesOf,
  timesOf,
  within,
} from './case.ts';
import { type Part, type Program, statusOf } from './program.ts';
import { windowOf } from './world.ts';

const USERS = { first: 0, count: 50 };
const HANG_MS = 5_000;
/** A busy machine is late by so much without any junk. */
const ROOM_MS = 100;
/** How long the gateway's main thread may run for one refusal, in milliseconds. */
const CPU_MS = 30;
const MAX_ANSWER = 64 * 1024;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** Sends a body as a user; status 0 if there is no answer in 5 s. */
async function post(
  world: FaultWorld,
  { urls }: Program,
  body: string,
  headers: Record<string, string> = {},
  user = 'user-1',
): Promise<Answer> {
  const authorization = `Bearer ${await world.tokenOf(user)}`;
  try {
    const answer = await fetch(`${urls[0]}/graphql`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(HANG_MS),
    });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  } catch {
    return { status: 0, text: '', headers: new Headers() };
  }
}

const document = (query: string, variables?: object) => JSON.stringify({ query, variables });

/** Each must be refused with 400, with at most 10 errors in at most 64 KB, and cheaply. */
async function refused(world: FaultWorld, bodies: Readonly<Record<string, string>>): Promise<Outcome> {
  const bars = new Bars();
  const program = await world.start();
  const gateway = program.gateways[0] as Part;
  // Compiled before it is measured.
  for (const body of Object.values(bodies)) if ((await post(world, program, body)).status === 0) break;
  let dearest = { name: '', ms: 0 };
  for (const [name, body] of Object.entries(bodies)) {
    const before = gateway.processor().ranMs;
    const { status, text } = await post(world, program, body);
    bars.hold(`${name}: status ${status} ${text.slice(0, 200)}`, status === 400);
    if (status === 0) break;
    const ms = gateway.processor().ranMs - before;
    if (ms > dearest.ms) dearest = { name, ms };
    const { errors = [] } = JSON.parse(text) as { errors?: object[] };
    bars.hold(`${name}: ${errors.length} errors`, errors.length <= 10 && errors.length > 0);
    bars.hold(`${name}: an answer of ${text.length} characters`, text.length <= MAX_ANSWER);
    bars.hold(`${name}: suggests a name`, !text.includes('Did you mean'));
  }
  bars.hold(`${dearest.name} took ${Math.round(dearest.ms)} ms`, dearest.ms <= CPU_MS);
  bars.general(program, []);
  const count = Object.keys(bodies).length;
  return {
    measured: `${count} of ${count} are 400; the dearest, ${dearest.name}, took ${Math.round(dearest.ms)} ms of the main thread`,
    failures: bars.failures,
  };
}

const CALENDAR = 'calendar(from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z"';
const nested = (levels: number, value: string) => '['.repeat(levels) + value + ']'.repeat(levels);
const objects = (levels: number) => `${'{a:'.repeat(levels)}1${'}'.repeat(levels)}`;
const repeated = (count: number, of: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => of(index)).join(' ');

const LARGE: Readonly<Record<string, string>> = {
  '1001 tokens': document(`{ ${repeated(1_001, () => '__typename')} }`),
  '11 levels': document(`{ viewer { ${CALENDAR}) { events { ${'course { '.repeat(8)}ern${' }'.repeat(8)} } } } }`),
  '11 aliases': document(`{ viewer { ${repeated(11, (index) => `a${index}: id`)} } }`),
  '500 fields': document(`{ viewer { ${repeated(500, () => 'id')} } }`),
  '50 fragments': document(
    `{ viewer { ${repeated(50, (index) => `...f${index}`)} } } ${repeated(50, (index) => `fragment f${index} on User { id }`)}`,
  ),
  'a cycle of fragments': document('{ viewer { ...a } } fragment a on User { ...b } fragment b on User { ...a }'),
  'fragments that double': document(
    `{ viewer { ...f0 } } ${repeated(20, (index) => `fragment f${index} on User { ...f${index + 1} ...f${index + 1} }`)} fragment f20 on User { id }`,
  ),
};

const NESTED: Readonly<Record<string, string>> = Object.fromEntries(
  [20, 100, 400].flatMap((levels) => [
    [`${levels} levels for ERN`, document(`{ lecture(ern: ${nested(levels, '1')}) { title } }`)],
    [
      `${levels} levels for DateTime`,
      document(`{ viewer { calendar(from: ${nested(levels, '"x"')}, to: "x") { version } } }`),
    ],
    [
      `${levels} levels for a filter`,
      document(`{ viewer { ${CALENDAR}, filter: {courses: ${nested(levels, '"x"')}}) { version } } }`),
    ],
    [`${levels} levels of objects`, document(`{ viewer { ${CALENDAR}, filter: ${objects(levels)}) { version } } }`)],
    [`${levels} levels in a mutation`, document(`mutation { cancelLecture(ern: ${nested(levels, '1')}) }`)],
    [
      `${levels} levels in a variable`,
      `{"query":"query ($ern: ERN!) { lecture(ern: $ern) { title } }","variables":{"ern":${nested(levels, '1')}}}`,
    ],
    [
      `${levels} objects in a filter`,
      document(
        `{ viewer { ${CALENDAR}, filter: {${repeated(levels + 200, (index) => `a${index}: 1`)}}) { version } } }`,
      ),
    ],
  ]),
);

const MANY: Readonly<Record<string, string>> = {
  '31,000 bad values': document(
    `query ($kinds: [EventKind!]) { viewer { ${CALENDAR}, filter: {kinds: $kinds}) { version } } }`,
    { kinds: Array(31_000).fill(1) },
  ),
  '150 bad values': document(
    `query ($kinds: [EventKind!]) { viewer { ${CALENDAR}, filter: {kinds: $kinds}) { version } } }`,
    { kinds: Array(150).fill(1) },
  ),
  '20,000 levels in a scalar': `{"query":"query ($ern: ERN!) { lecture(ern: $ern) { title } }","variables":{"ern":${nested(20_000, '1')}}}`,
  '300 aliases of __typename': document(`{ ${repeated(300, (index) => `a${index}: __typename`)} }`),
  'a subscription': document('subscription { viewer { id } }'),
  '100 unknown fields': document(`{ viewer { ${repeated(100, (index) => `unknown${index}`)} } }`),
};

const INSIDE: Readonly<Record<string, string>> = {
  introspection: document('{ __schema { types { name } } }'),
  'a type by name': document('{ __type(name: "User") { name } }'),
  _service: document('{ _service { sdl } }'),
  _entities: document('{ _entities(representations: []) { __typename } }'),
  'a mistyped field': document('{ viewer { idd } }'),
  'a mistyped argument': document(`{ viewer { calendar(form: "x") { version } } }`),
};

async function hidden(world: FaultWorld): Promise<Outcome> {
  const outcome = await refused(world, INSIDE);
  const bars = new Bars();
  const program = await world.start();
  const asked = {
    'apollo-query-plan-experimental': '1',
    'apollo-federation-include-trace': 'ftv1',
    'x-deadline-ms': '0',
  };
  const { status, text } = await post(world, program, document('{ viewer { id } }'), asked);
  bars.hold(`headers for a plan and a trace: ${status} ${text}`, status === 200 && !text.includes('extensions'));
  return {
    measured: `${outcome.measured}; headers for a plan and a trace have no effect`,
    failures: [...outcome.failures, ...bars.failures],
  };
}

async function administrator(world: FaultWorld): Promise<Outcome> {
  const bars = new Bars();
  const program = await world.start();
  await world.tokenOf('admin-1', { roles: ['admin'], scope: 'calendar:read-any' });
  await world.tokenOf('admin-2', { roles: ['admin'] });
  const body = document(
    'query ($from: DateTime!, $to: DateTime!) { user(id: "user-7") { calendar(from: $from, to: $to) { events { title } } } }',
    windowOf(1),
  );
  const allowed = await post(world, program, body, {}, 'admin-1');
  const refusedTo = await post(world, program, body, {}, 'admin-2');
  bars.hold(
    `an administrator with the scope: ${allowed.text.slice(0, 200)}`,
    allowed.text.includes('of ern:lms:user/user-7'),
  );
  bars.hold(
    `one without: ${refusedTo.text.slice(0, 200)}`,
    refusedTo.text.includes('FORBIDDEN') && !refusedTo.text.includes('of ern'),
  );
  const lines = () =>
    (program.calendars[0] as Part)
      .output()
      .split('\n')
      .filter((line) => line.includes('"log":"audit"'));
  await within(2_000, async () => lines().length > 0);
  bars.hold(`audit lines: ${lines().join()}`, lines().length === 1 && lines()[0]?.includes('admin-1') === true);
  bars.hold('an audit line has titles', !lines().join().includes('lecture 1 of'));
  bars.general(program, []);
  return {
    measured: `allowed with the scope, FORBIDDEN without; ${lines().length} audit line`,
    failures: bars.failures,
  };
}

/** Opens a connection and sends the beginning of a request. */
async function open({ urls }: Program, text: string): Promise<Socket> {
  const { hostname, port } = new URL(urls[0] as string);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  socket.write(text);
  return socket;
}

/** The status line that comes back, and after how long the connection is closed. */
async function closingOf(socket: Socket, patienceMs: number): Promise<{ status: string; ms: number | null }> {
  let text = '';
  let isClosed = false;
  socket.on('data', (data) => (text += String(data)));
  socket.once('close', () => {
    isClosed = true;
  });
  const ms = await within(patienceMs, async () => isClosed);
  socket.destroy();
  return { status: /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 'none', ms };
}

async function largeAndSlow(world: FaultWorld): Promise<Outcome> {
  const { pick } = world;
  const bars = new Bars();
  const program = await world.start();
  const gateway = program.gateways[0] as Part;
  const token = await world.tokenOf('user-1');
  const head = (more: string) =>
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n${more}\r\n`;
  const seen: string[] = [];
  const expect = (what: string, got: string, wanted: string) => {
    seen.push(`${what} ${got}`);
    bars.hold(`${what}: ${got}`, got === wanted);
  };
  expect('129 KiB', String((await post(world, program, `{"query":"${'x'.repeat(129 * 1024)}"}`)).status), '413');
  expect(
    '49 MB announced',
    (await closingOf(await open(program, `${head('Content-Length: 49000000\r\n')}{`), 3_000)).status,
    '413',
  );
  const headers = await fetch(`${program.urls[0]}/livez`, { headers: { 'x-large': 'x'.repeat(17 * 1024) } });
  expect('17 KB of headers', String(headers.status), '431');
  const slow = await open(program, `${head('Content-Length: 1000\r\n')}{`);
  const drip = setInterval(() => slow.write('x'), 1_000);
  const { status, ms } = await closingOf(slow, 12_000);
  clearInterval(drip);
  expect(`1 byte a second, after ${ms} ms`, status, '408');
  bars.hold(`closed after ${ms} ms`, ms !== null && ms <= 10_000);
  const sockets = gateway.sockets();
  const count = pick(1_000, 9_000);
  const idle: Socket[] = [];
  for (let index = 0; index < count; index += 1) idle.push(await open(program, ''));
  const begin = performance.now();
  const health = await statusOf(`${program.urls[0]}/livez`);
  const healthMs = Math.round(performance.now() - begin);
  bars.hold(`/livez ${health} after ${healthMs} ms`, health === 200 && healthMs <= 500);
  const answered = await post(world, program, document('{ viewer { id } }'));
  bars.hold(`a request among them: ${answered.status}`, answered.status === 200);
  const back = await within(20_000, async () => isBaseline(gateway.sockets(), sockets));
  bars.hold(`g7: ${gateway.sockets()} sockets, ${sockets} before`, back !== null);
  for (const socket of idle) socket.destroy();
  bars.general(program, []);
  return {
    measured: `${seen.join(', ')}; ${count.toLocaleString('en')} idle sockets: /livez in ${healthMs} ms, all closed after ${back} ms`,
    failures: bars.failures,
  };
}

async function streams(world: FaultWorld): Promise<Outcome> {
  const { pick } = world;
  const bars = new Bars();
  const program = await world.start({ env: { MAX_USER_REQUESTS: '0' } });
  const gateway = program.gateways[0] as Part;
  const sockets = gateway.sockets();
  const count = pick(300, 1_000);
  const request = (token: string) => `GET /live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  // A token is verified once only: a new one for each client that leaves in between.
  for (let index = 0; index < count; index += 1) {
    const token = index % 3 === 0 ? 'user-live' : `user-live#${index}`;
    const socket = await open(program, request(await world.tokenOf(token)));
    if (index % 3 === 1) await sleep(0);
    if (index % 3 === 2) await Promise.race([once(socket, 'data'), sleep(100)]);
    socket.destroy();
  }
  const back = await within(20_000, async () => isBaseline(gateway.sockets(), sockets + 10));
  bars.hold(`g7: ${gateway.sockets()} sockets, ${sockets} before`, back !== null);
  const five = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const socket = await open(program, request(await world.tokenOf('user-live')));
      const [data] = (await Promise.race([once(socket, 'data'), sleep(3_000).then(() => ['no answer'])])) as [unknown];
      return { socket, status: /^HTTP\/1\.1 (\d+)/.exec(String(data))?.[1] ?? 'none' };
    }),
  );
  const statuses = five.map(({ status }) => status).toSorted();
  for (const { socket } of five) socket.destroy();
  bars.hold(`six streams of one user: ${statuses.join(', ')}`, statuses.join() === '200,200,200,200,200,429');
  bars.general(program, []);
  return {
    measured: `${count} clients left; then five of six streams of one user are open; sockets back after ${back} ms`,
    failures: bars.failures,
  };
}

/** So many answers, of about 500 KB each, are more than the system holds for a connection. */
const PIPELINED = 12;
const UNREAD = 50;

async function unread(world: FaultWorld): Promise<Outcome> {
  const bars = new Bars();
  // Nothing but the time to read is limited.
  const unlimited = { MAX_USER_REQUESTS: '0', MAX_LOOP_DELAY: '30s', MAX_IN_FLIGHT: '100000', GATEWAY_TIMEOUT: '60s' };
  const program = await world.start({ env: { ...unlimited, WRITE_TIMEOUT: '3s' } });
  const gateway = program.gateways[0] as Part;
  const fields = 'id ern kind title startsAt endsAt completion course { ern title } url';
  const body = document(
    `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to) { events { ${fields} } } } }`,
    windowOf(12),
  );
  const { text } = await post(world, program, body);
  const [sockets, memory] = [gateway.sockets(), await memoryOf(gateway)];
  const head = [
    'POST /graphql HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${await world.tokenOf('user-1')}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const request = `${head.join('\r\n')}\r\n\r\n${body}`;
  const clients: Socket[] = [];
  for (let index = 0; index < UNREAD; index += 1) {
    const socket = await open(program, request.repeat(PIPELINED));
    socket.pause();
    clients.push(socket);
    await sleep(60);
  }
  const isBack = async () => isBaseline(gateway.sockets(), sockets);
  let most = 0;
  const back = await within(40_000, async () => {
    most = Math.max(most, await memoryOf(gateway));
    return isBack();
  });
  bars.hold(`${gateway.sockets()} sockets, ${sockets} before`, back !== null);
  bars.hold(`memory ${Math.round(most - memory)} MiB more while they do not read`, most - memory <= 60);
  for (const socket of clients) socket.destroy();
  bars.general(program, []);
  const measured = `answers of ${Math.round(text.length / 1_024)} KiB: resident memory ${Math.round(memory)} MiB before, at most ${Math.round(most)} MiB; all closed after ${back} ms`;
  return { measured, failures: bars.failures };
}

async function junk(world: FaultWorld): Promise<Outcome> {
  const { load, junk: sender, pick } = world;
  const bars = new Bars();
  const program = await world.start({ env: { MAX_USER_REQUESTS: '0', MAX_LOOP_DELAY: '30s' } });
  const job = { urls: program.urls, users: USERS, rate: 40, seconds: pick(5, 15) };
  await load.run({ ...job, seconds: 4 });
  const calm = await load.run(job);
  await loopDelayOf(program.gateways[0] as Part);
  const [beside, refusedOnes] = await Promise.all([
    load.run(job),
    sender.run({
      urls: program.urls,
      users: { first: 10_000, count: 500 },
      rate: 300,
      seconds: pick(5, 15),
      forged: true,
    }),
  ]);
  const delay = await loopDelayOf(program.gateways[0] as Part);
  bars.general(program, [calm, beside]);
  bars.general(program, [refusedOnes], [401, 429]);
  const { 429: limited = 0 } = statusesOf(refusedOnes);
  bars.hold(`statuses of junk ${JSON.stringify(statusesOf(refusedOnes))}`, limited > refusedOnes.sent / 3);
  const [well, ill] = [timesOf(calm), timesOf(beside)];
  bars.hold(
    `p95 ${ill.p95} ms beside junk, ${well.p95} without`,
    ill.p95 <= Math.max(2 * well.p95, well.p95 + ROOM_MS),
  );
  return {
    measured: `junk ${JSON.stringify(statusesOf(refusedOnes))}; others p50 ${well.p50} → ${ill.p50}, p95 ${well.p95} → ${ill.p95}, p99 ${well.p99} → ${ill.p99} ms; loop delay p99 ${delay} ms`,
    failures: bars.failures,
  };
}

/** Against a gateway in the production profile. */
export const ATTACKS: readonly Case[] = [
  {
    id: 'A08',
    what: Object.keys(INSIDE).join(', '),
    bar: '400; no suggestions, plan or trace',
    mutant: { settings: { INTROSPECTION: 'true' } },
    run: hidden,
  },
  {
    id: 'A14',
    what: 'an administrator reads another user',
    bar: 'allowed with the scope, and an audit line',
    mutant: { settings: { AUDIT_READS: 'none' } },
    run: administrator,
  },
  {
    id: 'A15',
    what: Object.keys(LARGE).join(', '),
    bar: '400; ≤ 30 ms of the main thread',
    mutant: {
      settings: {
        MAX_TOKENS: '1000000',
        MAX_DEPTH: '1000000',
        MAX_ALIASES: '1000000',
        MAX_FIELDS: '1000000',
        MAX_FRAGMENTS: '1000000',
      },
    },
    run: (world) => refused(world, LARGE),
  },
  {
    id: 'A16',
    what: 'lists and objects of 20, 100 and 400 levels in arguments and variables, and wide ones',
    bar: '400; ≤ 30 ms of the main thread',
    mutant: { settings: { MAX_VALUE_DEPTH: '1000000', MAX_LIST: '1000000', MAX_TOKENS: '1000000' } },
    run: (world) => refused(world, NESTED),
  },
  {
    id: 'A18',
    what: 'bodies and headers that are too large or too slow; idle sockets',
    bar: '413, 431, 408 ≤ 10 s; health still answers',
    mutant: { settings: { REQUEST_TIMEOUT: '500h', MAX_BODY: '100MiB' } },
    run: largeAndSlow,
  },
  {
    id: 'A20',
    what: Object.keys(MANY).join(', '),
    bar: '400; at most 10 errors in ≤ 64 KB; ≤ 30 ms of the main thread',
    mutant: {
      settings: {
        MAX_LIST: '1000000',
        MAX_VALUE_DEPTH: '1000000',
        MAX_ALIASES: '1000000',
        MAX_FIELDS: '1000000',
        MAX_TOKENS: '1000000',
      },
    },
    run: (world) => refused(world, MANY),
  },
  {
    id: 'A22',
    what: '/live: clients that leave before, during and after the token check',
    bar: 'places and sockets are back',
    mutant: {
      file: 'src/http/server/event-stream.ts',
      from: 'if (reply.raw.destroyed) run();\n  else reply.raw.once',
      to: 'reply.raw.once',
    },
    run: streams,
  },
  {
    id: 'A25',
    what: '50 clients that never read twelve large answers',
    bar: 'closed by WRITE_TIMEOUT (3 s here)',
    mutant: { settings: { WRITE_TIMEOUT: '500h' } },
    run: unread,
  },
  {
    id: 'A28',
    what: '300 forged tokens a second from one address, beside 40 requests a second of others',
    bar: '429 for the junk; p95 of others at most a tenth later',
    mutant: { settings: { MAX_REFUSED_REQUESTS: '0' } },
    run: junk,
  },
];
