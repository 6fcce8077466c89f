// Parts are closed in time also when one of them takes long.
import { expect, test } from '@jest/globals';
import { closeAll, together } from '../../src/processes/running.ts';
import { manualClock } from '../harness/clock.ts';

/** A part that closes when it is told to. */
function slowPart() {
  let release = () => {};
  const state = { hasBegun: false, release: () => release() };
  const closed = new Promise<void>((resolve) => {
    release = resolve;
  });
  return Object.assign(state, {
    close() {
      state.hasBegun = true;
      return closed;
    },
  });
}

test('a part that takes long to close keeps the next one waiting for two seconds only', async () => {
  const clock = manualClock();
  const [gateway, calendar, services] = [slowPart(), slowPart(), slowPart()];
  const all = closeAll([gateway, calendar, services], clock);
  const begun = () => [gateway, calendar, services].map((part) => part.hasBegun);
  expect(begun()).toEqual([true, false, false]);
  await clock.advance(2_000);
  expect(begun()).toEqual([true, true, false]);
  await clock.advance(2_000);
  expect(begun()).toEqual([true, true, true]);
  for (const part of [gateway, calendar, services]) part.release();
  await all;
});

test('parts that do not call each other close side by side, and a failure ends no other closing', async () => {
  const [one, other] = [slowPart(), slowPart()];
  const failing = { close: () => Promise.reject(new Error('failed')) };
  const all = closeAll([together([failing, one, other])], manualClock());
  expect([one.hasBegun, other.hasBegun]).toEqual([true, true]);
  one.release();
  other.release();
  await expect(all).rejects.toThrow('failed');
});
