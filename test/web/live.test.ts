// The page's stream: when everything may have changed for every page, the pages do not all ask at
// once, and without a valid token the page does not try again by itself.
import { afterEach, expect, test } from '@jest/globals';
import { delayOf, LiveConnection } from '../../src/web/page/live.ts';
import { eventually } from '../harness/eventually.ts';

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

const KINDS = ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'];

test('a page asks at once what changed, and within five seconds when everything may have changed for everybody', () => {
  expect(delayOf({ kinds: KINDS, months: ['2026-11'] }, 0.9)).toBe(0);
  expect(delayOf({ kinds: KINDS, months: null }, 0.9)).toBe(0);
  expect(delayOf({ kinds: ['LECTURE'], months: null, everything: true }, 0)).toBe(0);
  expect(delayOf({ kinds: ['LECTURE'], months: null, everything: true }, 0.5)).toBe(2_500);
});

test('a refused token is not sent again; with a new one the stream continues after its last event', async () => {
  let token: string | null = 'first';
  const sent: unknown[] = [];
  const states: boolean[] = [];
  const months: unknown[] = [];
  const answers = [
    () => new Response('id: a.1\nevent: change\ndata: {"kinds":["LECTURE"],"months":["2026-11"]}\n\n'),
    () => new Response('', { status: 401 }),
    () => new Response('', { status: 404 }),
  ];
  globalThis.fetch = async (_, init = {}) => {
    const { authorization, 'last-event-id': last } = init.headers as Record<string, string>;
    sent.push([authorization, last]);
    return answers[sent.length - 1]?.() ?? new Response('', { status: 404 });
  };
  const live = new LiveConnection({
    token: () => token,
    user: null,
    onChange: (notification) => months.push(notification.months),
    onState: (isLive) => {
      states.push(isLive);
      // The stream ended with its token.
      if (states.length === 2) token = null;
    },
  });
  const listening = live.listen();
  await eventually('the end of the stream', () => states.length === 2);
  live.wake();
  await eventually('no token', () => states.length === 3);
  expect(sent).toHaveLength(1);
  token = 'second';
  live.wake();
  await eventually('a refusal', () => states.length === 4);
  expect(sent).toHaveLength(2);
  live.wake();
  await listening;
  expect(sent).toEqual([
    ['Bearer first', undefined],
    ['Bearer second', 'a.1'],
    ['Bearer second', 'a.1'],
  ]);
  expect([states, months]).toEqual([[true, false, false, false, false], [['2026-11']]]);
});
