// Generates load from this process on a server in another: a number of concurrent requests for some
// time, or a number of requests.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Pool, request } from 'undici';
import type { Start, Word } from './server.ts';

/** A server in a child process. */
export interface Server {
  readonly url: string;
  /** CPU milliseconds and calls to services, since it began. */
  cost(): Promise<Cost>;
  /** At once: some contenders would go on for minutes. */
  stop(): void;
}

export type Cost = Extract<Word, { cpuMs: number }>;

/** What some requests took. */
export interface Measured extends Cost {
  /** Those that were answered, and rightly. */
  readonly requests: number;
  readonly failed: number;
  readonly ms: number;
}

/** The body of the nth request, and headers of all. */
export interface Requests {
  readonly body: (index: number) => string;
  readonly headers: Readonly<Record<string, string>>;
  /** For a GET, which has no body: path and query. Default: POST to the server's URL. */
  readonly get?: string | undefined;
}

/** Starts `server.ts` in this role. */
export async function startServer(role: string, start: Start): Promise<Server> {
  const child: ChildProcess = fork(new URL('server.ts', import.meta.url), [role], {
    execArgv: ['--import', 'tsx'],
    // What Apollo has to say about its defaults is no part of the table.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${role} has ended`);
  });
  ended.catch(() => undefined);
  const word = async <T extends Word>(message: object) => {
    child.send(message);
    return ((await Promise.race([once(child, 'message'), ended])) as [T])[0];
  };
  const { url } = await word<{ url: string }>(start);
  return { url, cost: () => word<Cost>({}), stop: () => child.kill('SIGKILL') };
}

/** So many requests at a time, for so long. */
export function load(server: Server, requests: Requests, atOnce: number, forMs: number): Promise<Measured> {
  return measured(server, requests, async (ask) => {
    const end = performance.now() + forMs;
    let sent = 0;
    const one = async () => {
      while (performance.now() < end) {
        sent += 1;
        await ask(sent);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
  });
}

/** So many requests, so many of them at a time. */
export function series(server: Server, requests: Requests, atOnce: number, count: number): Promise<Measured> {
  return measured(server, requests, async (ask) => {
    let sent = 0;
    const one = async () => {
      while (sent < count) {
        sent += 1;
        await ask(sent);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
  });
}

/** One answer's text. Throws when it is an error. */
export async function answerOf(server: Server, { body, headers }: Requests): Promise<string> {
  const answer = await request(server.url, { method: 'POST', body: body(0), headers });
  const text = await answer.body.text();
  if (isRight(answer.statusCode, text)) return text;
  throw new Error(`${server.url}: ${text.slice(0, 300)}`);
}

/** Sends the nth request. */
type Ask = (index: number) => Promise<void>;

async function measured(
  server: Server,
  { body, headers, get }: Requests,
  work: (ask: Ask) => Promise<void>,
): Promise<Measured> {
  const { origin, pathname } = new URL(server.url);
  const pool = new Pool(origin, { connections: 200, headersTimeout: 120_000 });
  let [requests, failed] = [0, 0];
  const ask: Ask = async (index) => {
    const answer = await pool.request(
      get === undefined
        ? { path: pathname, method: 'POST', body: body(index), headers }
        : { path: get, method: 'GET', headers },
    );
    if (isRight(answer.statusCode, await answer.body.text())) requests += 1;
    else failed += 1;
  };
  const before = await server.cost();
  const begin = performance.now();
  await work(ask);
  const ms = performance.now() - begin;
  const after = await server.cost();
  await pool.close();
  return {
    requests,
    failed,
    ms,
    cpuMs: after.cpuMs - before.cpuMs,
    calls: after.calls - before.calls,
    rss: after.rss,
  };
}

/** 304: the client has named the answer that it would be given. */
function isRight(status: number, text: string): boolean {
  return status === 304 || (status === 200 && !text.includes('"errors"'));
}
