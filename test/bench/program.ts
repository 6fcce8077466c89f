// The built program in one process, as `npm start` runs it, and My Page's month of one student.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../harness/free-port.ts';
import type { WrkRequest } from './wrk.ts';

const DAY_MS = 86_400_000;
const PAGE = `query ($from: DateTime!, $to: DateTime!) { viewer { id calendar(from: $from, to: $to) {
  completeness events { ern kind title startsAt endsAt course { ern title color } } } } }`;

/** A running program and the page that it is asked for. */
export interface Program {
  readonly child: ChildProcess;
  readonly request: WrkRequest;
}

/** Starts the program that was built in this folder. `node`: options of Node. */
export async function startBuilt(
  folder: string,
  settings: Readonly<Record<string, string>>,
  node: readonly string[] = [],
): Promise<Program> {
  const names = ['PORT', 'CALENDAR_PORT', 'LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'];
  const ports = await Promise.all(names.map(async (name) => [name, String(await freePort())] as const));
  const env = {
    ...process.env,
    ...Object.fromEntries(ports),
    ...{ MAX_USER_REQUESTS: '0', MAX_LOOP_DELAY: '30s' },
    // Nothing but the requests is to cost anything.
    ...{ FRESHNESS: 'none', SLICE_TTL: '1h', GRAPHIQL: 'false', LOG_LEVEL: 'error' },
    ...settings,
  };
  const program = [...node, join(folder, 'dist/main.js')];
  const child = spawn('node', program, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://localhost:${ports[0]?.[1]}/graphql`;
  const token = await firstToken(url, child);
  const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
  const body = JSON.stringify({ query: PAGE, variables: { from: at(-15), to: at(15) } });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return { child, request: { url, method: 'POST', headers, body } };
}

/** Waits until the program is listening. */
async function firstToken(url: string, child: ChildProcess): Promise<string> {
  for (;;) {
    if (child.exitCode !== null) throw new Error('the program has ended');
    try {
      return await (await fetch(new URL('/dev/token?user=student-1', url))).text();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
