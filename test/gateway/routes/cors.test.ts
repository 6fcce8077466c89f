// Pages of other origins: which may use the API, and what a browser is told.
import { afterEach, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { startGraph } from '../../harness/graph.ts';
import type { SmallGraph } from '../../harness/small-graph.ts';

const APP = 'https://app.example.ac.kr';
let graph: SmallGraph;
afterEach(() => graph.close());

const start = async (corsOrigins: readonly string[] | 'loopback') => {
  graph = await startGraph({ sources: 'small', gateway: { corsOrigins } });
};
async function preflight(origin: string, path = '/graphql') {
  const { statusCode, headers } = await request(`${graph.url}${path}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  return { status: statusCode, origin: headers['access-control-allow-origin'], headers };
}

describe('a page of an allowed origin', () => {
  test('may send its token and JSON, from nowhere else, and without cookies', async () => {
    await start([APP]);
    const { status, origin, headers } = await preflight(APP);
    expect([status, origin, headers.vary]).toEqual([204, APP, expect.stringContaining('Origin')]);
    expect(headers['access-control-allow-headers']).toMatch(/authorization.*content-type/);
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    for (const other of ['https://evil.example', 'https://app.example.ac.kr.evil.example', 'null'])
      expect((await preflight(other)).origin).toBeUndefined();
  });

  test('can read refusals too, with what they say of a repetition', async () => {
    await start([APP]);
    for (const path of ['/graphql', '/live']) {
      const { statusCode, headers, body } = await request(`${graph.url}${path}`, {
        method: path === '/live' ? 'GET' : 'POST',
        headers: { origin: APP, 'content-type': 'application/json' },
        ...(path === '/live' ? {} : { body: '{}' }),
      });
      await body.dump();
      expect([statusCode, headers['access-control-allow-origin']]).toEqual([401, APP]);
      expect(headers['access-control-expose-headers']).toContain('retry-after');
    }
  });
});

test('while developing, pages of this machine may use the API, and no others', async () => {
  await start('loopback');
  for (const origin of ['http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:8080'])
    expect((await preflight(origin)).origin).toBe(origin);
  for (const origin of ['http://localhost.evil.example', 'https://evil.example', 'http://localhost:5173.evil'])
    expect((await preflight(origin)).origin).toBeUndefined();
});

test('without allowed origins a preflight is refused', async () => {
  await start([]);
  expect(await preflight(APP)).toMatchObject({ status: 405, origin: undefined });
});
