// How often something may happen for each key: what is allowed in a minute at once, then evenly.
import { expect, test } from '@jest/globals';
import { TokenBuckets } from '../src/token-buckets.ts';
import { manualClock } from './harness/clock.ts';

test('a bucket has what is allowed in a minute, then fills evenly, and never holds more', async () => {
  const clock = manualClock();
  await clock.advance(123_456);
  const buckets = new TokenBuckets(30, clock);
  const takeAll = () => {
    let taken = 0;
    while (buckets.take('a') === 0) taken += 1;
    return taken;
  };
  expect(takeAll()).toBe(30);
  expect(buckets.take('a')).toBe(2_000);
  await clock.advance(1_999);
  expect([buckets.wait('a') > 0, buckets.take('a') > 0]).toEqual([true, true]);
  await clock.advance(1);
  expect([buckets.wait('a'), buckets.take('a'), buckets.take('a') > 0]).toEqual([0, 0, true]);
  await clock.advance(3_600_000);
  expect(takeAll()).toBe(30);
});

test('a bucket is that of one key; to ask for the wait takes nothing', () => {
  const buckets = new TokenBuckets(1, manualClock());
  expect([buckets.wait('a'), buckets.wait('a'), buckets.take('a')]).toEqual([0, 0, 0]);
  expect([buckets.take('a'), buckets.take('b')]).toEqual([60_000, 0]);
});
