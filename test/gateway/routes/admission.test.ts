// Promise: beyond the maximum in flight a request is refused at once, before its body is read, and
// every place is free again afterwards, also those of clients that left.
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { startGraph } from '../../harness/graph.ts';
import { type SmallGraph, startRaw } from '../../harness/small-graph.ts';

let graph: SmallGraph;

beforeAll(async () => {
  graph = await startGraph({ sources: 'small', gateway: { maxInFlight: 2 } });
});
afterAll(() => graph.close());

/** A client that has sent only a part of its request; the function makes it leave. */
async function unfinished(): Promise<() => void> {
  const socket = connect(Number(new URL(graph.url).port), '127.0.0.1');
  const lines = ['POST /graphql HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${await graph.token()}`];
  socket.write(`${[...lines, 'Content-Type: application/json', 'Content-Length: 1000'].join('\r\n')}\r\n\r\n{`);
  return () => socket.destroy();
}

const readyz = async () => (await graph.send({ path: '/readyz' })).status;

test('the excess is 503 with Retry-After, /livez answers, and the places of clients that leave are free again', async () => {
  for (let round = 0; round < 5; round += 1) {
    const leave = [await unfinished(), await unfinished()];
    await eventually('all places taken', async () => (await readyz()) === 503);
    const refused = await graph.send({ path: '/graphql', method: 'POST', body: '{ not json' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(refused.body.errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    expect((await graph.send({ path: '/livez' })).status).toBe(200);
    for (const one of leave) one();
    await eventually('all places free', async () => (await readyz()) === 200);
    expect((await graph.query('student-1', '{ viewer { id } }')).status).toBe(200);
  }
});

test('while the event loop is late, requests are 503 before their body is read, /readyz says it, and /livez answers', async () => {
  // Every delay is over this maximum.
  const late = await startGraph({ sources: 'small', gateway: { maxLoopDelayMs: -60_000 } });
  try {
    await eventually('shedding', async () => (await late.send({ path: '/readyz' })).status === 503);
    const refused = await late.send({ path: '/graphql', method: 'POST', body: '{ not json' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await late.send({ path: '/readyz' })).body).toMatchObject({ status: 'shedding' });
    expect((await late.send({ path: '/livez' })).status).toBe(200);
  } finally {
    await late.close();
  }
});

test('while the calendar says that its event loop is late, fewer requests at a time are admitted', async () => {
  const calendar = await startRaw((request, response) => {
    request.resume();
    request.on('end', () => {
      response.setHeader('content-type', 'application/json').setHeader('x-loop-delay-ms', '50');
      response.end(JSON.stringify({ data: { viewer: { id: 'student-1' } } }));
    });
  });
  const busy = await startGraph({
    sources: 'small',
    urls: { calendar: calendar.url },
    gateway: { maxInFlight: 100, maxLoopDelayMs: 400 },
  });
  const ask = async () => (await busy.query('student-1', '{ viewer { id } }')).status;
  try {
    await eventually('fewer than 50 at a time', async () => {
      const statuses = await Promise.all(Array.from({ length: 50 }, ask));
      return statuses.includes(503) && statuses.includes(200);
    });
    expect(await ask()).toBe(200);
  } finally {
    await busy.close();
    await calendar.close();
  }
});

test('all requests that are admitted reach the calendar at the same time, so that it can read for them together', async () => {
  const together = 200;
  const held: (() => void)[] = [];
  const calendar = await startRaw((request, response) => {
    request.resume();
    held.push(() => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: { viewer: { id: 'student-1' } } }));
    });
  });
  const busy = await startGraph({
    sources: 'small',
    urls: { calendar: calendar.url },
    gateway: { maxInFlight: together, deadlineMs: 60_000 },
  });
  try {
    const asked = Array.from({ length: together }, () => busy.query('student-1', '{ viewer { id } }'));
    await eventually('all of them', () => held.length === together);
    for (const answer of held) answer();
    expect((await Promise.all(asked)).every(({ status }) => status === 200)).toBe(true);
  } finally {
    await busy.close();
    await calendar.close();
  }
});

test('while fewer are admitted one user has a tenth of them, so that others are answered', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let holds = false;
  let waiting = 0;
  const calendar = await startRaw((request, response) => {
    request.resume();
    const answer = () => {
      response.setHeader('content-type', 'application/json').setHeader('x-loop-delay-ms', '50');
      response.end(JSON.stringify({ data: { viewer: { id: 'student-1' } } }));
    };
    if (!holds) return answer();
    waiting += 1;
    void held.then(answer);
  });
  const busy = await startGraph({
    sources: 'small',
    urls: { calendar: calendar.url },
    gateway: { maxInFlight: 100, maxLoopDelayMs: 400, userLimit: 100_000 },
  });
  const ask = async (user: string) => (await busy.query(user, '{ viewer { id } }')).status;
  try {
    await eventually('fewer than 20 at a time', async () => {
      const statuses = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(`student-${index + 1}`)));
      return statuses.includes(503) && statuses.includes(200);
    });
    holds = true;
    const asked = Array.from({ length: 6 }, () => ask('student-1'));
    await eventually('two are taken', () => waiting === 2);
    const other = ask('student-2');
    await eventually('one of another user', () => waiting === 3);
    release();
    expect((await Promise.all(asked)).toSorted((a, b) => a - b)).toEqual([200, 200, 429, 429, 429, 429]);
    expect(await other).toBe(200);
  } finally {
    release();
    await busy.close();
    await calendar.close();
  }
});
