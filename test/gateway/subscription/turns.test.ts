// The queue of subscriptions: no more tasks at a time than allowed, in order, and none waits for
// ever.
import { expect, test } from '@jest/globals';
import { Turns } from '../../../src/gateway/subscription/turns.ts';
import { manualClock, settled } from '../../harness/clock.ts';

const clock = manualClock();
const turns = new Turns({ concurrency: 2, maxWaiting: 3, maxWaitMs: 1_000, clock });
const started: string[] = [];
const ends = new Map<string, () => void>();
const run = (name: string) =>
  turns.run(() => {
    started.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  });

test('two run, the next ones wait in order, too many or too late ones are refused', async () => {
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => run(name).catch(({ message }: Error) => message));
  await settled();
  expect([started, turns.waiting]).toEqual([['a', 'b'], 3]);
  expect(await all[5]).toBe('The queue of subscriptions is long.');
  ends.get('b')?.();
  await settled();
  expect(started).toEqual(['a', 'b', 'c']);
  await clock.advance(1_000);
  expect(await Promise.all([all[3], all[4]])).toEqual(Array(2).fill('The queue of subscriptions is long.'));
  ends.get('a')?.();
  ends.get('c')?.();
  expect(await Promise.all([all[0], all[1], all[2]])).toEqual(['a', 'b', 'c']);
  const last = run('g');
  await settled();
  ends.get('g')?.();
  expect([await last, turns.waiting]).toEqual(['g', 0]);
});
