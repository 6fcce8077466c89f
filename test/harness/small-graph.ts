// A gateway over four small subgraphs on real HTTP: one student, one event of each kind, and its
// links. It records the calls to each subgraph and their headers.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDevIssuer } from '../../src/auth/dev-keys.ts';
import { createInternalSigner, createInternalVerifier } from '../../src/auth/internal-token.ts';
import type { Caller } from '../../src/auth/principal.ts';
import { createUserVerifier } from '../../src/auth/user-token.ts';
import { systemClock } from '../../src/clock.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway.ts';
import { readSchema } from '../../src/schema.ts';
import { createSubgraph, type Subgraph, type SubgraphContext } from '../../src/subgraph/subgraph.ts';
import { createClient, type Query, type Reply } from './client.ts';
import type { SourceName } from './mock-schema.ts';
import { ISSUER, LIMITS, SECRET } from './test-keys.ts';

/** The four. */
type SmallName = 'calendar' | SourceName;

/** One call a subgraph got. */
export interface Call {
  readonly caller: Caller;
  readonly deadlineMs: number | undefined;
}

/** A GraphQL answer over HTTP. */
export type HttpAnswer = Reply<Record<string, unknown> | null>;

/** What a test has in hand. */
export interface SmallGraph {
  readonly url: string;
  readonly gateway: Gateway;
  /** What the gateway was made of. */
  readonly options: GatewayOptions;
  readonly calls: Record<SmallName, Call[]>;
  readonly services: Record<SmallName, Subgraph>;
  token(user?: string): Promise<string>;
  /** Sends a document as a user. */
  readonly query: Query;
  /** Sends any body and headers. */
  send(init: RequestInit & { path?: string }): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const USERS = { ...ISSUER, clock: systemClock };
type Resolvers = Record<string, Record<string, unknown>>;

/** What a test may replace. */
export interface SmallOptions {
  readonly resolvers?: Partial<Record<SmallName, Resolvers>>;
  /** Another address of a subgraph. */
  readonly urls?: Partial<Record<SmallName, string>>;
  readonly gateway?: Partial<GatewayOptions>;
}

/** Starts everything. */
export async function startSmallGraph(options: SmallOptions = {}): Promise<SmallGraph> {
  const calls: Record<SmallName, Call[]> = { calendar: [], lecture: [], attendance: [], assignment: [] };
  const services = {} as Record<SmallName, Subgraph>;
  const subgraphs: Record<string, string> = {};
  for (const name of ['calendar', 'lecture', 'attendance', 'assignment'] as const) {
    services[name] = createSubgraph({
      name,
      typeDefs: readSchema(name),
      resolvers: { ...SMALL[name], ...options.resolvers?.[name] },
      verify: createInternalVerifier({ secret: SECRET, audience: name, clock: systemClock }),
      clock: systemClock,
      context: () => ({ log: calls[name] }),
      introspection: options.gateway?.introspection ?? false,
    });
    const { url } = await services[name].listen({ port: 0, host: '127.0.0.1' });
    subgraphs[name] = options.urls?.[name] ?? url;
  }
  const sign = createInternalSigner({ secret: SECRET, service: 'gateway', clock: systemClock });
  const issuer = await createDevIssuer(USERS);
  const settings: GatewayOptions = {
    supergraph: readSchema('supergraph'),
    subgraphs,
    verifyUser: createUserVerifier({ ...USERS, keys: issuer.keys }),
    sign,
    clock: systemClock,
    // A busy machine is no fault.
    deadlineMs: 10_000,
    limits: LIMITS,
    maxBody: 64 * 1024,
    maxAnswer: 1024 * 1024,
    introspection: false,
    playground: null,
    devToken: null,
    ...options.gateway,
  };
  const gateway = createGateway(settings);
  const { url } = await gateway.listen({ port: 0, host: '127.0.0.1' });
  const client = createClient(`${url}/graphql`, (user) => issuer.token(user));
  const send = async ({ path = '/graphql', ...init }: RequestInit & { path?: string }) =>
    answer(await fetch(url + path, init));
  return {
    url,
    gateway,
    options: settings,
    calls,
    services,
    token: (user = 'student-1') => issuer.token(user),
    send,
    query: client.query,
    async close() {
      await client.close();
      await gateway.close();
      await Promise.all(Object.values(services).map((one) => one.close()));
    },
  };
}

/** A server that does with every request whatever the test says; gives its /graphql address. */
export async function startRaw(
  handle: (...args: Parameters<NonNullable<Parameters<typeof createServer>[1]>>) => void,
): Promise<{ url: string; requests: IncomingMessage[]; close: () => Promise<void> }> {
  const requests: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(request);
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(response: Response): Promise<HttpAnswer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}

type Context = SubgraphContext & { log: Call[] };

function log<T>({ caller, deadlineMs, log: calls }: Context, value: T): T {
  calls.push({ caller, deadlineMs });
  return value;
}

function entity(value: object): { __resolveReference: (_: unknown, context: Context) => object } {
  return { __resolveReference: (_, context) => log(context, value) };
}

const COURSE = { ern: 'ern:lms:course/1', title: '자료구조', color: '#336699' };
const AT = '2026-11-23T01:00:00Z';
const EVENT = {
  title: 'event',
  course: COURSE,
  startsAt: AT,
  endsAt: AT,
  timing: 'INTERVAL',
  phase: 'OPEN',
  completion: 'PENDING',
  isOverdue: false,
  busyStatus: 'FREE',
  url: 'http://localhost/',
  updatedAt: AT,
};
const LECTURE = 'ern:lms:course/1/lecture/1';
const CHECK = 'ern:lms:course/1/check/1';
const ASSIGNMENT = 'ern:lms:course/1/assignment/1';
const EVENTS = [
  { ...EVENT, __typename: 'LectureEvent', id: '1', ern: LECTURE, kind: 'LECTURE', lecture: { ern: LECTURE } },
  { ...EVENT, __typename: 'AttendanceEvent', id: '2', ern: CHECK, kind: 'ATTENDANCE', attendanceCheck: { ern: CHECK } },
  {
    ...EVENT,
    __typename: 'AssignmentEvent',
    id: '3',
    ern: ASSIGNMENT,
    kind: 'ASSIGNMENT',
    assignment: { ern: ASSIGNMENT },
  },
];
const CALENDAR = { from: AT, to: AT, timeZone: 'UTC', now: AT, events: EVENTS, completeness: 'COMPLETE', sources: [] };

const SMALL: Record<SmallName, Resolvers> = {
  calendar: {
    Query: {
      viewer: (_: unknown, __: unknown, context: Context) => log(context, { id: context.caller.user?.id }),
    },
    User: { calendar: () => CALENDAR },
  },
  lecture: {
    Lecture: entity({ ern: LECTURE, title: '1강', course: COURSE, startsAt: AT, endsAt: AT, updatedAt: AT }),
    Mutation: { cancelLecture: (_: unknown, __: unknown, context: Context) => log(context, LECTURE) },
  },
  attendance: {
    AttendanceCheck: entity({
      ern: CHECK,
      title: '출석',
      course: COURSE,
      startsAt: AT,
      endsAt: AT,
      method: 'CODE',
      updatedAt: AT,
    }),
  },
  assignment: {
    Assignment: entity({
      ern: ASSIGNMENT,
      title: '과제',
      course: COURSE,
      startsAt: AT,
      endsAt: AT,
      points: 10,
      updatedAt: AT,
    }),
  },
};

/** The calendar with a link to what is behind each event. */
export const DEEP = `{
  viewer { id calendar(from: "${AT}", to: "${AT}") { completeness events {
    id kind
    ... on LectureEvent { lecture { ern title } }
    ... on AttendanceEvent { attendanceCheck { ern method } }
    ... on AssignmentEvent { assignment { ern points } }
  } } }
}`;
