// Promise: a clock that is set, back or forward, changes no lifetime. Only the time that is shown
// follows it.
import { describe, expect, test } from '@jest/globals';
import { createHarness } from './fresh-cache-harness.ts';

const HOUR_MS = 3_600_000;

async function withCopy() {
  const { cache, clock, loads, invalidations } = createHarness();
  const reading = cache.read('a');
  await loads[0]?.land('old');
  await reading;
  const setBy = (ms: number) => clock.set(clock.now() + ms);
  return { cache, clock, loads, invalidations, setBy };
}

describe.each([
  ['back by an hour', -HOUR_MS],
  ['forward by an hour', HOUR_MS],
])('with the clock set %s', (_, jump) => {
  test('a copy is fresh for the rest of its TTL and no longer', async () => {
    const { cache, clock, setBy } = await withCopy();
    setBy(jump);
    expect(cache.peek('a')?.state).toBe('FRESH');
    await clock.advance(31_000);
    expect(cache.peek('a')).toBeUndefined();
  });

  test('a copy that is too old for maxAge is loaded', async () => {
    const { cache, clock, loads, setBy } = await withCopy();
    await clock.advance(20_000);
    setBy(jump);
    const reading = cache.read('a', { maxAge: 10_000 });
    await loads[1]?.land('new');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'new' });
  });

  test('an invalidated copy is loaded, once', async () => {
    const { cache, loads, invalidations, clock, setBy } = await withCopy();
    await clock.advance(5_000);
    setBy(jump);
    invalidations.record('a');
    await clock.advance(5_000);
    const reading = cache.read('a');
    await loads[1]?.land('new');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'new' });
    await cache.read('a');
    expect(loads).toHaveLength(2);
  });

  test('a key that failed once is loaded again within its back-off', async () => {
    const { cache, clock, loads } = createHarness();
    const reading = cache.read('a');
    await loads[0]?.fail();
    await reading;
    clock.set(clock.now() + jump);
    await clock.advance(2_000);
    const second = cache.read('a');
    await loads[1]?.land('value');
    expect(await second).toMatchObject({ state: 'FRESH', value: 'value' });
  });
});

test('fetchedAt is the time as it was shown when the load started', async () => {
  const { cache, clock, setBy } = await withCopy();
  const before = clock.now();
  setBy(HOUR_MS);
  expect(await cache.read('a')).toMatchObject({ fetchedAt: before });
});
