// Promise: a client that sends slowly takes nothing of the operation's time, and after the time for
// a request's arrival it gets 408 in words, not an answer without its sources.
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { manualClock } from '../harness/clock.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { SmallGraph, SmallOptions } from '../harness/small-graph.ts';

let graph: SmallGraph;
afterEach(() => graph.close());

const QUERY = JSON.stringify({ query: '{ viewer { id } }' });

/** A client that has sent all but the end of its body, and what it has received. */
async function almostSent(gateway: SmallOptions['gateway'] = {}) {
  graph = await startGraph({ sources: 'small', gateway: { maxInFlight: 1, ...gateway } });
  const socket: Socket = connect(Number(new URL(graph.url).port), '127.0.0.1');
  let received = '';
  let isClosed = false;
  socket.on('data', (data) => (received += String(data))).on('close', () => (isClosed = true));
  const lines = [
    'POST /graphql HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${await graph.token()}`,
    'Content-Type: application/json',
    `Content-Length: ${QUERY.length}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n${QUERY.slice(0, -1)}`);
  return { socket, received: () => received, isClosed: () => isClosed };
}

test.each([50, 3_600_000, 2 ** 31 - 1])('a client may be given %d ms to send a request', async (requestTimeoutMs) => {
  graph = await startGraph({ sources: 'small', gateway: { requestTimeoutMs } });
  expect((await graph.query('student-1', '{ viewer { id } }')).status).toBe(200);
});

test('the time until the body is there does not count as the operation’s', async () => {
  const clock = manualClock();
  const { socket, received } = await almostSent({ clock });
  // The place of the request is taken when its body is waited for.
  await eventually('the request', async () => (await graph.send({ path: '/readyz' })).status === 503);
  await clock.advance(4_000);
  socket.write(QUERY.slice(-1));
  await eventually('the answer', () => received().includes('"id"'));
  expect(received()).toContain('{"data":{"viewer":{"id":"student-1"}}}');
  expect(graph.calls.calendar[0]?.deadlineMs).toBe(graph.options.deadlineMs);
  socket.destroy();
});

test('a body that does not arrive is 408 in JSON, the connection is closed, and its place is free', async () => {
  const { received, isClosed } = await almostSent({ requestTimeoutMs: 100 });
  await eventually('the end of the connection', isClosed);
  const [head = '', body = ''] = received().split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\n/);
  expect(JSON.parse(body)).toEqual({
    errors: [{ message: 'The request took too long to arrive.', extensions: { code: 'BAD_REQUEST' } }],
  });
  expect((await graph.query('student-1', '{ viewer { id } }')).status).toBe(200);
});
