// Hive Gateway's runtime gives the same answers as our gateway to every query of My Page and of the
// playground, over the same calendar and services.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createInternalSigner } from '../../src/auth/internal-token.ts';
import { systemClock as clock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { startCalendar } from '../../src/processes/calendar.ts';
import { startGateway } from '../../src/processes/gateway.ts';
import { startServices } from '../../src/processes/services.ts';
import { variablesOf } from '../../src/web/graphiql/variables.ts';
import { freePort } from '../harness/free-port.ts';
import { OPERATIONS, operation } from '../harness/operations.ts';
import { PATIENT } from '../harness/patient.ts';
import { compose, services } from '../schema/generate.ts';
import { startHiveGateway } from './hive-gateway.ts';
import { installPeers } from './peers/import-peer.ts';

const examples = new URL('../../src/web/graphiql/examples/', import.meta.url);
const DOCUMENTS = [
  ...readdirSync(examples).map((name) => [name, readFileSync(new URL(name, examples), 'utf8')] as const),
  ...OPERATIONS.map((name) => [name, operation(name)] as const),
].filter(([, text]) => /^(?:query|\{)/m.test(text) && !/^mutation/m.test(text));

const missing = await installPeers();
const closing: (() => Promise<void>)[] = [];
let hive: Awaited<ReturnType<typeof startHiveGateway>>;
let ours: string;
let token: string;
let eventId: string;

beforeAll(async () => {
  if (missing !== null) return;
  const names = ['PORT', 'CALENDAR_PORT', 'LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'];
  const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])));
  const config = loadConfig({ HOST: '127.0.0.1', GRAPHIQL: 'false', ...ports, ...PATIENT }, 'all');
  for (const start of [
    () => startServices(['lecture', 'attendance', 'assignment'], config, clock),
    () => startCalendar(config, clock),
    () => startGateway(config, clock),
  ]) {
    const part = await start();
    closing.unshift(() => part.close());
  }
  ours = `http://127.0.0.1:${config.PORT}/graphql`;
  token = await (await fetch(`http://127.0.0.1:${config.PORT}/dev/token?user=student-1`)).text();
  const urls = { calendar: config.CALENDAR_URL, lecture: config.LECTURE_URL, attendance: config.ATTENDANCE_URL };
  const all: Readonly<Record<string, string>> = { ...urls, assignment: config.ASSIGNMENT_URL };
  const subgraphs = services().map((one) => ({ ...one, url: all[one.name] ?? one.url }));
  hive = await startHiveGateway({
    supergraph: compose(subgraphs).supergraph,
    subgraphs: new Map(subgraphs.map(({ name, url }) => [url, name])),
    sign: createInternalSigner({ secret: config.INTERNAL_SECRET, service: 'gateway', clock }),
    // Checking the user's token is the other gateway's; here there is one user.
    verify: async () => ({ id: 'student-1', roles: ['student'], scopes: [] }),
    deadlineMs: 15_000,
  });
  closing.unshift(() => hive.close());
  const month = DOCUMENTS.find(([name]) => name === 'month.graphql')?.[1] ?? '';
  eventId = /"id":"([^"]+)"/.exec(JSON.stringify(await askOurs(month)))?.[1] ?? '';
});
afterAll(async () => {
  for (const close of closing) await close();
});

const bodyOf = (query: string) => ({
  query,
  variables: {
    ...(JSON.parse(variablesOf(query, new Date()) || '{}') as object),
    id: eventId,
    user: 'student-1',
    text: '과제',
  },
});
const requestOf = (url: string, query: string) =>
  new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(bodyOf(query)),
  });
const askOurs = async (query: string) => (await fetch(requestOf(ours, query))).json();
const askHive = async (query: string) => (await hive.answer(requestOf('http://hive/graphql', query))).json();

/** Without what differs between two reads: times of reading, and tokens that contain them. */
const steady = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer, (key, value: unknown) =>
      ['now', 'fetchedAt', 'syncToken', 'phase', 'extensions'].includes(key) ? undefined : value,
    ),
  );

(missing === null || process.env.REQUIRE_SERVICES === '1' ? describe : describe.skip)(
  `Hive Gateway answers as ours [needs ${missing ?? 'nothing'}]`,
  () => {
    test.each(DOCUMENTS)('%s', async (_, query) => {
      const [expected, given] = [steady(await askOurs(query)), steady(await askHive(query))];
      expect(expected).toMatchObject({ data: expect.anything() });
      expect(given).toEqual(expected);
    });
  },
);
