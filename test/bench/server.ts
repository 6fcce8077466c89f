// One server of the benchmark in a process of its own, so that its CPU time can be measured:
// `server.ts services|school|calendar|…`, see `roles`. Its parent sends the options over IPC. Our
// own parts are the built program.
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { createInternalSigner } from '../../src/auth/internal-token.ts';
import { systemClock } from '../../src/clock.ts';
import { disableTelemetry, loadConfig } from '../../src/config.ts';
import { EVENT_KINDS, serviceOf } from '../../src/event-kinds.ts';
import { startHiveGateway } from '../examples/hive-gateway.ts';
import { compose, services } from '../schema/generate.ts';
import { built } from './built.ts';
import { copyingCalendar } from './copying.ts';
import { type NaiveSource, startNaive } from './naive-calendar.ts';
import { entityOf, type Representation, SHAPED_SCHOOL } from './school.ts';

/** What the parent says first. `settings`: as in the environment. */
export interface Start {
  readonly settings: Readonly<Record<string, string>>;
  /** What `static` answers with. */
  readonly body?: string;
}

/** What the parent hears: where the server is; then, whenever it asks, what it has cost. */
export type Word =
  | { readonly url: string }
  | {
      /** Milliseconds of CPU, user and system. */
      readonly cpuMs: number;
      /** Calls to services. */
      readonly calls: number;
      /** Resident memory, in bytes. */
      readonly rss: number;
    };

type Role = (start: Start) => Promise<string>;

const SERVICES = ['lecture', 'attendance', 'assignment'] as const;

/** All that is asked for is answered, and as in production there is no other origin. */
const configOf = (settings: Start['settings']) => ({
  ...loadConfig({ MAX_LOOP_DELAY: '30s', ...settings }, 'all'),
  CORS_ORIGINS: [],
});

const roles: Readonly<Record<string, Role>> = {
  async services({ settings }) {
    const { startServices } = await built<typeof import('../../src/processes/services.ts')>('processes/services');
    const { addresses } = await startServices(SERVICES, configOf(settings), systemClock);
    return addresses.lecture ?? '';
  },
  // Services by a rule (school.ts): how much a student has follows from the student's number.
  async school({ settings }) {
    const app = fastify({ bodyLimit: 2 ** 20 });
    for (const kind of EVENT_KINDS) {
      app.post<{ Body: { variables: { representations: Representation[] } } }>(`/${kind}`, ({ body }) => ({
        data: { _entities: body.variables.representations.map((one) => entityOf(SHAPED_SCHOOL, kind, one)) },
      }));
    }
    return app.listen({ port: Number(settings.PORT), host: '127.0.0.1' });
  },
  async calendar({ settings }) {
    const { startCalendar } = await built<typeof import('../../src/processes/calendar.ts')>('processes/calendar');
    const { addresses } = await startCalendar(configOf(settings), systemClock);
    return addresses.calendar ?? '';
  },
  async gateway({ settings }) {
    const { startGateway } = await built<typeof import('../../src/processes/gateway.ts')>('processes/gateway');
    const { addresses } = await startGateway(configOf(settings), systemClock);
    return `${addresses.gateway}/graphql`;
  },
  stock: ({ settings }) => stock(settings, false),
  // What it has read once it never reads again.
  'stock-cached': ({ settings }) => stock(settings, true),
  hive: ({ settings }) => hive(settings, {}),
  'hive-cached': ({ settings }) =>
    hive(settings, {
      cache: memoryCache(),
      responseCaching: { session: (request: Request) => request.headers.get('authorization'), ttl: 3_600_000 },
    }),
  // The synced table in the calendar's place.
  async synced({ settings }) {
    const { addresses } = await copyingCalendar(5_000, { calls: 0, rows: 0 })(configOf(settings), systemClock);
    return addresses.calendar ?? '';
  },
  async static({ body = '' }) {
    const bytes = Buffer.from(body);
    const app = fastify();
    app.post('/graphql', (_, reply) => reply.type('application/json; charset=utf-8').send(bytes));
    // The same with an ETag: 304 for a client that names it.
    app.get('/graphql', (request, reply) => {
      reply.header('etag', '"1"').header('cache-control', 'private, no-cache');
      if (request.headers['if-none-match'] === '"1"') return reply.code(304).send();
      return reply.type('application/json; charset=utf-8').send(bytes);
    });
    return `${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`;
  },
};

