// A mocked service over HTTP: the real contract, internal tokens only, with faults that can be
// switched on and off, and a log of every call.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DocumentNode, execute, type GraphQLSchema, parse, validate } from 'graphql';
import { bearerToken } from '../../src/auth/bearer.ts';
import type { VerifyInternal } from '../../src/auth/internal-token.ts';
import type { Caller } from '../../src/auth/principal.ts';
import type { Rows } from './rows.ts';

/** What goes wrong at a service; what is left out goes well. */
export interface Fault {
  /** The port is closed. */
  readonly refuse?: boolean;
  /**
   * The answer, made when the call came, is held before its first header or in the middle of its
   * body, until the fault ends.
   */
  readonly hang?: 'headers' | 'body';
  /** Milliseconds before the answer. */
  readonly delay?: number;
  /** The connection is reset instead of an answer. */
  readonly reset?: boolean;
  /** Another answer altogether. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The right answer made wrong; a string is sent as it is. */
  readonly answer?: (answer: EntitiesAnswer) => unknown;
  /** Only for so many calls. */
  readonly times?: number;
}

/** The answer to `_entities`, before a fault changes it. */
export interface EntitiesAnswer {
  readonly data: { readonly _entities: readonly (Readonly<Record<string, unknown>> | null)[] };
}

/** One call as the service saw it. */
export interface Call {
  readonly caller: Caller;
  readonly query: string;
  /** Empty when the call was not for entities. */
  readonly representations: readonly Readonly<Record<string, unknown>>[];
  readonly headers: IncomingMessage['headers'];
}

/** A mocked service that listens. */
export interface MockSource {
  readonly url: string;
  /** Every call that came through the door, oldest first. */
  readonly calls: Call[];
  /** Puts a fault in force; the one before ends. */
  fault(fault: Fault): Promise<void>;
  /** Ends the fault; calls that were held are answered. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/**
 * Starts a service over these rows, on a free port. They are read at every call, so a test may
 * change them.
 */
export async function mockSource(schema: GraphQLSchema, rows: Rows, verify: VerifyInternal): Promise<MockSource> {
  const calls: Call[] = [];
  const documentOf = documents(schema);
  let fault: Fault = {};
  let served = 0;
  let release = () => {};
  let healed = Promise.resolve();

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const text = await bodyOf(request);
    const caller = await verify(bearerToken(request.rawHeaders)).catch(() => null);
    if (caller === null) return send(response, 401, { errors: [{ message: 'no internal token' }] });
    const { query, variables } = JSON.parse(text) as { query: string; variables?: { representations?: [] } };
    calls.push({ caller, query, representations: variables?.representations ?? [], headers: request.headers });

    served += 1;
    const now = served <= (fault.times ?? Number.POSITIVE_INFINITY) ? fault : {};
    return answer(request, response, now, { query, variables: variables ?? {} });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, now: Fault, asked: Operation) => {
    if (now.reset) return request.socket.resetAndDestroy();
    if (now.delay !== undefined) await sleep(now.delay);
    if (now.status !== undefined) return send(response, now.status, now.body ?? '', now.headers);
    const result = await execute({
      schema,
      document: documentOf(asked.query),
      contextValue: rows,
      variableValues: asked.variables,
    });
    const body = now.answer === undefined ? result : now.answer(plain(result));
    if (now.hang === 'headers') await healed;
    if (now.hang === 'body') await half(response, body, healed);
    return send(response, 200, body, now.headers);
  };

  const server = createServer((request, response) => {
    // A client that is gone is nobody's failure.
    serve(request, response).catch(() => response.destroy());
  });
  const port = await listen(server, 0);
  const heal = async () => {
    fault = {};
    release();
    if (!server.listening) await listen(server, port);
  };
  return {
    url: `http://localhost:${port}/graphql`,
    calls,
    heal,
    async fault(next) {
      await heal();
      [fault, served] = [next, 0];
      healed = new Promise((resolve) => {
        release = resolve;
      });
      if (next.refuse) await shut(server);
    },
    async close() {
      release();
      if (server.listening) await shut(server);
    },
  };
}

/** Parses and validates each text once, as a server does. */
function documents(schema: GraphQLSchema): (text: string) => DocumentNode {
  const known = new Map<string, DocumentNode>();
  return (text) => {
    const document = known.get(text) ?? parse(text);
    const [wrong] = known.has(text) ? [] : validate(schema, document);
    if (wrong !== undefined) throw wrong;
    known.set(text, document);
    return document;
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (!response.headersSent) response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text);
}

/**
 * Headers and half of the body now; the connection is lost when the waiting ends, as nobody can
 * make a whole of it.
 */
async function half(response: ServerResponse, body: unknown, healed: Promise<void>): Promise<never> {
  const text = JSON.stringify(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.write(text.slice(0, text.length / 2));
  await healed;
  throw new Error('half an answer');
}

/** GraphQL's objects have no prototype; faults are written for plain ones. */
function plain(answer: unknown): EntitiesAnswer {
  return JSON.parse(JSON.stringify(answer)) as EntitiesAnswer;
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, 'localhost', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function shut(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
