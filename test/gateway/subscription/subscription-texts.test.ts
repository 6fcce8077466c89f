// The texts of subscriptions under load: equal requests share one read, few are read at a time, and
// while the queue is long an address that has a text gets that one.
import { beforeEach, expect, test } from '@jest/globals';
import type { Revalidate } from '../../../src/gateway/response-cache/revalidator.ts';
import { SubscriptionTexts, type TextRequest } from '../../../src/gateway/subscription/subscription-texts.ts';
import { type ManualClock, manualClock } from '../../harness/clock.ts';
import { eventually } from '../../harness/eventually.ts';

let clock: ManualClock;
let texts: SubscriptionTexts;
/** The reads that have started and are held, by key. */
let held: Map<string, () => void>;
/** The requests for which the calendar was asked to confirm. */
let askers: (string | undefined)[];
const start = (maxBytes = 2 ** 20) => {
  clock = manualClock();
  held = new Map();
  askers = [];
  const revalidate: Revalidate = (_, said, asker) => {
    askers.push(asker?.requestId);
    said(false);
  };
  texts = new SubscriptionTexts({ maxBytes, maxAgeMs: 60_000, revalidate, lastWriteAge: () => undefined, clock });
};
beforeEach(() => start());

const request = (key: string, read?: TextRequest['read']): TextRequest => ({
  key,
  period: '',
  asker: { requestId: 'request-a', place: undefined },
  owner: async () => 'student-1',
  read: read ?? (async () => ({ text: key, content: key, validator: null, period: '' })),
});
const slow = (key: string) =>
  request(key, () => {
    return new Promise((resolve) => {
      held.set(key, () => resolve({ text: key, content: key, validator: null, period: '' }));
    });
  });

test('while the queue is long the last text is served at once, with its age', async () => {
  await texts.answer(request('a'));
  await clock.advance(5_000);
  const others = Array.from({ length: 11 }, (_, index) => texts.answer(slow(`other ${index}`)));
  await eventually('three are read', () => held.size === 3);
  const last = await texts.answer(request('a', () => Promise.reject(new Error('not to be read'))));
  expect([last?.age, last?.cacheStatus]).toEqual([5, 'hit; ttl=-5; detail="age=5, long-queue"']);
  expect(held.size).toBe(3);
  for (let done = 0; done < 11; done += 1) {
    await eventually('the next is read', () => held.has(`other ${done}`));
    held.get(`other ${done}`)?.();
  }
  expect((await Promise.all(others)).map((one) => one?.cacheStatus)).toEqual(Array(11).fill('fwd=miss; stored'));
  expect((await texts.answer(request('a')))?.age).toBe(0);
});

test('equal requests share one read', async () => {
  const both = [texts.answer(slow('a')), texts.answer(request('a', () => Promise.reject(new Error('a second read'))))];
  await eventually('it is read', () => held.size === 1);
  held.get('a')?.();
  const [one, other] = await Promise.all(both);
  expect(one?.stored).toBe(other?.stored);
});

test('the texts stay within their bytes, the least recently used goes first', async () => {
  start(2_000);
  for (const key of ['a', 'b', 'c', 'd']) await texts.answer(request(key));
  expect(texts.size.entries).toBe(3);
  expect(texts.size.bytes).toBeLessThanOrEqual(2_000);
  await expect(texts.answer(request('a', async () => null))).rejects.toThrow('cannot be read as a whole');
  expect((await texts.answer(request('d', async () => null)))?.cacheStatus).toContain('not-whole');
});

test('two contents of one second have different Last-Modified', async () => {
  const read = (content: string) =>
    texts.answer(request('a', async () => ({ text: content, content, validator: null, period: '' })));
  const [one, same, other] = [await read('1'), await read('1'), await read('2')];
  expect([same?.since, (other?.since ?? 0) > (one?.since ?? 0)]).toEqual([one?.since, true]);
});

test('the calendar is asked to confirm a text for the request that wants it', async () => {
  const read = async () => ({ text: 'a', content: 'a', validator: 'v', period: '' });
  await texts.answer(request('a', read));
  await texts.answer({ ...request('a', read), asker: { requestId: 'request-b', place: undefined } });
  expect(askers).toEqual(['request-b']);
});
