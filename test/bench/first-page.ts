// Measures the first page of a fresh gateway and a fresh calendar, from the moment that both are
// ready, against the pages after it: `tsx test/bench/first-page.ts [rounds]`. Every page loads
// everything from the services, which have been warm for long.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readPersistedDocuments } from '../../src/schema.ts';
import { createClient } from '../harness/client.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/free-port.ts';
import { startServer } from './load.ts';
import { printTable, quantile, shown } from './numbers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = 40;
const ROUNDS = Number(process.argv[2] ?? 3);
const HOST = '127.0.0.1';

/** As My Page sends it. */
const PAGE = Object.values(JSON.parse(readPersistedDocuments()) as Record<string, string>).find((text) =>
  text.includes('query MyPage('),
) as string;

const names = ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'] as const;
const services: Record<string, string> = {
  HOST,
  INTERNAL_SECRET: 'a secret for the benchmark, of 32 bytes',
  GRAPHIQL: 'false',
};
for (const name of names) {
  services[`${name}_PORT`] = String(await freePort());
  services[`${name}_URL`] = `http://${HOST}:${services[`${name}_PORT`]}/graphql`;
}
const server = await startServer('services', { settings: services });

function start(part: string, env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', part], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Milliseconds of each page of fresh processes, in order. */
async function pages(): Promise<{ readyMs: number; took: number[] }> {
  const [PORT, CALENDAR_PORT] = [String(await freePort()), String(await freePort())];
  const env = { ...services, PORT, CALENDAR_PORT, CALENDAR_URL: `http://${HOST}:${CALENDAR_PORT}/graphql` };
  const startedAt = performance.now();
  const children = [start('calendar', env), start('gateway', env)];
  const url = `http://${HOST}:${PORT}`;
  await eventually('a gateway that is ready', async () => {
    return (await fetch(`${url}/readyz`).catch(() => null))?.status === 200;
  });
  const readyMs = performance.now() - startedAt;
  const token = (await fetch(`${url}/dev/token?user=student-1`)).text();
  const client = createClient(`${url}/graphql`, () => token);
  await token;
  const now = Date.now();
  const at = (days: number) => new Date(now + days * 86_400_000).toISOString();
  const took: number[] = [];
  for (let page = 0; page < PAGES; page += 1) {
    const from = performance.now();
    const { body } = await client.query('student-1', PAGE, { from: at(-15), to: at(15), maxAge: 0 });
    took.push(performance.now() - from);
    if (body.errors !== undefined) throw new Error(JSON.stringify(body.errors));
  }
  await client.close();
  for (const child of children) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  return { readyMs, took };
}

const rows = [['round', 'ready ms', 'first ms', 'second', 'third', 'p50 later', 'first / p50']];
// The first pages of all warm up the services.
await pages();
for (let round = 1; round <= ROUNDS; round += 1) {
  const { readyMs, took } = await pages();
  const [first = Number.NaN, second = Number.NaN, third = Number.NaN, ...later] = took;
  const p50 = quantile(later, 0.5);
  rows.push([String(round), ...[readyMs, first, second, third, p50, first / p50].map(shown)]);
}
server.stop();
printTable(rows);
process.exit(0);
