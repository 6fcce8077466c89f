// Promise: every process executes what its first request needs before it says that it is ready, and
// a failing warm-up keeps no process from becoming ready.
import { afterEach, expect, test } from '@jest/globals';
import { request } from 'undici';
import { systemClock } from '../../src/clock.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { type DroppedItems, listen } from '../../src/diagnostics.ts';
import { startCalendar } from '../../src/processes/calendar.ts';
import type { Running } from '../../src/processes/running.ts';
import { startServices } from '../../src/processes/services.ts';
import { firstPage, warmUpCalendar, warmUpService } from '../../src/processes/warm-up.ts';
import { freePort } from '../harness/free-port.ts';
import { startGraph } from '../harness/graph.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const NOBODY = 'http://127.0.0.1:1/graphql';
const PATIENT = { GATEWAY_TIMEOUT: '30s', CALENDAR_TIMEOUT: '25s', SOURCE_TIMEOUT: '20s', FRESHNESS: 'none' };
const readyz = async (endpoint: string) => (await request(new URL('/readyz', endpoint))).statusCode;

async function configOf(port: string, settings: Readonly<Record<string, string>> = {}): Promise<Config> {
  return loadConfig({ HOST: '127.0.0.1', [port]: String(await freePort()), ...PATIENT, ...settings }, 'all');
}

function keep<T extends Running>(running: T): T {
  closers.push(() => running.close());
  return running;
}

test('a calendar reads a page of made-up sources and one of the real ones, and is not ready before', async () => {
  const config = await configOf('CALENDAR_PORT', {
    LECTURE_URL: NOBODY,
    ATTENDANCE_URL: NOBODY,
    ASSIGNMENT_URL: NOBODY,
  });
  const own = config.CALENDAR_URL.replace('localhost', '127.0.0.1');
  const answers: string[] = [];
  const dropped: DroppedItems[] = [];
  closers.push(listen('calendar:answer', ({ completeness }) => void answers.push(completeness)));
  closers.push(listen('calendar:dropped-items', (items) => void dropped.push(items)));
  const seen: [url: string, ready: number][] = [];
  const { addresses } = keep(
    await startCalendar(config, systemClock, async (url) => {
      seen.push([url, await readyz(own)]);
      await warmUpCalendar(url, config, systemClock);
      seen.push([url, await readyz(own)]);
    }),
  );
  expect(seen.map(([, status]) => status)).toEqual([503, 503, 503, 503]);
  expect(new Set(seen.map(([url]) => url)).size).toBe(2);
  // The made-up sources are whole; the real ones are away, and that is no reason to wait.
  expect(answers).toContain('COMPLETE');
  expect(dropped).toEqual([]);
  expect(answers.at(-1)).toBe('UNAVAILABLE');
  expect(await readyz(addresses.calendar ?? '')).toBe(200);
});

test('a service answers what the calendar asks for, and is not ready before', async () => {
  const config = await configOf('ATTENDANCE_PORT', { SAMPLE_DATA: 'false' });
  const statements: string[] = [];
  const seen: number[] = [];
  closers.push(listen('calendar:sql', ({ sql }) => void statements.push(sql)));
  const { addresses } = keep(
    await startServices(['attendance'], config, systemClock, async (name, url) => {
      statements.length = 0;
      await warmUpService(name, url, config, systemClock);
      seen.push(await readyz(url));
    }),
  );
  expect(seen).toEqual([503]);
  expect(statements.filter((sql) => sql.includes('attendance.item'))).not.toEqual([]);
  expect(await readyz(addresses.attendance ?? '')).toBe(200);
});

test('a gateway executes the first page of My Page once its subgraphs answer, and is not ready before', async () => {
  const steps: string[] = [];
  const page = { ...firstPage(systemClock), keys: async () => void steps.push('keys') };
  const viewer = (_: unknown, __: unknown, { caller }: { caller: { user: { id: string } | null } }) => {
    steps.push(`page of ${caller.user?.id}`);
    return { id: caller.user?.id };
  };
  const resolvers = { calendar: { Query: { viewer } } };
  const graph = await startGraph({ sources: 'small', resolvers, gateway: { warmUp: page } });
  closers.push(() => graph.close());
  expect(steps.slice(0, 2)).toEqual(['keys', 'page of warm-up']);
  const before = steps.length;
  expect((await graph.send({ path: '/readyz' })).status).toBe(200);
  // Once, and not at every probe.
  expect(steps).toHaveLength(before);
});
