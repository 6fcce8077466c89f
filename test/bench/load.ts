// Load from this process on a server in another: so many requests at a time for so long, or all at once.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Pool } from 'undici';
import type { Start, Word } from './server.ts';

/** A server in a child process. */
export interface Server {
  readonly url: string;
  /** CPU milliseconds and calls to services, since it began. */
  cost(): Promise<Cost>;
  stop(): void;
}

export type Cost = Extract<Word, { cpuMs: number }>;

/** What some requests took. */
export interface Measured extends Cost {
  readonly requests: number;
  readonly ms: number;
}

/** The body of the nth request, and headers of all. */
export interface Requests {
  readonly body: (index: number) => string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Starts `server.ts` in this role. */
export async function startServer(role: string, start: Start): Promise<Server> {
  const child: ChildProcess = fork(new URL('server.ts', import.meta.url), [role], { execArgv: ['--import', 'tsx'] });
  const word = async <T extends Word>(message: object) => {
    child.send(message);
    return (await once(child, 'message'))[0] as T;
  };
  const { url } = await word<{ url: string }>(start);
  return { url, cost: () => word<Cost>({}), stop: () => child.kill() };
}

/** The answers' texts, all asked for at once. Throws for an answer that is none. */
export async function burst(server: Server, { body, headers }: Requests, count: number): Promise<Measured> {
  return measured(server, async (ask) => {
    await Promise.all(Array.from({ length: count }, (_, index) => ask(body(index), headers)));
    return count;
  });
}

/** So many requests at a time, for so long. */
export async function load(
  server: Server,
  { body, headers }: Requests,
  atOnce: number,
  forMs: number,
): Promise<Measured> {
  return measured(server, async (ask) => {
    const end = performance.now() + forMs;
    let sent = 0;
    const one = async () => {
      while (performance.now() < end) {
        sent += 1;
        await ask(body(sent), headers);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    return sent;
  });
}

/** One answer's text. */
export async function answerOf(server: Server, { body, headers }: Requests): Promise<string> {
  let text = '';
  await measured(server, async (ask) => {
    text = await ask(body(0), headers);
    return 1;
  });
  return text;
}

type Ask = (body: string, headers: Readonly<Record<string, string>>) => Promise<string>;

async function measured(server: Server, work: (ask: Ask) => Promise<number>): Promise<Measured> {
  const { origin, pathname } = new URL(server.url);
  const pool = new Pool(origin, { connections: 200, headersTimeout: 120_000 });
  const ask: Ask = async (body, headers) => {
    const answer = await pool.request({ path: pathname, method: 'POST', body, headers });
    const text = await answer.body.text();
    if (answer.statusCode !== 200 || text.includes('"errors"')) throw new Error(`${server.url}: ${text.slice(0, 300)}`);
    return text;
  };
  const before = await server.cost();
  const begin = performance.now();
  const requests = await work(ask);
  const ms = performance.now() - begin;
  const after = await server.cost();
  await pool.close();
  return { requests, ms, cpuMs: after.cpuMs - before.cpuMs, calls: after.calls - before.calls };
}
