// The gateway is ready once every subgraph has answered; later outages are reported but change
// nothing.
import { expect, test } from '@jest/globals';
import { SourceError } from '../../../src/errors.ts';
import { createReadiness } from '../../../src/gateway/routes/readiness.ts';
import { manualClock } from '../../harness/clock.ts';

function subgraph() {
  const one = {
    up: true,
    asked: 0,
    async get() {
      one.asked += 1;
      if (!one.up) throw new SourceError('UNREACHABLE', 'down');
      return { status: 200, headers: {}, body: '{}' };
    },
  };
  return one;
}

test('a gateway is ready when each subgraph has answered once, at any time', async () => {
  const clock = manualClock();
  const [a, b] = [subgraph(), subgraph()];
  const readiness = createReadiness(new Map(Object.entries({ a, b })), clock);
  b.up = false;
  expect(await readiness()).toEqual({ ready: false, subgraphs: { a: 'ok', b: 'no answer' }, feeds: {} });
  [a.up, b.up] = [false, true];
  await clock.advance(1000);
  expect(await readiness()).toEqual({ ready: true, subgraphs: { a: 'no answer', b: 'ok' }, feeds: {} });
});

test('a later outage is reported and does not make the gateway unready', async () => {
  const clock = manualClock();
  const a = subgraph();
  const readiness = createReadiness(new Map([['a', a]]), clock);
  expect((await readiness()).ready).toBe(true);
  a.up = false;
  await clock.advance(1000);
  expect(await readiness()).toEqual({ ready: true, subgraphs: { a: 'no answer' }, feeds: {} });
});

test('a subgraph is asked at most once a second', async () => {
  const clock = manualClock();
  const a = subgraph();
  const readiness = createReadiness(new Map([['a', a]]), clock);
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
  const calendar = { get: async () => ({ status: 200, headers: {}, body }) };
  const readiness = createReadiness(new Map([['calendar', calendar]]), manualClock());
  expect((await readiness()).feeds).toEqual(feeds);
});

test('a change feed whose connection is lost is named with the reason', async () => {
  const feeds = [
    { name: 'redis', healthy: false, lost: 'WRONGPASS' },
    { name: 'poll LECTURE', healthy: true, lost: null },
    { name: 'poll ATTENDANCE', healthy: false, lost: null },
  ];
  const get = async () => ({ status: 200, headers: {}, body: JSON.stringify({ feeds }) });
  const readiness = createReadiness(new Map([['calendar', { get }]]), manualClock());
  expect((await readiness()).feeds).toEqual({
    redis: 'silent: WRONGPASS',
    'poll LECTURE': 'ok',
    'poll ATTENDANCE': 'silent',
  });
});
