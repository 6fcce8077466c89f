// The common part of real servers in tests: a binary that may be missing, a free port, a process
// that can be paused, and an end that leaves nothing behind.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server of a test's own. */
export interface RealServer {
  readonly url: string;
  /** Ends it as an administrator would; what it has written stays. */
  stop(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
  /**
   * SIGSTOP to it and its children: connections stay open and nobody answers. `thaw` is SIGCONT.
   */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its files. */
  close(): Promise<void>;
}

/** What a suite needs of the machine: found or not, and the Debian package that has it. */
export interface Need {
  readonly found: boolean;
  readonly debian: string;
}

/** The first of these that is an executable file. */
export function findBinary(paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** One life of a server process; `isUp` is asked until it says so, at most for `patienceMs`. */
export async function launch(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
  isUp: () => Promise<boolean>,
  patienceMs = 20_000,
): Promise<ChildProcess> {
  const child = spawn(command, args, { ...options, stdio: 'ignore' });
  // What outlives a test run would hold its port and its files.
  process.once('exit', () => child.kill('SIGKILL'));
  const giveUpAt = performance.now() + patienceMs;
  while (performance.now() < giveUpAt) {
    if (child.exitCode !== null) throw new Error(`${command} ended at once with ${child.exitCode}`);
    if (await isUp()) return child;
    await sleep(20);
  }
  child.kill('SIGKILL');
  throw new Error(`${command} is not up after ${patienceMs} ms`);
}

/** Sends the signal, then waits for the end. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** What a server of a test is controlled with, besides its address. */
export interface Controls {
  /** Resolves when the server is up. */
  readonly start: () => Promise<ChildProcess>;
  /** The signal with which an administrator ends it. */
  readonly stopWith: NodeJS.Signals;
  /** The signal that ends it at once, when nothing of it is needed any more. */
  readonly closeWith: NodeJS.Signals;
  /** Its files, which `close` removes. */
  readonly folder: string;
}

/** Starts a server and controls it. `kill` ends it as a crash would. */
export async function startControlled({ start, stopWith, closeWith, folder }: Controls) {
  let server = await start();
  return {
    stop: () => end(server, stopWith),
    kill: () => end(server, 'SIGKILL'),
    async start() {
      server = await start();
    },
    freeze: () => signalTree(server.pid ?? 0, 'SIGSTOP'),
    thaw: () => signalTree(server.pid ?? 0, 'SIGCONT'),
    async close() {
      await end(server, closeWith);
      await rm(folder, { recursive: true, force: true });
    },
  } satisfies Omit<RealServer, 'url'> & { kill: () => Promise<void> };
}

/**
 * Sends a signal to a process and all below it. A server's children come and go: one that has just
 * ended needs none.
 */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    for (const child of children.split(' ').filter(Boolean)) signalTree(Number(child), signal);
  } catch (error) {
    // By its code alone: node's own errors are of another realm than a test's.
    if (!['ESRCH', 'ENOENT'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  }
}
