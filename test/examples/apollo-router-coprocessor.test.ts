// The coprocessor for Apollo Router: its answer to what the router sends is a call that the
// calendar accepts, for that user and for that subgraph alone.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { SECRET } from '../harness/test-keys.ts';
import { type SubgraphRequest, startCoprocessor } from './apollo-router-coprocessor.ts';

let graph: MockGraph;
let coprocessor: Awaited<ReturnType<typeof startCoprocessor>>;
beforeAll(async () => {
  graph = await startGraph({ sources: 'mock', gateway: false, clock: systemClock });
  coprocessor = await startCoprocessor({ secret: SECRET, deadlineMs: 1_000, port: 0 });
});
afterAll(async () => {
  await Promise.all([graph.close(), coprocessor.close()]);
});

const CLAIMS = { sub: 'student-1', roles: ['student'], scope: 'openid', iss: 'https://id.example.ac.kr' };
const asked = (serviceName: string, claims?: object): SubgraphRequest => ({
  version: 1,
  stage: 'SubgraphRequest',
  control: 'continue',
  serviceName,
  headers: { 'content-type': ['application/json'], 'x-request-id': ['abc'] },
  context: { entries: claims === undefined ? {} : { 'apollo::authentication::jwt_claims': claims } },
});
const ask = (request: SubgraphRequest) => fetch(coprocessor.url, { method: 'POST', body: JSON.stringify(request) });

/** The subgraph call that the router makes with the headers that it is given. */
async function call(serviceName: string): Promise<Response> {
  const { control, headers } = (await (await ask(asked(serviceName, CLAIMS))).json()) as SubgraphRequest;
  expect(control).toBe('continue');
  expect(headers).toMatchObject({ 'x-request-id': ['abc'], 'x-deadline-ms': ['1000'] });
  const flat = Object.entries(headers).map(([name, values]) => [name, values.join(', ')] as [string, string]);
  const body = JSON.stringify({ query: '{ viewer { id } }' });
  return fetch(graph.calendarUrl, { method: 'POST', headers: flat, body });
}

test('the calendar accepts the call, for the user of the token', async () => {
  expect(await (await call('calendar')).json()).toEqual({ data: { viewer: { id: 'student-1' } } });
});

test('a token for another subgraph is refused by the calendar', async () => {
  expect((await call('lecture')).status).toBe(401);
});

test('without a user nothing is signed', async () => {
  expect((await ask(asked('calendar'))).status).toBe(400);
});
