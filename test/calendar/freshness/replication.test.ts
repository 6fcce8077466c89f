// The connection that streams PostgreSQL's log: whenever it is lost, the feed fails and the process
// goes on. An `error` event without a listener would be an uncaught exception.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Connections, replicate } from '../../../src/calendar/freshness/replication.ts';

/** A message of the protocol: its type, its length, its text. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const TERMINATED = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

test('a stream that is terminated in the moment in which it connects fails the feed and nothing else', async () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on('uncaughtException', note);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (startup) => {
      const isStream = startup.includes('replication');
      socket.write(Buffer.concat([AUTHENTICATED, READY, ...(isStream ? [TERMINATED] : [])]));
      if (isStream) socket.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connections = new Connections(`postgres://someone@127.0.0.1:${port}/somewhere`);
  await expect(replicate(connections, 'slot', [])).rejects.toThrow();
  await setImmediate();
  connections.close();
  server.close();
  process.off('uncaughtException', note);
  expect(uncaught).toEqual([]);
});
