// Promise: only a service with the scope can send change hints (their effect is tested in
// services/freshness/hint), and operators can see the state of the feeds.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createInternalSigner } from '../../src/auth/internal-token.ts';
import { systemClock } from '../../src/clock.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { RealGraph } from '../harness/real-graph.ts';

const SECRET = '0123456789abcdef0123456789abcdef';
let graph: RealGraph;
beforeAll(async () => {
  graph = await startGraph({ sources: 'real', settings: { INTERNAL_SECRET: SECRET } });
}, 60_000);
afterAll(() => graph.close());

test('the state of the feeds is shown at the gateway’s /readyz', async () => {
  await graph.waitForLiveFeeds();
  await eventually('all of them', async () => {
    const { feeds } = (await (await fetch(`${graph.url}/readyz`)).json()) as { feeds: Record<string, string> };
    return ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'].every((kind) => feeds[`poll ${kind}`] === 'ok');
  });
});

test('neither a client nor a service without the scope can send a change hint', async () => {
  const hint = 'mutation { notifyChange(kind: LECTURE) }';
  const { body } = await graph.query('admin-1', hint, {});
  expect(body.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  const secret = new TextEncoder().encode(SECRET);
  const sign = createInternalSigner({ secret, service: 'lecture', clock: systemClock });
  const ask = async (scopes: readonly string[]) => {
    const authorization = `Bearer ${await sign({ audience: 'calendar', scopes })}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(graph.calendar, { method: 'POST', headers, body: JSON.stringify({ query: hint }) });
    return ((await answer.json()) as { data: unknown }).data;
  };
  expect([await ask([]), await ask(['changes:hint'])]).toEqual([null, { notifyChange: true }]);
});
