// Calls to every replica of a service, and change hints through them.
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createChangeHint } from '../../../src/gateway/graph/change-hint.ts';
import { createReplicas, type Replicas } from '../../../src/http/client/replicas.ts';
import { manualClock } from '../../harness/clock.ts';
import { eventually } from '../../harness/eventually.ts';

describe('a service of which several replicas run', () => {
  const clock = manualClock();
  const servers: Server[] = [];
  let heard: string[];
  let addresses: string[] | null;
  let replicas: Replicas;
  let port: number;
  beforeEach(async () => {
    heard = [];
    addresses = ['127.0.0.1', '127.0.0.2'];
    port = 0;
    for (const address of ['127.0.0.1', '127.0.0.2']) {
      const server = createServer((request, response) => {
        heard.push(`${address} ${request.headers.host}`);
        request.resume();
        response.setHeader('content-type', 'application/json').end('{}');
      });
      await new Promise<void>((resolve) => server.listen(port, address, resolve));
      port = (server.address() as { port: number }).port;
      servers.push(server);
    }
    replicas = createReplicas(`http://localhost:${port}/graphql`, clock, async () => {
      if (addresses === null) throw new Error('ENOTFOUND');
      return addresses;
    });
  });
  afterEach(async () => {
    await replicas.close();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  const hint = () => createChangeHint(replicas, async () => 'token')('lecture');
  const from = (address: string) => heard.filter((one) => one.startsWith(address)).length;

  test('is told of a write at each address, under the name of its URL', async () => {
    hint();
    await eventually('both', () => heard.length === 2);
    expect(heard.toSorted()).toEqual([`127.0.0.1 localhost:${port}`, `127.0.0.2 localhost:${port}`]);
  });

  test('is followed when its addresses change', async () => {
    addresses = ['127.0.0.2'];
    hint();
    await eventually('the one', () => from('127.0.0.2') === 1);
    addresses = ['127.0.0.1', '127.0.0.2'];
    await clock.advance(5_000);
    hint();
    await eventually('both', () => from('127.0.0.1') === 1 && from('127.0.0.2') === 2);
  });

  test('is told at its URL while the name cannot be resolved', async () => {
    addresses = null;
    hint();
    await eventually('the one', () => heard.length === 1);
  });

  test('may have an address at which nothing listens', async () => {
    addresses = ['127.0.0.3', '127.0.0.1'];
    hint();
    await eventually('the other', () => from('127.0.0.1') === 1);
  });
});
