// The gateway is ready once every subgraph has answered; later outages are reported but change
// nothing.
import { expect, test } from '@jest/globals';
import { SourceError } from '../../../src/errors.ts';
import { createReadiness } from '../../../src/gateway/routes/readiness.ts';
import { manualClock, settled } from '../../harness/clock.ts';
import { jsonAnswer } from '../../http/client/json-answer.ts';

const sign = async () => 'token';
const get = async () => jsonAnswer('{}');

function subgraph() {
  const one = {
    up: true,
    asked: 0,
    get,
    async post() {
      one.asked += 1;
      if (!one.up) throw new SourceError('UNREACHABLE', 'down');
      return jsonAnswer('{}');
    },
  };
  return one;
}

test('a gateway is ready when each subgraph has answered once, at any time', async () => {
  const clock = manualClock();
  const [a, b] = [subgraph(), subgraph()];
  const readiness = createReadiness(new Map(Object.entries({ a, b })), clock, sign);
  b.up = false;
  expect(await readiness()).toEqual({ ready: false, subgraphs: { a: 'ok', b: 'no answer' }, feeds: {} });
  [a.up, b.up] = [false, true];
  await clock.advance(1000);
  expect(await readiness()).toEqual({ ready: true, subgraphs: { a: 'no answer', b: 'ok' }, feeds: {} });
});

test('a gateway is ready when it has warmed up, which it does once, when all subgraphs have answered', async () => {
  const clock = manualClock();
  const a = subgraph();
  a.up = false;
  let warmUps = 0;
  let finish = () => {};
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const readiness = createReadiness(new Map([['a', a]]), clock, sign, () => {
    warmUps += 1;
    return over;
  });
  expect((await readiness()).ready).toBe(false);
  expect(warmUps).toBe(0);
  a.up = true;
  await clock.advance(1000);
  let isAnswered = false;
  const asked = readiness().then(({ ready }) => {
    isAnswered = true;
    return ready;
  });
  await settled();
  expect([warmUps, isAnswered]).toEqual([1, false]);
  finish();
  expect(await asked).toBe(true);
  await clock.advance(1000);
  await readiness();
  expect(warmUps).toBe(1);
});

test('a later outage is reported and does not make the gateway unready', async () => {
  const clock = manualClock();
  const a = subgraph();
  const readiness = createReadiness(new Map([['a', a]]), clock, sign);
  expect((await readiness()).ready).toBe(true);
  a.up = false;
  await clock.advance(1000);
  expect(await readiness()).toEqual({ ready: true, subgraphs: { a: 'no answer' }, feeds: {} });
});

test('a subgraph is asked at most once a second', async () => {
  const clock = manualClock();
  const a = subgraph();
  const readiness = createReadiness(new Map([['a', a]]), clock, sign);
  await Promise.all(Array.from({ length: 100 }, () => readiness()));
  await clock.advance(999);
  await readiness();
  expect(a.asked).toBe(1);
  await clock.advance(1);
  await readiness();
  expect(a.asked).toBe(2);
});

test.each([
  [
    '{"feeds":[{"name":"poll LECTURE","healthy":true},{"name":"redis","healthy":false}]}',
    { 'poll LECTURE': 'ok', redis: 'silent' },
  ],
  ['{"status":"ready"}', {}],
  ['{"feeds":[null]}', {}],
])('the state of the change feeds is passed on: %s', async (body, feeds) => {
  const calendar = { get: async () => jsonAnswer(body), post: get };
  const readiness = createReadiness(new Map([['calendar', calendar]]), manualClock(), sign);
  expect((await readiness()).feeds).toEqual(feeds);
});

test('a change feed whose connection is lost is named with the reason', async () => {
  const feeds = [
    { name: 'redis', healthy: false, lost: 'WRONGPASS' },
    { name: 'poll LECTURE', healthy: true, lost: null },
    { name: 'poll ATTENDANCE', healthy: false, lost: null },
  ];
  const get = async () => jsonAnswer(JSON.stringify({ feeds }));
  const readiness = createReadiness(new Map([['calendar', { get, post: get }]]), manualClock(), sign);
  expect((await readiness()).feeds).toEqual({
    redis: 'silent: WRONGPASS',
    'poll LECTURE': 'ok',
    'poll ATTENDANCE': 'silent',
  });
});

test('a subgraph needs no probe of its own: it is ready when it answers GraphQL', async () => {
  const a = { ...subgraph(), get: async () => Promise.reject(new SourceError('BAD_RESPONSE', 'status 404')) };
  const readiness = createReadiness(new Map([['calendar', a]]), manualClock(), sign);
  expect(await readiness()).toEqual({ ready: true, subgraphs: { calendar: 'ok' }, feeds: {} });
});

test('a subgraph with another secret is named, and the gateway does not become ready', async () => {
  const post = async () => Promise.reject(new SourceError('FORBIDDEN', 'status 401'));
  const readiness = createReadiness(new Map([['a', { get, post }]]), manualClock(), sign);
  expect(await readiness()).toEqual({ ready: false, subgraphs: { a: 'refuses our token' }, feeds: {} });
});
