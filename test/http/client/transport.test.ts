// The transport over real sockets: every failure has a reason, a time limit and a size limit.

import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/clock.ts';
import { SourceError } from '../../../src/errors.ts';
import { createTransport, type Transport, type TransportOptions } from '../../../src/http/client/transport.ts';
import { answer, GOOD, type OnRequest, rawServer } from './raw-server.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const open: { close(): Promise<void> }[] = [];

async function connected(onRequest: OnRequest, options: Partial<TransportOptions> = {}) {
  const server = await rawServer(onRequest);
  const transport = createTransport({ url: server.url, clock: systemClock, ...options });
  open.push(transport, server);
  return { server, transport };
}

/** One read, given up after 5 s unless said otherwise. */
function read(transport: Transport, options: { deadlineMs?: number; retry?: boolean } = {}) {
  return transport.post({ body: '{"query":"{a}"}', deadlineMs: 5_000, ...options });
}

async function failure(promise: Promise<unknown>): Promise<SourceError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

describe('an answer', () => {
  test('is returned complete, with status and headers', async () => {
    const { server, transport } = await connected((socket) => socket.write(GOOD));
    const got = await read(transport);
    expect(got).toMatchObject({
      status: 200,
      body: '{"data":{"a":1}}',
      headers: { 'content-type': 'application/json' },
    });
    expect(server.requests[0]).toMatch(/^POST \/graphql HTTP\/1.1\r\n/);
    expect(server.requests[0]).toMatch(/content-type: application\/json\r\n/);
    expect(server.requests[0]).toMatch(/accept-encoding: identity\r\n/);
  });

  test('may be a GraphQL refusal: 400 with application/graphql-response+json', async () => {
    const refusal = answer('400 Bad Request', { 'content-type': 'application/graphql-response+json' }, '{"errors":[]}');
    const { transport } = await connected((socket) => socket.write(refusal));
    expect(await read(transport)).toMatchObject({ status: 400, body: '{"errors":[]}' });
  });

  test('may contain characters that are split between packets', async () => {
    const text = '{"title":"알고리즘 과제"}';
    const bytes = answer('200 OK', JSON_TYPE, text);
    const { transport } = await connected((socket) => {
      socket.write(bytes.subarray(0, bytes.length - 12));
      setTimeout(() => socket.write(bytes.subarray(bytes.length - 12)), 5);
    });
    expect((await read(transport)).body).toBe(text);
  });

  test('may come after informational responses', async () => {
    const hints = Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n');
    const { transport } = await connected((socket) => socket.write(Buffer.concat([hints, hints, GOOD])));
    expect(await read(transport)).toMatchObject({ status: 200, body: '{"data":{"a":1}}' });
  });

  test('can be read by GET, also from another path of the service', async () => {
    const { server, transport } = await connected((socket) => socket.write(GOOD));
    await transport.get({ deadlineMs: 5_000, path: '/livez' });
    await transport.get({ deadlineMs: 5_000 });
    expect(server.requests.map((text) => text.split('\r\n')[0])).toEqual([
      'GET /livez HTTP/1.1',
      'GET /graphql HTTP/1.1',
    ]);
  });
});

