// A stream that nobody reads yet may break: the process goes on.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createEventStreams } from '../../../src/http/client/event-stream.ts';
import { eventually } from '../../harness/eventually.ts';

test.each(['its reader leaves', 'the server is gone'])(
  'a stream that breaks before it is read, because %s, ends no process',
  async (cause) => {
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.on('uncaughtException', note);
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': first\n\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const streams = createEventStreams(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
    const reader = new AbortController();
    const body = (await streams.open({
      path: '/changes',
      headers: {},
      signal: reader.signal,
    })) as AsyncIterable<Uint8Array> & {
      readonly destroyed: boolean;
    };
    if (cause === 'its reader leaves') reader.abort();
    else server.closeAllConnections();
    await eventually('a stream that broke', () => body.destroyed);
    await setImmediate();
    await setImmediate();
    process.off('uncaughtException', note);
    expect(uncaught).toEqual([]);
    await streams.close();
    server.close();
  },
);
