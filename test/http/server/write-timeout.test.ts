// Promise: a client that does not read its answer is disconnected after the time for it, and the
// memory that the answer took is free; clients that read, and event streams, are not disturbed.
import { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { sendEvents } from '../../../src/http/server/event-stream.ts';
import { limitWriting } from '../../../src/http/server/write-timeout.ts';
import { type ManualClock, manualClock } from '../../harness/clock.ts';
import { eventually } from '../../harness/eventually.ts';

/** More than the buffers of both ends of a connection take. */
const LARGE = Buffer.alloc(32 * 2 ** 20, 'x');
const PARTS = Array.from({ length: 1_000 }, () => Buffer.alloc(64 * 2 ** 10, 'x'));
const LIMIT_MS = 30_000;

let app: FastifyInstance;
let clock: ManualClock;
let port: number;
const held = new Set<Socket>();
const clients: Socket[] = [];

beforeEach(async () => {
  clock = manualClock();
  app = fastify({
    forceCloseConnections: true,
    http: { ServerResponse: limitWriting(ServerResponse, clock, LIMIT_MS) },
  });
  app.get('/whole', (_, reply) => reply.send(LARGE));
  app.get('/parts', (_, reply) => reply.send(Readable.from(PARTS, { objectMode: false })));
  app.get('/small', (_, reply) => reply.send('{}'));
  app.get('/events', (_, reply) => sendEvents(reply, Readable.from([LARGE])));
  app.server.on('connection', (socket: Socket) => {
    held.add(socket);
    socket.once('close', () => held.delete(socket));
  });
  port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await app.close();
});

/** A client that has asked and reads nothing; resolves when the answer waits for it. */
async function unread(path: string): Promise<Socket> {
  const client = connect(port, '127.0.0.1').pause();
  client.on('error', () => {});
  clients.push(client);
  client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const isWaiting = (socket: Socket) => socket.remotePort === client.localPort && socket.writableLength > 0;
  await eventually('an answer that waits', () => [...held].some(isWaiting));
  return client;
}

// Of an answer in parts the system takes the first, which the client need not read.
test.each([
  ['/whole', LIMIT_MS],
  ['/parts', 2 * LIMIT_MS],
])('a client that reads nothing of %s is disconnected after %i ms', async (path, ms) => {
  await unread(path);
  await clock.advance(ms - 1);
  expect(held.size).toBe(1);
  await clock.advance(1);
  await eventually('a closed connection', () => held.size === 0);
});

test('a client of an answer in parts that reads slowly is not disconnected while it reads', async () => {
  const client = await unread('/parts');
  for (let round = 0; round < 3; round += 1) {
    const [socket] = held;
    const sent = () => (socket?.bytesWritten ?? 0) - (socket?.writableLength ?? 0);
    const before = sent();
    client.resume();
    await eventually('a part that is read', () => sent() > before);
    client.pause();
    await clock.advance(LIMIT_MS);
    expect(held.size).toBe(1);
  }
});

test('an event stream is left open', async () => {
  await unread('/events');
  await clock.advance(10 * LIMIT_MS);
  expect(held.size).toBe(1);
});

test('a client that has read its answer keeps its connection', async () => {
  const client = connect(port, '127.0.0.1');
  clients.push(client);
  let text = '';
  client.on('data', (data) => (text += String(data)));
  for (let round = 1; round <= 2; round += 1) {
    client.write('GET /small HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await eventually('an answer', () => text.split('{}').length > round);
    await clock.advance(10 * LIMIT_MS);
  }
  expect(held.size).toBe(1);
});
