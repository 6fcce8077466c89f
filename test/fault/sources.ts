// The three sources and the identity provider's keys, in a process of their own: each answers by
// the rule of world.ts, does wrong what it is told to, and counts its calls. Started with fork.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EVENT_KINDS, type EventKind, serviceOf, typePrefixOf } from '../../src/event-kinds.ts';
import { xorshift } from '../harness/random.ts';
import { audiencesOf, itemsOf } from './world.ts';

/** What a source does wrong; what is left out goes well. */
export interface SourceFault {
  /** The port is closed. */
  readonly refuse?: boolean;
  /** No further byte before the headers, or in the middle of the body. */
  readonly hang?: 'headers' | 'body';
  /** Milliseconds before an answer, plus or minus a random part. */
  readonly delayMs?: number;
  readonly spreadMs?: number;
  /** The share of used connections that are closed when the next request arrives. */
  readonly closeReused?: number;
  /** After each answer another one is written on the idle connection. */
  readonly stray?: boolean;
  /** Answers in another order, one slot in ten with the items of another audience. */
  readonly shuffle?: boolean;
}

/** What a source has seen since the last `forget`. */
export interface SourceCounts {
  readonly calls: number;
  readonly maxInFlight: number;
  /** The largest number of loads of one slice. */
  readonly maxLoads: number;
  readonly slices: number;
  /** Connections that were closed when they were used again. */
  readonly closed: number;
}

/** What the process is told, and what it answers. */
export type SourcesAsk =
  | {
      readonly ask: 'start';
      readonly seed: number;
      readonly jwks: string;
      readonly tls?: { key: string; cert: string };
    }
  | { readonly ask: 'fault'; readonly kind: EventKind; readonly fault: SourceFault }
  | { readonly ask: 'counts' }
  | { readonly ask: 'forget' };
export interface SourcesStarted {
  readonly urls: Readonly<Record<EventKind, string>>;
  readonly jwksUrl: string;
}
export type SourcesCounts = Readonly<Record<EventKind, SourceCounts>>;

/** A user whose events nobody may see in another's answer. */
const STRANGER = 'ern:lms:user/stranger';

interface Representation {
  readonly __typename: string;
  readonly id?: string;
  readonly audience?: string;
  readonly from?: string;
  readonly to?: string;
}

class Source {
  fault: SourceFault = {};
  calls = 0;
  maxInFlight = 0;
  closed = 0;
  readonly loads = new Map<string, number>();
  readonly #kind: EventKind;
  readonly #random: () => number;
  readonly #server: Server;
  readonly #served = new WeakMap<Socket, number>();
  readonly #held = new Set<ServerResponse>();
  #inFlight = 0;
  #port = 0;

  constructor(kind: EventKind, random: () => number, tls: { key: string; cert: string } | undefined) {
    this.#kind = kind;
    this.#random = random;
    const serve = (request: IncomingMessage, response: ServerResponse) => {
      this.#serve(request, response).catch(() => response.destroy());
    };
    this.#server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
    this.#server.keepAliveTimeout = 60_000;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return `${'key' in this.#server ? 'https' : 'http'}://localhost:${this.#port}/graphql`;
  }

