// Promise: no document within the limits costs much more of the main thread than My Page's, before
// anything is executed. Costs are CPU time of this process, as a multiple of My Page's in the same
// run; a document that seems slow is measured again, and its least cost counts.
import { readFileSync } from 'node:fs';
import type { ApolloServer } from '@apollo/server';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { systemClock } from '../../../src/clock.ts';
import { createGraph } from '../../../src/gateway/graph/graph.ts';
import { createTextCheck } from '../../../src/gateway/graph/limits.ts';
import type { GatewayContext } from '../../../src/gateway/graph/subgraph-source.ts';
import { readSchema } from '../../../src/schema.ts';
import { operation } from '../../harness/operations.ts';
import { LIMITS } from '../../harness/test-keys.ts';
import { documentFrom } from './random-document.ts';

/** Maximum cost, as a multiple of My Page's. */
const MOST = 40;
const DOCUMENTS = 120;
/** How often a document that seems slow is measured. */
const MEASUREMENTS = 4;

let graph: ApolloServer<GatewayContext>;
let schema: GraphQLSchema;
let number = 0;

beforeAll(async () => {
  schema = buildSchema(readFileSync(new URL('../../schema/baseline.graphql', import.meta.url), 'utf8'));
  graph = createGraph({
    supergraph: readSchema('supergraph'),
    // No source answers: what is measured ends where calls would begin.
    sourceOf: () => ({ process: async () => ({ data: null, errors: [] }) }),
    limits: LIMITS,
    introspection: false,
    known: { clock: systemClock, homeZone: 'UTC' },
  });
  await graph.start();
  for (let i = 0; i < 5; i += 1) await cost(operation('my-page'), LIMITS);
});
afterAll(() => graph.stop());

/** Milliseconds of CPU; undefined if the limits refuse the document. */
async function cost(text: string, limits: typeof LIMITS): Promise<number | undefined> {
  // A new name each time, so that no cache knows the document.
  number += 1;
  const query = text.replace(/^(query|mutation)\s+\w+/m, `$1 Number${number}`);
  const before = process.cpuUsage();
  try {
    createTextCheck(limits)({ query });
  } catch {
    return undefined;
  }
  const principal = { id: 'student-1', roles: ['student'] } as unknown as GatewayContext['principal'];
  await graph.executeOperation({ query }, { contextValue: { principal, endsAt: 0 } });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function leastCost(text: string, enough: number): Promise<number | undefined> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < MEASUREMENTS && least > enough; i += 1) {
    const spent = await cost(text, LIMITS);
    if (spent === undefined) return undefined;
    least = Math.min(least, spent);
  }
  return least;
}

/** My Page's cost in milliseconds: the least of several. */
async function reference(): Promise<number> {
  return (await leastCost(operation('my-page'), 0)) ?? Number.NaN;
}

test('no accepted document costs more than a few times what My Page costs', async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat()), async (choices) => {
      const text = documentFrom(schema, choices);
      const unit = await reference();
      const spent = await leastCost(text, MOST * unit);
      if (spent === undefined) return;
      accepted += 1;
      if (spent > MOST * unit) throw new Error(`${(spent / unit).toFixed(1)} × My Page: ${text}`);
    }),
    { numRuns: DOCUMENTS, endOnFailure: true },
  );
  expect(accepted).toBeGreaterThan(DOCUMENTS / 3);
}, 120_000);

test('the measurement notices a document that the limits on values refuse', async () => {
  const nested = `query Nested { lecture(ern: ${'['.repeat(19)}1${']'.repeat(19)}) { ern } }`;
  expect(await cost(nested, LIMITS)).toBeUndefined();
  const unlimited = { ...LIMITS, valueDepth: 1_000 };
  expect(await cost(nested, unlimited)).toBeGreaterThan(MOST * (await reference()));
}, 120_000);
