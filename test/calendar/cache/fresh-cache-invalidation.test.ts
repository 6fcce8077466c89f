// The effect of invalidations: on overlapping loads, on joining loads, on suspect values, and the
// reload limit.
import { describe, expect, test } from '@jest/globals';
import { createHarness } from './fresh-cache-harness.ts';

describe('an invalidation', () => {
  test('makes the next read wait for a load: the old value is not served, not even as STALE while revalidating', async () => {
    const { cache, invalidations, last, loads, warm } = createHarness();
    await warm('a', 'old');
    invalidations.record('a');
    expect(cache.peek('a')).toBeUndefined();
    const reading = cache.read('a');
    expect(loads).toHaveLength(2);
    await last().land('new');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'new' });
  });

  test('deletes nothing: the old value is served STALE when the source fails', async () => {
    const { cache, invalidations, last, warm } = createHarness();
    await warm('a', 'old');
    invalidations.recordAll();
    const reading = cache.read('a');
    await last().fail('UNREACHABLE');
    expect(await reading).toMatchObject({ state: 'STALE', value: 'old', reason: 'UNREACHABLE' });
  });

  test('of one key leaves values of other keys FRESH', async () => {
    const { cache, invalidations, warm } = createHarness();
    await warm('a', 'one');
    await warm('b', 'two');
    invalidations.record('a');
    expect(cache.peek('b')).toMatchObject({ state: 'FRESH', value: 'two' });
  });

  test('of a general key invalidates all values with that key', async () => {
    const { cache, invalidations, warm } = createHarness();
    await warm('a', 'one');
    await warm('b', 'two');
    invalidations.record('all');
    expect([cache.peek('a'), cache.peek('b')]).toEqual([undefined, undefined]);
  });
});

describe('a load that overlaps an invalidation', () => {
  test('and started before it never gives a FRESH value', async () => {
    const { cache, invalidations, last, loads } = createHarness();
    const early = cache.read('a');
    invalidations.record('a');
    await last().land('old');
    expect(await early).toMatchObject({ state: 'STALE', value: 'old', reason: 'REVALIDATING' });
    const late = cache.read('a');
    expect(loads).toHaveLength(2);
    await last().land('new');
    expect(await late).toMatchObject({ state: 'FRESH', value: 'new' });
  });

  test('and ends last does not replace the newer value, and its reader gets the newer value', async () => {
    const { cache, invalidations, loads } = createHarness();
    const early = cache.read('a');
    invalidations.record('a');
    const late = cache.read('a');
    await loads[1]?.land('new');
    await loads[0]?.land('old');
    expect(await late).toMatchObject({ state: 'FRESH', value: 'new' });
    expect(await early).toMatchObject({ state: 'FRESH', value: 'new' });
    expect(cache.peek('a')?.value).toBe('new');
  });

  test('and fails last neither removes the newer value nor starts a back-off', async () => {
    const { cache, invalidations, loads } = createHarness();
    void cache.read('a');
    invalidations.record('a');
    void cache.read('a');
    await loads[1]?.land('new');
    await loads[0]?.fail('TIMEOUT');
    expect(cache.peek('a')).toMatchObject({ state: 'FRESH', value: 'new' });
    expect(cache.backingOff).toBe(0);
  });
});

describe('joining a load', () => {
  test('is possible only if the load started after the last invalidation', async () => {
    const { cache, invalidations, loads } = createHarness();
    void cache.read('a');
    invalidations.record('a');
    const second = cache.read('a');
    const third = cache.read('a');
    expect(loads).toHaveLength(2);
    await loads[0]?.land('old');
    await loads[1]?.land('new');
    expect(await Promise.all([second, third])).toMatchObject([{ value: 'new' }, { value: 'new' }]);
  });

  test('at most two loads run, and all later readers share the next one', async () => {
    const { cache, invalidations, loads } = createHarness();
    for (let i = 0; i < 2; i += 1) {
      void cache.read('a');
      invalidations.record('a');
    }
    const third = cache.read('a');
    invalidations.record('a');
    const fourth = cache.read('a');
    expect([loads.length, cache.running('a')]).toEqual([2, 2]);
    await loads[1]?.land('older');
    expect([loads.length, cache.running('a')]).toEqual([3, 2]);
    await loads[2]?.land('new');
    expect(await Promise.all([third, fourth])).toMatchObject([{ state: 'FRESH', value: 'new' }, { value: 'new' }]);
  });
});

describe('a suspect value', () => {
  test('loaded within 2 s after an invalidation is loaded again after 1 s, so that a lagging replica does no harm', async () => {
    const { cache, clock, invalidations, last, loads, warm } = createHarness();
    await warm('a', 'old');
    invalidations.record('a');
    const lagging = cache.read('a');
    await last().land('old');
    expect(await lagging).toMatchObject({ state: 'FRESH', value: 'old' });
    await clock.advance(1_000);
    const again = cache.read('a');
    await last().land('old');
    expect(await again).toMatchObject({ state: 'FRESH', value: 'old' });
    await clock.advance(1_000);
    void cache.read('a');
    await last().land('new');
    await clock.advance(29_999);
    expect(await cache.read('a')).toMatchObject({ state: 'FRESH', value: 'new' });
    expect(loads).toHaveLength(4);
  });

  test('also follows an invalidation of everything', async () => {
    const { cache, clock, invalidations, warm } = createHarness();
    invalidations.recordAll();
    await clock.advance(1_999);
    await warm('a', 'one');
    await clock.advance(1_000);
    expect(cache.peek('a')).toBeUndefined();
  });

  test('is never FRESH for longer than its TTL', async () => {
    const { cache, clock, invalidations, warm } = createHarness({ lifetimes: { fresh: () => 500 } });
    invalidations.record('a');
    await warm('a', 'one');
    await clock.advance(500);
    expect(cache.peek('a')).toBeUndefined();
  });
});

