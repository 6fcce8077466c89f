// GET /live: notifications reach the user they concern as they arrive, and nobody else.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createGateway } from '../../../src/gateway/gateway.ts';
import { manualClock } from '../../harness/clock.ts';
import { eventually } from '../../harness/eventually.ts';
import { startGraph } from '../../harness/graph.ts';
import type { SmallGraph } from '../../harness/small-graph.ts';

let graph: SmallGraph;
/** The calendar's side: requests for streams, and their responses, still open. */
let opened: { request: IncomingMessage; response: ServerResponse }[];
let answerWith: (response: ServerResponse) => void;
let closeCalendar: () => Promise<void>;

const stream = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': here\nid: a.1\n\n');
};

beforeEach(async () => {
  opened = [];
  answerWith = stream;
  const calendar = createServer((request, response) => {
    opened.push({ request, response });
    answerWith(response);
  });
  await new Promise<void>((resolve) => calendar.listen(0, '127.0.0.1', resolve));
  const { port } = calendar.address() as AddressInfo;
  closeCalendar = async () => {
    calendar.closeAllConnections();
    await new Promise((resolve) => calendar.close(resolve));
  };
  graph = await startGraph({ sources: 'small', urls: { calendar: `http://127.0.0.1:${port}/graphql` } });
});
afterEach(async () => {
  await graph.close();
  await closeCalendar();
});

/** A listener: what it has read so far, and the means to go. */
async function listen(user = 'student-1', headers: Record<string, string> = {}, url = graph.url) {
  const controller = new AbortController();
  const response = await fetch(`${url}/live`, {
    headers: { authorization: `Bearer ${await graph.token(user)}`, ...headers },
    signal: controller.signal,
  });
  const listener = { response, text: '', over: false, broken: false, go: () => controller.abort() };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) listener.text += decoder.decode(bytes as Uint8Array);
  };
  read()
    .catch(() => {
      listener.broken = true;
    })
    .finally(() => {
      listener.over = true;
    });
  return listener;
}

const has = (listener: { text: string }, text: string) => eventually(text, () => listener.text.includes(text));

test('the calendar’s events arrive unchanged', async () => {
  const listener = await listen();
  expect(listener.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  opened[0]?.response.write('id: a.2\nevent: change\ndata: {"kinds":["LECTURE"],"months":["2026-11"]}\n\n');
  await has(listener, 'id: a.2\nevent: change\ndata: {"kinds":["LECTURE"],"months":["2026-11"]}\n\n');
});

test('another user’s calendar is requested by id, with any characters', async () => {
  const token = await graph.token('student-1');
  const about = async (search: string) => {
    const response = await fetch(`${graph.url}/live${search}`, { headers: { authorization: `Bearer ${token}` } });
    await response.body?.cancel();
    return opened.at(-1)?.request.url;
  };
  expect(await about('?user=student-2')).toBe('/changes?user=student-2');
  expect(await about('?user=a%26b%3D%0d%0a')).toBe('/changes?user=a%26b%3D%0D%0A');
  expect(await about('?user=a&user=b')).toBe('/changes');
  answerWith = (response) => response.writeHead(403).end();
  const { status, body } = await graph.send({ path: '/live?user=x', headers: { authorization: `Bearer ${token}` } });
  expect([status, body.errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
});

test('a stream without a token is 401', async () => {
  const { status } = await graph.send({ path: '/live' });
  expect([status, opened.length]).toEqual([401, 0]);
});

test('a reconnecting client’s Last-Event-ID is passed on, and no other header', async () => {
  await listen('student-1', { 'last-event-id': 'a.7', 'x-secret': 'mine' });
  await listen('student-1', { 'last-event-id': 'a b c' });
  expect(opened.map(({ request }) => request.headers['last-event-id'])).toEqual(['a.7', undefined]);
  expect(opened[0]?.request.headers['x-secret']).toBeUndefined();
});

test('a user has at most five streams, and can open another when one has ended', async () => {
  const five = await Promise.all(Array.from({ length: 5 }, () => listen()));
  const sixth = await listen();
  expect([sixth.response.status, sixth.response.headers.get('retry-after')]).toEqual([429, '30']);
  expect((await listen('student-2')).response.status).toBe(200);
  five[0]?.go();
  await eventually('room', async () => (await listen()).response.status === 200);
});

test('clients that leave while their tokens are verified take no stream from the user', async () => {
  const waiting: (() => void)[] = [];
  const slow = createGateway({
    ...graph.options,
    verifyUser: async (headers) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return graph.options.verifyUser(headers);
    },
  });
  const { url } = await slow.listen({ port: 0, host: '127.0.0.1' });
  const verifyAll = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  try {
    const token = await graph.token();
    const sockets = Array.from({ length: 20 }, () => connect(Number(new URL(url).port), '127.0.0.1'));
    for (const socket of sockets)
      socket.write(`GET /live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`);
    await eventually('20 tokens to verify', () => waiting.length === 20);
    for (const socket of sockets) socket.resetAndDestroy();
    // What is asked after them is answered after them: the server has seen that they are gone.
    const after = fetch(`${url}/livez`);
    await after;
    verifyAll();
    const five = Array.from({ length: 5 }, () => listen('student-1', {}, url));
    await eventually('five more tokens to verify', () => waiting.length === 5);
    verifyAll();
    expect((await Promise.all(five)).map(({ response }) => response.status)).toEqual([200, 200, 200, 200, 200]);
  } finally {
    verifyAll();
    await slow.close();
  }
});

test('a stream ends with the token that opened it', async () => {
  const clock = manualClock();
  const gateway = createGateway({
    ...graph.options,
    clock,
    verifyUser: async (headers) => ({ ...(await graph.options.verifyUser(headers)), endsAt: clock.now() + 90_000 }),
  });
  const { url } = await gateway.listen({ port: 0, host: '127.0.0.1' });
  try {
    const listener = await listen('student-1', {}, url);
    await has(listener, 'here');
    await clock.advance(89_999);
    opened[0]?.response.write('id: a.2\nevent: change\ndata: {}\n\n');
    await has(listener, 'a.2');
    expect(listener.over).toBe(false);
    await clock.advance(1);
    await eventually('the end', () => listener.over);
    expect(listener.broken).toBe(false);
    await eventually('the calendar sees it', () => opened[0]?.response.closed ?? false);
  } finally {
    await Promise.all([gateway.close(), clock.advance(60_000)]);
  }
});

test('the stream from the calendar ends when its client leaves', async () => {
  const listener = await listen();
  listener.go();
  await eventually('the calendar sees it', () => opened[0]?.response.closed ?? false);
});

test('a broken stream from the calendar ends the client’s stream, so that it reconnects', async () => {
  const listener = await listen();
  await has(listener, 'here');
  opened[0]?.response.destroy();
  await eventually('the end', () => listener.over);
});

test('without the calendar a stream is 503, and the gateway goes on', async () => {
  answerWith = (response) => response.writeHead(500).end('stack trace');
  const { response, text } = await listen();
  expect([response.status, response.headers.get('retry-after'), text.includes('stack')]).toEqual([503, '5', false]);
  expect((await graph.send({ path: '/livez' })).status).toBe(200);
});

test('streams do not delay the gateway’s shutdown', async () => {
  const gateway = createGateway(graph.options);
  const { url } = await gateway.listen({ port: 0, host: '127.0.0.1' });
  const listener = await listen('student-1', {}, url);
  await gateway.close();
  await eventually('the end', () => listener.over);
  // What holds up the end for five seconds is cut off.
  expect(listener.broken).toBe(false);
});