describe('the deadline', () => {
  const hangs: [string, OnRequest][] = [
    ['before the headers', () => undefined],
    ['in the middle of the headers', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-ty')],
    ['in the middle of the body', (socket) => socket.write(GOOD.subarray(0, -4))],
    ['in the middle of a refusal', (socket) => socket.write(answer('500 No', {}, 'x'.repeat(9)).subarray(0, -4))],
  ];
  test.each(hangs)('ends a call to a service that hangs %s', async (_, hang) => {
    const { transport } = await connected(hang);
    const start = performance.now();
    expect((await failure(read(transport, { deadlineMs: 80 }))).reason).toMatch(/TIMEOUT|BAD_RESPONSE/);
    expect(performance.now() - start).toBeGreaterThanOrEqual(78);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  test('covers the retry', async () => {
    const { server, transport } = await connected((socket, n) => {
      if (n === 0) setTimeout(() => socket.resetAndDestroy(), 500);
    });
    const start = performance.now();
    expect((await failure(read(transport, { deadlineMs: 600, retry: true }))).reason).toBe('TIMEOUT');
    expect(performance.now() - start).toBeLessThan(1_050);
    expect(server.requests).toHaveLength(2);
  });

  test('ends a call that waits for a connection, and it is not sent later', async () => {
    let answerFirst = () => {};
    const { server, transport } = await connected(
      (socket, n) => {
        if (n === 0) answerFirst = () => socket.write(GOOD);
        else socket.write(GOOD);
      },
      { connections: 1 },
    );
    const first = read(transport);
    expect((await failure(read(transport, { deadlineMs: 80 }))).reason).toBe('TIMEOUT');
    answerFirst();
    expect([(await first).status, (await read(transport)).status]).toEqual([200, 200]);
    expect(server.requests).toHaveLength(2);
  });

  test('frees the connection of a call that timed out', async () => {
    const { transport } = await connected((socket, n) => n > 0 && socket.write(GOOD), { connections: 1 });
    await failure(read(transport, { deadlineMs: 30 }));
    expect((await read(transport)).status).toBe(200);
  });
});

describe('no connection', () => {
  test('to a closed port is UNREACHABLE', async () => {
    const { server, transport } = await connected(() => undefined);
    await server.close();
    expect((await failure(read(transport, { retry: true }))).reason).toBe('UNREACHABLE');
  });

  test('to an unknown host is UNREACHABLE', async () => {
    const transport = createTransport({ url: 'http://nowhere.invalid/graphql', clock: systemClock });
    open.push(transport);
    expect((await failure(read(transport))).reason).toBe('UNREACHABLE');
  });

  test('after a reset is UNREACHABLE, and is retried once if the call may be repeated', async () => {
    const onlySecond: OnRequest = (socket, n) => (n % 2 === 0 ? socket.resetAndDestroy() : socket.write(GOOD));
    const { server, transport } = await connected(onlySecond);
    expect((await read(transport, { retry: true })).status).toBe(200);
    expect((await failure(read(transport))).reason).toBe('UNREACHABLE');
    expect(server.requests).toHaveLength(3);
  });

  test('after a reset within the answer is retried once as well', async () => {
    const { server, transport } = await connected((socket, n) => {
      if (n === 0) socket.write(GOOD.subarray(0, -4), () => socket.resetAndDestroy());
      else socket.write(GOOD);
    });
    expect((await read(transport, { retry: true })).body).toBe('{"data":{"a":1}}');
    expect(server.requests).toHaveLength(2);
  });

  test('is never retried twice', async () => {
    const { server, transport } = await connected((socket) => socket.resetAndDestroy());
    expect((await failure(read(transport, { retry: true }))).reason).toBe('UNREACHABLE');
    expect(server.requests).toHaveLength(2);
  });

  test('is not retried for a call that may not be repeated', async () => {
    const { server, transport } = await connected((socket) => socket.resetAndDestroy());
    await failure(read(transport));
    expect(server.requests).toHaveLength(1);
  });

  test('is retried for about a tenth of the calls only', async () => {
    const { server, transport } = await connected((socket) => socket.resetAndDestroy());
    for (let i = 0; i < 100; i += 1) await failure(read(transport, { retry: true }));
    expect(server.requests.length).toBeLessThanOrEqual(115);
    expect(server.requests.length).toBeGreaterThan(105);
  });

  test('is no problem when the service closes each connection after its answer', async () => {
    const { server, transport } = await connected((socket) => socket.end(GOOD), { connections: 4 });
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => (await read(transport, { retry: true })).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(server.connections()).toBeGreaterThan(100);
  });

  test('and stray bytes on an idle connection never answer the next request', async () => {
    const stray = answer('200 OK', JSON_TYPE, '{"data":{"stray":1}}');
    const { transport } = await connected((socket) => socket.write(Buffer.concat([GOOD, stray])), { connections: 1 });
    for (let i = 0; i < 100; i += 1) {
      const body = await read(transport, { retry: true }).then(
        (got) => got.body,
        () => 'refused',
      );
      expect(body).not.toMatch(/stray/);
    }
  });
});

describe('a bad answer is BAD_RESPONSE', () => {
  const huge = answer('200 OK', { ...JSON_TYPE, 'content-length': '10000000' }, 'x'.repeat(3_000));
  const chunked = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n800\r\n${'x'.repeat(2_048)}\r\n`;
  const bomb = answer('200 OK', { ...JSON_TYPE, 'content-encoding': 'gzip' }, gzipSync('x'.repeat(1e6)));
  const bad: [string, string | Buffer][] = [
    ['a 502 with an HTML page', answer('502 Bad Gateway', { 'content-type': 'text/html' }, '<h1>secret host</h1>')],
    ['a 500 with JSON', answer('500 No', JSON_TYPE, '{"data":1}')],
    ['a 400 that is not GraphQL', answer('400 No', JSON_TYPE, '{"errors":[]}')],
    ['a redirect', answer('302 Found', { location: 'http://169.254.169.254/' }, '')],
    ['a text', answer('200 OK', { 'content-type': 'text/plain' }, '{"data":{}}')],
    ['no content type', answer('200 OK', {}, '{"data":{}}')],
    ['an empty body', answer('200 OK', JSON_TYPE, '')],
    ['bytes that are not UTF-8', answer('200 OK', JSON_TYPE, Buffer.from([0x22, 0xff, 0x22]))],
    ['a body that says it is too large', huge],
    ['a body that grows too large', chunked],
    ['a compressed body nobody asked for', bomb],
    ['a plain body that says it is compressed', answer('200 OK', { ...JSON_TYPE, 'content-encoding': 'gzip' }, '{}')],
    ['something that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['headers without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}`],
  ];
  test.each(bad)('%s', async (_, bytes) => {
    const { server, transport } = await connected((socket) => socket.write(bytes), { maxBytes: 2_000 });
    const error = await failure(read(transport, { retry: true }));
    expect(error.reason).toBe('BAD_RESPONSE');
    expect(error.message).not.toMatch(/secret/);
    expect(server.requests).toHaveLength(1);
  });

  test('an endless body is refused at the limit, without growing memory', async () => {
    const { transport } = await connected((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
      const piece = Buffer.alloc(64 * 1024, 0x20);
      const pour = () => {
        while (socket.writable && socket.write(piece));
        if (socket.writable) socket.once('drain', pour);
      };
      pour();
    });
    const before = process.memoryUsage().rss;
    expect((await failure(read(transport))).reason).toBe('BAD_RESPONSE');
    expect(process.memoryUsage().rss - before).toBeLessThan(20e6);
  });

  test('an answer of exactly the limit is accepted', async () => {
    const text = `"${'x'.repeat(1_998)}"`;
    const { transport } = await connected((socket) => socket.write(answer('200 OK', JSON_TYPE, text)), {
      maxBytes: 2_000,
    });
    expect((await read(transport)).body).toBe(text);
  });
});

describe('a refusal has its reason', () => {
  const answers: [string, Record<string, string>, string, number | undefined][] = [
    ['503 Busy', { 'retry-after': '5' }, 'OVERLOADED', 5_000],
    ['429 Slow down', { 'retry-after': '0' }, 'OVERLOADED', 0],
    ['503 Busy', { 'retry-after': 'soon' }, 'OVERLOADED', undefined],
    ['503 Busy', {}, 'OVERLOADED', undefined],
    ['401 Who', {}, 'FORBIDDEN', undefined],
    ['403 No', {}, 'FORBIDDEN', undefined],
  ];
  test.each(answers)('%s %j is %s, with a Retry-After of %s ms', async (status, headers, reason, retryAfterMs) => {
    const { transport } = await connected((socket) => socket.write(answer(status, headers, 'page')));
    expect(await failure(read(transport))).toMatchObject({ reason, retryAfterMs });
  });

  test('Retry-After may be a date', async () => {
    const date = new Date(Date.now() + 7_000).toUTCString();
    const { transport } = await connected((socket) => socket.write(answer('503 Busy', { 'retry-after': date }, '')));
    const { retryAfterMs } = await failure(read(transport));
    expect(retryAfterMs).toBeGreaterThan(5_000);
    expect(retryAfterMs).toBeLessThanOrEqual(7_000);
  });

  test('a refusal with a long body closes the connection, and keeps its reason', async () => {
    const long = answer('503 Busy', { 'retry-after': '5' }, 'x'.repeat(200_000));
    const { server, transport } = await connected((socket) => socket.write(long), { connections: 1 });
    for (let call = 0; call < 2; call += 1) {
      expect(await failure(read(transport))).toMatchObject({ reason: 'OVERLOADED', retryAfterMs: 5_000 });
    }
    expect(server.connections()).toBe(2);
  });

  test('the connection is kept after a refusal', async () => {
    const { server, transport } = await connected((socket) => socket.write(answer('503 Busy', {}, 'page')), {
      connections: 1,
    });
    await failure(read(transport));
    await failure(read(transport));
    expect(server.connections()).toBe(1);
  });
});
