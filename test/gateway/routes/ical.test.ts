// Subscription addresses while the calendar fails: an owner that cannot be looked up is never
// reported as unknown.

import { afterEach, expect, test } from '@jest/globals';
import { ApiError } from '../../../src/errors.ts';
import { startGraph } from '../../harness/graph.ts';
import type { SmallGraph } from '../../harness/small-graph.ts';

let graph: SmallGraph;
afterEach(() => graph.close());

test.each([
  ['cannot look it up', () => new ApiError('UNAVAILABLE', 'Subscription URLs cannot be checked at the moment.')],
  ['fails', () => new Error('relation "rotations" does not exist at 10.0.0.7')],
])('a calendar that %s the owner of an address gives 503 with Retry-After and no internals', async (_, failure) => {
  const calendarSubscriptionOwner = () => {
    throw failure();
  };
  graph = await startGraph({ sources: 'small', resolvers: { calendar: { Query: { calendarSubscriptionOwner } } } });
  const { status, headers, body } = await graph.send({ path: '/calendar/x.ics' });
  expect([status, headers.get('cache-control')]).toEqual([503, 'no-store']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(60);
  expect(body).toEqual({
    errors: [{ message: 'The calendar cannot be read as a whole at the moment.', extensions: { code: 'UNAVAILABLE' } }],
  });
});

test('the owner of an address is looked up with the gateway’s own token, without a user', async () => {
  const callers: unknown[] = [];
  const calendarSubscriptionOwner = (_: unknown, __: unknown, { caller }: { caller: unknown }) => {
    callers.push(caller);
    return null;
  };
  graph = await startGraph({ sources: 'small', resolvers: { calendar: { Query: { calendarSubscriptionOwner } } } });
  expect((await graph.send({ path: '/calendar/x.ics' })).status).toBe(404);
  expect(callers).toEqual([{ service: 'gateway', scopes: ['subscription:read'], user: null }]);
});
