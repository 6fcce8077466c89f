// The playground and the demo users exist only if enabled, demo users on loopback only; and no
// other host is contacted.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApiError } from '../../../src/errors.ts';
import { startGraph } from '../../harness/graph.ts';
import type { SmallGraph } from '../../harness/small-graph.ts';

let graph: SmallGraph;
let folder: string;
const connected = new Set<string>();

/** Node reports every socket that connects. */
const onConnect = (message: unknown) => {
  const { socket } = message as { socket: net.Socket };
  socket.on('connectionAttempt', (ip: string, port: number) => connected.add(`${ip}:${port}`));
};

const devToken = async (user: string) => {
  if (user !== 'student-1') throw new ApiError('BAD_USER_INPUT', 'user: expected student-1');
  return 'a.b.c';
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'playground-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>playground</title>');
  subscribe('net.client.socket', onConnect);
  graph = await startGraph({
    sources: 'small',
    gateway: { playground: pathToFileURL(`${folder}/`), devToken, introspection: true },
  });
});
afterAll(async () => {
  await graph.close();
  unsubscribe('net.client.socket', onConnect);
  rmSync(folder, { recursive: true });
});

test('the playground may run only its own scripts', async () => {
  const { status, headers, text } = await graph.send({ path: '/graphiql' });
  expect(status).toBe(200);
  expect(text).toContain('<title>playground</title>');
  expect(headers.get('content-security-policy')).toContain("default-src 'none';script-src 'self';");
});

test('files beside the playground are not served', async () => {
  for (const path of ['/graphiql/..%2f..%2fetc/passwd', '/graphiql/%2e%2e/package.json', '/graphiql/nothing.js']) {
    expect((await graph.send({ path })).status).toBe(404);
  }
});

test('a demo user gets a token, as text', async () => {
  const { status, headers, text } = await graph.send({ path: '/dev/token?user=student-1' });
  expect([status, text, headers.get('content-type')]).toEqual([200, 'a.b.c', 'text/plain; charset=utf-8']);
});

test.each(['?user=root', '', '?user=student-1&user=student-2'])(
  '%s is refused with what was expected',
  async (query) => {
    const { status, body } = await graph.send({ path: `/dev/token${query}` });
    expect([status, body.errors?.[0]?.message]).toEqual([400, 'user: expected student-1']);
  },
);

test('with introspection allowed, the usual introspection query passes the limits', async () => {
  const { getIntrospectionQuery } = await import('graphql');
  const { status, body } = await graph.query('student-1', getIntrospectionQuery());
  expect([status, body.errors]).toEqual([200, undefined]);
});

test('demo users on a host that is not loopback stop the start', async () => {
  const { createGateway } = await import('../../../src/gateway/gateway.ts');
  const gateway = createGateway({ ...graph.options, devToken });
  await expect(gateway.listen({ port: 0, host: '0.0.0.0' })).rejects.toThrow('HOST: expected a loopback address');
  await gateway.close();
});

test('only the configured hosts are ever connected to', async () => {
  await graph.query('student-1', '{ viewer { id } }');
  const ours = [graph.url, ...Object.values(graph.options.subgraphs)].map((url) => new URL(url).host);
  expect([...connected].filter((host) => !ours.includes(host))).toEqual([]);
  expect(connected.size).toBeGreaterThan(1);
});
