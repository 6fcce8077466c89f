// The service switch: only if enabled, for signed-in users, and for existing services.

import { afterEach, expect, test } from '@jest/globals';
import { startGraph } from '../../harness/graph.ts';
import type { SmallGraph } from '../../harness/small-graph.ts';

let graph: SmallGraph;
afterEach(() => graph.close());

const switched: string[] = [];
const services = {
  running: { lecture: true },
  stop: async (name: string) => void switched.push(`stop ${name}`),
  start: async (name: string) => void switched.push(`start ${name}`),
};

const send = async (path: string, method: string, user: string | null = 'student-1') =>
  graph.send({
    path,
    method,
    headers: user === null ? {} : { authorization: `Bearer ${await graph.token(user)}` },
  });

test('a signed-in user can stop and start a service', async () => {
  graph = await startGraph({ sources: 'small', gateway: { services } });
  expect((await send('/dev/services', 'GET')).text).toBe('{"lecture":true}');
  expect((await send('/dev/services/lecture/stop', 'POST')).status).toBe(200);
  expect((await send('/dev/services/lecture/start', 'POST')).status).toBe(200);
  expect(switched).toEqual(['stop lecture', 'start lecture']);
});

test('other users and other services are refused', async () => {
  switched.length = 0;
  graph = await startGraph({ sources: 'small', gateway: { services } });
  expect((await send('/dev/services/lecture/stop', 'POST', null)).status).toBe(401);
  for (const path of ['/dev/services/gateway/stop', '/dev/services/constructor/stop', '/dev/services/lecture/kill']) {
    expect((await send(path, 'POST')).status).toBe(404);
  }
  expect(switched).toEqual([]);
});

test('without services of its own the gateway has no such route', async () => {
  graph = await startGraph({ sources: 'small' });
  expect((await send('/dev/services/lecture/stop', 'POST')).status).toBe(404);
});
