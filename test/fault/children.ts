// The two helpers that run as processes of their own: the sources, and the load. Each is asked one
// thing at a time.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { EventKind } from '../../src/event-kinds.ts';
import type { Identity } from './identity.ts';
import type { LoadJob, LoadResult } from './load.ts';
import type { SourceFault, SourcesAsk, SourcesCounts, SourcesStarted } from './sources.ts';

/** The sources, as they are controlled. */
export interface Sources extends SourcesStarted {
  fault(kind: EventKind, fault: SourceFault): Promise<void>;
  counts(): Promise<SourcesCounts>;
  forget(): Promise<void>;
  stop(): void;
}

/** Sends requests. */
export interface Load {
  run(job: LoadJob): Promise<LoadResult>;
  stop(): void;
}

/** Starts the sources. With `tls` attendance listens with it. */
export async function startSources(
  seed: number,
  { jwks }: Identity,
  tls?: { key: string; cert: string },
): Promise<Sources> {
  const child = start('sources.ts');
  const ask = <T>(message: SourcesAsk) => answerOf<T>(child, message);
  const started = await ask<SourcesStarted>({ ask: 'start', seed, jwks, ...(tls && { tls }) });
  return {
    ...started,
    fault: async (kind, fault) => void (await ask({ ask: 'fault', kind, fault })),
    counts: () => ask<SourcesCounts>({ ask: 'counts' }),
    forget: async () => void (await ask({ ask: 'forget' })),
    stop: () => child.disconnect(),
  };
}

/** Starts a sender of requests. */
export async function startLoad(seed: number, { privateJwk }: Identity): Promise<Load> {
  const child = start('load.ts');
  await answerOf(child, { ask: 'start', privateJwk, seed });
  return { run: (job) => answerOf<LoadResult>(child, { ask: 'run', job }), stop: () => child.disconnect() };
}

function start(file: string): ChildProcess {
  return fork(new URL(file, import.meta.url), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function answerOf<T>(child: ChildProcess, message: object): Promise<T> {
  const over = new AbortController();
  try {
    const answer = once(child, 'message', { signal: over.signal });
    const end = once(child, 'exit', { signal: over.signal }).then(() => {
      throw new Error(`${child.spawnargs.at(-1)} has ended`);
    });
    end.catch(() => undefined);
    child.send(message);
    return (await Promise.race([answer, end]))[0] as T;
  } finally {
    over.abort();
  }
}
