// The gateway's record of writes: for each user separately, for as long as it matters, and bounded.
import { expect, test } from '@jest/globals';
import { LastWrites } from '../../../src/gateway/graph/last-writes.ts';
import { manualClock } from '../../harness/clock.ts';

const MAX_COPY_AGE_MS = 93_000;

test('a copy must be newer than the user’s own last write, not than those of others', async () => {
  const clock = manualClock();
  const writes = new LastWrites(clock, MAX_COPY_AGE_MS);
  expect(writes.maxAge('student-1')).toBeUndefined();
  writes.wrote('student-1');
  await clock.advance(5_000);
  writes.wrote('student-2');
  await clock.advance(1_000);
  expect(writes.maxAge('student-1')).toBe(5_999);
  expect(writes.maxAge('student-2')).toBe(999);
  writes.wrote('student-1');
  await clock.advance(10);
  expect(writes.maxAge('student-1')).toBe(9);
});

test('in the millisecond of the write and the next one, the sources are read now', async () => {
  const clock = manualClock();
  const writes = new LastWrites(clock, MAX_COPY_AGE_MS);
  writes.wrote('student-1');
  expect(writes.maxAge('student-1')).toBe(0);
  await clock.advance(1);
  expect(writes.maxAge('student-1')).toBe(0);
});

test('an age is a whole number of milliseconds, as its header is', async () => {
  const clock = manualClock();
  const writes = new LastWrites(clock, MAX_COPY_AGE_MS);
  writes.wrote('student-1');
  await clock.advance(12.7);
  expect(writes.maxAge('student-1')).toBe(11);
});

test('a write is dropped when no older copy can be served any more', async () => {
  const clock = manualClock();
  const writes = new LastWrites(clock, MAX_COPY_AGE_MS);
  writes.wrote('student-1');
  await clock.advance(MAX_COPY_AGE_MS - 1);
  expect(writes.maxAge('student-1')).toBe(MAX_COPY_AGE_MS - 2);
  await clock.advance(1);
  expect(writes.maxAge('student-1')).toBeUndefined();
});

test('at most 100,000 users are held, those with the latest writes', async () => {
  const clock = manualClock();
  const writes = new LastWrites(clock, MAX_COPY_AGE_MS);
  writes.wrote('first');
  writes.wrote('second');
  for (let user = 0; user < 100_000 - 2; user += 1) writes.wrote(`student-${user}`);
  writes.wrote('first');
  expect([writes.maxAge('first'), writes.maxAge('second')]).toEqual([0, 0]);
  writes.wrote('one more');
  expect([writes.maxAge('first'), writes.maxAge('second')]).toEqual([0, undefined]);
});
