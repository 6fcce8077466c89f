// Promise: random input of every kind from outside causes no server error, no hang, no unhandled
// rejection and nothing of the inside in an answer. The long form is `npm run test:fuzz`.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KINDS } from './kinds.ts';
import { startWorld, type World } from './world.ts';

const RUNS = 5;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

test.each(KINDS)(
  '$name',
  async ({ property, weight }) => {
    await fc.assert(property(world), { numRuns: RUNS * weight });
  },
  120_000,
);

test('afterwards a valid page is answered as before, and the gateway has all of its places', async () => {
  await world.graph.sources.lecture.heal();
  expect((await world.post('{"query":"{ viewer { id } }"}')).trim()).toBe('{"data":{"viewer":{"id":"student-1"}}}');
  expect((await fetch(`${world.graph.gatewayUrl}/readyz`)).status).toBe(200);
});