  async set(fault: SourceFault): Promise<void> {
    this.fault = fault;
    for (const response of this.#held) response.destroy();
    if (fault.refuse === true && this.#server.listening) {
      const closed = new Promise((resolve) => this.#server.close(resolve));
      this.#server.closeAllConnections();
      await closed;
    } else if (fault.refuse !== true && !this.#server.listening) await this.listen();
  }

  get counts(): SourceCounts {
    const { calls, maxInFlight, closed, loads } = this;
    return { calls, maxInFlight, closed, maxLoads: Math.max(0, ...loads.values()), slices: loads.size };
  }

  forget(): void {
    [this.calls, this.maxInFlight, this.closed] = [0, this.#inFlight, 0];
    this.loads.clear();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const served = this.#served.get(socket) ?? 0;
    this.#served.set(socket, served + 1);
    const { closeReused = 0 } = this.fault;
    if (served > 0 && this.#random() < closeReused) {
      this.closed += 1;
      socket.destroy();
      return;
    }
    this.#inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.#inFlight);
    response.once('close', () => {
      this.#inFlight -= 1;
    });
    let text = '';
    for await (const chunk of request) text += String(chunk);
    await this.#answer(response, text);
  }

  async #answer(response: ServerResponse, text: string): Promise<void> {
    const { variables } = JSON.parse(text) as { variables?: { representations?: readonly Representation[] } };
    const { fault } = this;
    if (variables?.representations === undefined) return send(response, { data: { __typename: 'Query' } });
    this.calls += 1;
    for (const { audience, from } of variables.representations) {
      const slice = `${audience} ${from}`;
      if (audience !== undefined) this.loads.set(slice, (this.loads.get(slice) ?? 0) + 1);
    }
    const entities = variables.representations.map((one) => this.#entity(one));
    if (fault.delayMs !== undefined) await sleep(fault.delayMs + (this.#random() * 2 - 1) * (fault.spreadMs ?? 0));
    if (fault.hang !== undefined) return this.#hang(response, fault.hang);
    if (fault.shuffle === true) this.#shuffle(entities);
    send(response, { data: { _entities: entities } });
    if (fault.stray === true) setTimeout(() => stray(response.req.socket, this.#kind), 2);
  }

  #entity({ __typename, id = '', audience = '', from = '', to = '' }: Representation): Record<string, unknown> {
    const name = serviceOf(this.#kind);
    if (__typename === 'User') {
      return {
        __typename,
        id,
        [`${name}Audiences`]: audiencesOf(id),
        [`${name}Taught`]: [],
        teaches: [],
        observes: [],
      };
    }
    return { __typename, audience, from, to, revision: '1', items: itemsOf(this.#kind, audience, Date.parse(from)) };
  }

  #shuffle(entities: Record<string, unknown>[]): void {
    entities.sort(() => this.#random() - 0.5);
    for (const entity of entities) {
      if (entity.from === undefined || this.#random() > 0.1) continue;
      const foreign = itemsOf(this.#kind, STRANGER, Date.parse(entity.from as string));
      entity.items = [...foreign, ...(entity.items as object[])];
    }
  }

  #hang(response: ServerResponse, where: 'headers' | 'body'): void {
    this.#held.add(response);
    response.once('close', () => this.#held.delete(response));
    if (where === 'headers') return;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 10_000 });
    response.write('{"data":{"_entities":[');
  }
}

function send(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** An answer that nobody asked for, with a stranger's events. */
function stray(socket: Socket, kind: EventKind): void {
  if (socket.destroyed) return;
  const items = itemsOf(kind, STRANGER, Date.UTC(2026, 1, 28, 15));
  const entities = [{ __typename: `${typePrefixOf(kind)}Slice`, audience: STRANGER, items }];
  const body = JSON.stringify({ data: { _entities: entities } });
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  socket.write(head + body, () => undefined);
}

const sources = new Map<EventKind, Source>();

async function start({ seed, jwks, tls }: Extract<SourcesAsk, { ask: 'start' }>): Promise<SourcesStarted> {
  const random = xorshift(seed);
  const urls: Partial<Record<EventKind, string>> = {};
  for (const kind of EVENT_KINDS) {
    const source = new Source(kind, random, kind === 'ATTENDANCE' ? tls : undefined);
    sources.set(kind, source);
    urls[kind] = await source.listen();
  }
  const keys = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(jwks);
  });
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  return {
    urls: urls as Record<EventKind, string>,
    jwksUrl: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/keys`,
  };
}

async function obey(message: SourcesAsk): Promise<object> {
  switch (message.ask) {
    case 'start':
      return start(message);
    case 'fault':
      await sources.get(message.kind)?.set(message.fault);
      return {};
    case 'counts':
      return Object.fromEntries([...sources].map(([kind, source]) => [kind, source.counts]));
    case 'forget':
      for (const source of sources.values()) source.forget();
      return {};
  }
}

process.on('message', (message: SourcesAsk) => {
  obey(message).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      throw error;
    },
  );
});
process.on('disconnect', () => process.exit(0));
