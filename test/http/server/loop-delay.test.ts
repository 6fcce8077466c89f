// Promise: an event loop whose timers are late all the time is overloaded; one long task is not.
// Mutants: counting any late tick instead of five in a row, and never counting down.
import { expect, test } from '@jest/globals';
import { watchLoopDelay } from '../../../src/http/server/loop-delay.ts';

/** A clock whose one timer runs as late as a test says. */
function lateClock() {
  let now = 0;
  let timer: { at: number; run: () => void } | null = null;
  return {
    now: () => now,
    elapsed: () => now,
    after(ms: number, run: () => void) {
      timer = { at: now + ms, run };
      return () => {
        timer = null;
      };
    },
    runLate(ms: number) {
      const due = timer;
      timer = null;
      now = (due?.at ?? now) + ms;
      due?.run();
    },
    isWaiting: () => timer !== null,
  };
}

test('five late ticks in a row are an overload, and one tick in time ends it', () => {
  const clock = lateClock();
  const loop = watchLoopDelay(clock, 100);
  for (let tick = 1; tick <= 4; tick += 1) clock.runLate(101);
  expect(loop.isOverloaded()).toBe(false);
  clock.runLate(101);
  expect(loop.isOverloaded()).toBe(true);
  clock.runLate(100);
  expect(loop.isOverloaded()).toBe(false);
});

test('long tasks with ticks in time between them are no overload', () => {
  const clock = lateClock();
  const loop = watchLoopDelay(clock, 100);
  for (let task = 0; task < 20; task += 1) {
    clock.runLate(5_000);
    clock.runLate(0);
    expect(loop.isOverloaded()).toBe(false);
  }
});

test('after stop no timer is left', () => {
  const clock = lateClock();
  const loop = watchLoopDelay(clock, 100);
  clock.runLate(0);
  expect(clock.isWaiting()).toBe(true);
  loop.stop();
  expect(clock.isWaiting()).toBe(false);
});

test('the mean delay follows the last ticks, and is 0 while the event loop has time left', () => {
  const clock = lateClock();
  let busy = 1;
  const loop = watchLoopDelay(clock, 100, () => busy);
  expect(loop.meanMs()).toBe(0);
  for (let tick = 0; tick < 30; tick += 1) clock.runLate(50);
  expect(loop.meanMs()).toBeCloseTo(50, 0);
  clock.runLate(0);
  expect(loop.meanMs()).toBeCloseTo(40, 0);
  busy = 0.5;
  for (let tick = 0; tick < 30; tick += 1) clock.runLate(50);
  expect(loop.meanMs()).toBe(0);
});