async function stock(settings: Start['settings'], isCached: boolean): Promise<string> {
  disableTelemetry();
  const config = configOf(settings);
  const sign = createInternalSigner({ secret: config.INTERNAL_SECRET, service: 'calendar', clock: systemClock });
  const source = (kind: NaiveSource['kind']): NaiveSource => ({
    kind,
    url: config[`${kind}_URL`],
    token: () => sign({ audience: kind.toLowerCase(), scopes: ['schedule:read'] }),
  });
  return startNaive([source('LECTURE'), source('ATTENDANCE'), source('ASSIGNMENT')], isCached);
}

/** Hive Gateway's runtime over our supergraph, for student-1; it checks no tokens. */
async function hive(settings: Start['settings'], more: object): Promise<string> {
  const config = configOf(settings);
  const urls: Readonly<Record<string, string>> = {
    calendar: config.CALENDAR_URL,
    ...Object.fromEntries(EVENT_KINDS.map((kind) => [serviceOf(kind), config[`${kind}_URL`]])),
  };
  const subgraphs = services().map((one) => ({ ...one, url: urls[one.name] ?? one.url }));
  const { listener } = await startHiveGateway({
    supergraph: compose(subgraphs).supergraph,
    subgraphs: new Map(subgraphs.map(({ name, url }) => [url, name])),
    sign: createInternalSigner({ secret: config.INTERNAL_SECRET, service: 'gateway', clock: systemClock }),
    verify: async () => ({ id: 'student-1', roles: ['student'], scopes: [] }),
    deadlineMs: 60_000,
    more,
  });
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

/** The key-value store that Hive Gateway's response cache is given. */
function memoryCache(): object {
  const values = new Map<string, unknown>();
  return {
    get: async (key: string) => values.get(key),
    set: async (key: string, value: unknown) => void values.set(key, value),
    delete: async (key: string) => values.delete(key),
    getKeysByPrefix: async (prefix: string) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  };
}

const ports = new Set<string>();
let calls = 0;
// Both undicis, the one of npm and the one in Node.js, say here what they send.
subscribe('undici:request:create', (message) => {
  const { request } = message as { request: { origin: string | URL } };
  if (ports.has(new URL(request.origin).port)) calls += 1;
});

const say = (word: Word) => process.send?.(word);
process.once('disconnect', () => process.exit());
const [start] = (await once(process, 'message')) as [Start];
for (const name of ['LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT']) ports.add(String(start.settings[name]));
await startTelemetryFor(start.settings);
const url = await (roles[process.argv[2] ?? ''] as Role)(start);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  say({ cpuMs: (user + system) / 1_000, calls, rss: process.memoryUsage.rss() });
});
say({ url });

/** As the program does, if the settings ask for it. */
async function startTelemetryFor(settings: Start['settings']): Promise<void> {
  const { METRICS_PORT: port, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, tracedShare: share } = configOf(settings);
  const part = process.argv[2] ?? '';
  if (port !== undefined) {
    const { startTelemetry } = await built<typeof import('../../src/telemetry/telemetry.ts')>('telemetry/telemetry');
    await startTelemetry({ part, port, host: '127.0.0.1' });
  }
  if (endpoint === undefined) return;
  const { startTraces } = await built<typeof import('../../src/telemetry/traces.ts')>('telemetry/traces');
  startTraces({ part, endpoint, share });
}
