// A service of one's own behind the calendar: composed, checked and read, with nothing changed
// here.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock as clock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { startCalendar } from '../../src/processes/calendar.ts';
import { startGateway } from '../../src/processes/gateway.ts';
import { startServices } from '../../src/processes/services.ts';
import { freePort } from '../harness/free-port.ts';
import { operation } from '../harness/operations.ts';
import { PATIENT } from '../harness/patient.ts';
import { composeInto } from '../schema/compose-into.ts';
import { startMinimalSource } from './minimal-source/source.ts';

const SECRET = 'a secret for tests, thirty-two bytes at least';
const SDL = new URL('minimal-source/schema.graphql', import.meta.url).pathname;
const at = (hours: number) => new Date(clock.now() + hours * 3_600_000).toISOString();

const closing: (() => Promise<void>)[] = [];
let gateway: string;
let settings: Record<string, string>;
beforeAll(async () => {
  const source = await startMinimalSource({
    deadlines: [
      { user: 'student-1', ern: 'ern:lms:course/own/assignment/1', title: 'Essay', startsAt: at(24), endsAt: at(24) },
    ],
    secret: new TextEncoder().encode(SECRET),
    port: await freePort(),
  });
  const out = mkdtempSync(join(tmpdir(), 'own-'));
  composeInto({ out, sdl: [`assignment=${SDL}`], url: [`assignment=${source.url}`] });
  const names = ['PORT', 'CALENDAR_PORT', 'LECTURE_PORT', 'ATTENDANCE_PORT'];
  const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])));
  settings = {
    HOST: '127.0.0.1',
    INTERNAL_SECRET: SECRET,
    GRAPHIQL: 'false',
    FRESHNESS: 'none',
    ASSIGNMENT_URL: source.url,
    SUPERGRAPH: join(out, 'supergraph.graphql'),
    ...ports,
    ...PATIENT,
  };
  const config = loadConfig(settings, 'all');
  closing.push(() => source.close());
  for (const start of [
    () => startServices(['lecture', 'attendance'], config, clock),
    () => startCalendar(config, clock),
    () => startGateway(config, clock),
  ]) {
    const part = await start();
    closing.unshift(() => part.close());
  }
  gateway = `http://127.0.0.1:${config.PORT}`;
});
const WEEKS = { from: at(-24 * 7), to: at(24 * 7) };

async function ask<T>(query: string, variables: object): Promise<Answer<T>> {
  const token = await (await fetch(`${gateway}/dev/token?user=student-1`)).text();
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query, variables });
  return (await (await fetch(`${gateway}/graphql`, { method: 'POST', headers, body })).json()) as Answer<T>;
}

afterAll(async () => {
  for (const close of closing) await close();
});

test('its events are in the calendar beside those of our services, and the gateway is ready', async () => {
  const ready = await fetch(`${gateway}/readyz`);
  expect(await ready.json()).toMatchObject({ status: 'ready', subgraphs: { assignment: 'ok', lecture: 'ok' } });
  const query = `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to) {
    completeness events { kind title updatedAt } } } }`;
  const { data } = await ask<{ viewer: { calendar: Calendar } }>(query, WEEKS);
  const { completeness, events } = data.viewer.calendar;
  expect(completeness).toBe('COMPLETE');
  expect(events).toContainEqual({ kind: 'ASSIGNMENT', title: 'Essay', updatedAt: '1970-01-01T09:00:00+09:00' });
  expect(events.filter(({ kind }) => kind === 'ASSIGNMENT')).toHaveLength(1);
  expect(events.some(({ kind }) => kind === 'LECTURE')).toBe(true);
});

test('My Page reads the details of other kinds, though this service has none of those it asks for', async () => {
  const query = `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to) { events { id kind } } } }`;
  const { data } = await ask<{ viewer: { calendar: { events: { id: string; kind: string }[] } } }>(query, WEEKS);
  const of = (kind: string) => data.viewer.calendar.events.find((event) => event.kind === kind)?.id;
  const lecture = await ask(operation('lecture-detail'), { id: of('LECTURE') });
  expect(lecture).toMatchObject({ data: { scheduleEvent: { lecture: { lecturer: expect.any(String) } } } });
  const { errors } = await ask(operation('assignment-detail'), { id: of('ASSIGNMENT') });
  expect(errors?.[0]?.message).toMatch(/points/);
});

test.each(['/nowhere.graphql', 'no supergraph'])('a SUPERGRAPH that is none is refused by name: %s', async (given) => {
  const file = given.startsWith('/') ? given : join(mkdtempSync(join(tmpdir(), 'none-')), 'x.graphql');
  if (file !== given) writeFileSync(file, 'type Query { x: Int }');
  await expect(startGateway(loadConfig({ ...settings, SUPERGRAPH: file }, 'all'), clock)).rejects.toThrow(/SUPERGRAPH/);
});

interface Answer<T> {
  readonly data: T;
  readonly errors?: readonly { readonly message: string }[];
}
interface Calendar {
  readonly completeness: string;
  readonly events: readonly { readonly kind: string; readonly title: string; readonly updatedAt: string }[];
}