describe('the reload limit', () => {
  test('allows three loads at once in a flood of invalidations, then one a second; readers get STALE, never an error', async () => {
    const { cache, clock, invalidations, last, loads, warm } = createHarness();
    await warm('a', 'value');
    // A long quiet time before it saves nothing up.
    await clock.advance(600_000);
    const states = new Map<string, number>();
    for (let ms = 0; ms < 10_000; ms += 10) {
      invalidations.record('a');
      const reading = cache.read('a');
      if (cache.running('a') > 0) await last().land('value');
      const { state } = await reading;
      states.set(state, (states.get(state) ?? 0) + 1);
      await clock.advance(10);
    }
    expect(loads.length - 1).toBeLessThanOrEqual(3 + 10);
    expect(loads.length - 1).toBeGreaterThanOrEqual(10);
    expect([...states.keys()].sort()).toEqual(['FRESH', 'STALE']);
  });

  test('lets three edits within a second be seen at once', async () => {
    const { cache, invalidations, last, warm } = createHarness();
    await warm('a', 'zero');
    for (const value of ['one', 'two', 'three']) {
      invalidations.record('a');
      const reading = cache.read('a');
      await last().land(value);
      expect(await reading).toMatchObject({ state: 'FRESH', value });
    }
  });

  test('lets the next read be FRESH within a second after a flood', async () => {
    const { cache, clock, invalidations, last, warm } = createHarness();
    await warm('a', 'zero');
    for (let i = 0; i < 3; i += 1) {
      invalidations.record('a');
      void cache.read('a');
      await last().land('flood');
    }
    invalidations.record('a');
    expect(await cache.read('a')).toMatchObject({ state: 'STALE', value: 'flood', reason: 'REVALIDATING' });
    await clock.advance(1_000);
    const reading = cache.read('a');
    await last().land('last');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'last' });
  });

  test('never replaces a load by a value beyond stale-if-error', async () => {
    const { cache, clock, invalidations, last, loads, warm } = createHarness({
      lifetimes: { fresh: () => 500, staleIfError: 0 },
    });
    await warm('a', 'old');
    for (let i = 0; i < 3; i += 1) {
      invalidations.record('a');
      void cache.read('a');
      await last().fail('CIRCUIT_OPEN');
    }
    expect(await cache.read('a')).toMatchObject({ state: 'STALE', value: 'old' });
    await clock.advance(500);
    const reading = cache.read('a');
    expect(loads).toHaveLength(5);
    await last().land('new');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'new' });
  });

  test('lets readers join a load that another reader started', async () => {
    const { cache, invalidations, last, loads, warm } = createHarness();
    await warm('a', 'zero');
    for (let i = 0; i < 2; i += 1) {
      invalidations.record('a');
      void cache.read('a');
      await last().land('flood');
    }
    invalidations.record('a');
    const readings = [cache.read('a'), cache.read('a'), cache.read('a')];
    expect(loads).toHaveLength(4);
    await last().land('new');
    expect(await Promise.all(readings)).toMatchObject([{ value: 'new' }, { value: 'new' }, { value: 'new' }]);
  });

  test('does not apply to maxAge 0', async () => {
    const { cache, invalidations, last, warm } = createHarness();
    await warm('a', 'zero');
    for (let i = 0; i < 4; i += 1) {
      invalidations.record('a');
      const reading = cache.read('a', { maxAge: 0 });
      await last().land(`value ${i}`);
      expect(await reading).toMatchObject({ state: 'FRESH', value: `value ${i}` });
    }
  });
});

describe('REVALIDATING', () => {
  test('is not said to a reader with maxAge 0 when an invalidation overtakes its load: it waits for one more', async () => {
    const { cache, invalidations, loads } = createHarness();
    const reading = cache.read('a', { maxAge: 0 });
    invalidations.record('a');
    await loads[0]?.land('before');
    await loads[1]?.land('after');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'after' });
    expect(loads).toHaveLength(2);
  });

  test('is said by the deadline of that reader, with a fallback', async () => {
    const { cache, invalidations, loads } = createHarness();
    let end: () => void = () => undefined;
    const deadline = new Promise<void>((resolve) => {
      end = resolve;
    });
    const reading = cache.read('a', { maxAge: 0, deadline });
    invalidations.record('a');
    await loads[0]?.land('before');
    end();
    expect(await reading).toMatchObject({ state: 'STALE', value: 'before', reason: 'TIMEOUT' });
  });

  test('is said to other readers while the newer value is being loaded', async () => {
    const { cache, invalidations, loads } = createHarness();
    const reading = cache.read('a');
    invalidations.record('a');
    await loads[0]?.land('before');
    expect(await reading).toMatchObject({ state: 'STALE', value: 'before', reason: 'REVALIDATING' });
    expect(cache.running('a')).toBe(1);
    await loads[1]?.land('after');
    expect(cache.peek('a')).toMatchObject({ state: 'FRESH', value: 'after' });
  });

  test('is said in a flood only until the next load, which needs no further reader', async () => {
    const { cache, clock, invalidations, last, loads, warm } = createHarness();
    await warm('a', 'first');
    for (let edit = 0; edit < 10; edit += 1) {
      invalidations.record('a');
      void cache.read('a');
      await last().land(`edit ${edit}`);
    }
    invalidations.record('a');
    expect(await cache.read('a')).toMatchObject({ state: 'STALE', reason: 'REVALIDATING' });
    const before = loads.length;
    await clock.advance(1_000);
    expect(loads.length).toBeGreaterThan(before);
    await last().land('newest');
    expect(cache.peek('a')).toMatchObject({ state: 'FRESH', value: 'newest' });
  });
});
