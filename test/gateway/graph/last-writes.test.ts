// What the gateway knows of who wrote when: each user their own, for as long as it matters, and
// never without bound.
import { expect, test } from '@jest/globals';
import { LastWrites } from '../../../src/gateway/graph/last-writes.ts';
import { manualClock } from '../../harness/clock.ts';

const MAX_COPY_AGE_MS = 93_000;

test('a copy must be younger than the user’s own last write, and nobody else’s', async () => {
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

test('within the millisecond of the write, and the next, the sources are read now', async () => {
  const clock = manualClock();
  const writes = new LastWrites(clock, MAX_COPY_AGE_MS);
  writes.wrote('student-1');
  expect(writes.maxAge('student-1')).toBe(0);
  await clock.advance(1);
  expect(writes.maxAge('student-1')).toBe(0);
});

test('a write is forgotten when no copy from before it can be served any more', async () => {
  const clock = manualClock();
  const writes = new LastWrites(clock, MAX_COPY_AGE_MS);
  writes.wrote('student-1');
  await clock.advance(MAX_COPY_AGE_MS - 1);
  expect(writes.maxAge('student-1')).toBe(MAX_COPY_AGE_MS - 2);
  await clock.advance(1);
  expect(writes.maxAge('student-1')).toBeUndefined();
});

test('of more than 100,000 users those whose writes are oldest are forgotten', async () => {
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
