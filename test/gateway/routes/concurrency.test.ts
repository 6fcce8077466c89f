// Promise: while an event loop is late fewer requests at a time are admitted, never fewer than a
// page needs, and when it is in time again step by step as many as before. Mutants seen red: no
// decrease, no increase, what another part reported counts for ever.
import { expect, test } from '@jest/globals';
import { createConcurrency } from '../../../src/gateway/routes/concurrency.ts';
import { manualClock } from '../../harness/clock.ts';

/** A limit of 1000 with an event loop whose delay the test sets. */
function start(max = 1_000) {
  const clock = manualClock();
  const own = { delayMs: 0 };
  const concurrency = createConcurrency({ max, lateMs: 10, ownDelayMs: () => own.delayMs, clock });
  /** Time in which so many requests are in flight. */
  const pass = async (ms: number, inFlight: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      concurrency.limit(inFlight);
      await clock.advance(100);
    }
    return concurrency.limit(inFlight);
  };
  return { ...concurrency, own, pass };
}

test('it is the maximum while the event loop is in time, however many are in flight', async () => {
  const { pass } = start();
  expect(await pass(10_000, 900)).toBe(1_000);
});

test('while the event loop is late it falls from what is in flight, and not below 12', async () => {
  const { own, pass } = start();
  own.delayMs = 11;
  expect(await pass(100, 100)).toBe(80);
  expect(await pass(100, 80)).toBe(64);
  expect(await pass(5_000, 64)).toBe(12);
});

test('a maximum below 12 stays what it is', async () => {
  const { own, pass } = start(2);
  own.delayMs = 1_000;
  expect(await pass(1_000, 2)).toBe(2);
});

test('it stays while the delay is between half and all of what is late, and rises to the maximum below', async () => {
  const { own, pass } = start();
  own.delayMs = 11;
  await pass(5_000, 100);
  own.delayMs = 8;
  expect(await pass(5_000, 12)).toBe(12);
  own.delayMs = 5;
  const afterOneSecond = await pass(1_000, 12);
  expect(afterOneSecond).toBeGreaterThan(25);
  expect(afterOneSecond).toBeLessThan(100);
  expect(await pass(9_000, 12)).toBe(1_000);
});

test('after a quiet time nothing is left of an overload', async () => {
  const { own, pass, limit } = start();
  own.delayMs = 50;
  await pass(5_000, 100);
  own.delayMs = 0;
  const concurrency = await pass(100, 0);
  expect(concurrency).toBeLessThan(20);
  await pass(10_000, 0);
  expect(limit(0)).toBe(1_000);
});

test('what a called part says of its own event loop counts for a second', async () => {
  const { report, pass } = start();
  report(40);
  expect(await pass(100, 100)).toBe(80);
  const lowest = await pass(900, 80);
  expect(lowest).toBeLessThan(20);
  expect(await pass(10_000, 12)).toBe(1_000);
});

test('of several parts that report within a step the latest event loop counts', async () => {
  const { report, limit, pass } = start();
  for (let step = 0; step < 20; step += 1) {
    report(50);
    report(0);
    await pass(100, 100);
  }
  expect(limit(100)).toBeLessThan(20);
});
