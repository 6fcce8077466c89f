// What an invalidation does: the race it wins, who joins which load, the hold-off, and the pace
// under a flood.
import { describe, expect, test } from '@jest/globals';
import { createHarness } from './fresh-cache-harness.ts';

describe('an invalidation', () => {
  test('makes the next read wait for the source: a value is not served FRESH, nor while it revalidates', async () => {
    const { cache, invalidations, last, loads, warm } = createHarness();
    await warm('a', 'old');
    invalidations.record('a');
    expect(cache.peek('a')).toBeUndefined();
    const reading = cache.read('a');
    expect(loads).toHaveLength(2);
    await last().land('new');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'new' });
  });

  test('deletes nothing: the old value is there, STALE, when the source fails', async () => {
    const { cache, invalidations, last, warm } = createHarness();
    await warm('a', 'old');
    invalidations.recordAll();
    const reading = cache.read('a');
    await last().fail('UNREACHABLE');
    expect(await reading).toMatchObject({ state: 'STALE', value: 'old', reason: 'UNREACHABLE' });
  });

  test('of one name leaves the others FRESH', async () => {
    const { cache, invalidations, warm } = createHarness();
    await warm('a', 'one');
    await warm('b', 'two');
    invalidations.record('a');
    expect(cache.peek('b')).toMatchObject({ state: 'FRESH', value: 'two' });
  });

  test('of a wider name reaches all that bear it', async () => {
    const { cache, invalidations, warm } = createHarness();
    await warm('a', 'one');
    await warm('b', 'two');
    invalidations.record('all');
    expect([cache.peek('a'), cache.peek('b')]).toEqual([undefined, undefined]);
  });
});

describe('the race', () => {
  test('a slow read that began before the invalidation never comes back', async () => {
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

  test('a slow read that lands last does not replace what began after it, and its reader has the newer value', async () => {
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

  test('a slow read that fails last neither removes what began after it nor leaves the key alone', async () => {
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

describe('who joins', () => {
  test('a reader joins a running load that began after the last invalidation, and no other', async () => {
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

  test('two run at most, and all who came later share the one that follows', async () => {
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

describe('hold-off', () => {
  test('a replica behind its primary is read again after 1 s, until 2 s after the invalidation', async () => {
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

  test('it follows an invalidation of everything too', async () => {
    const { cache, clock, invalidations, warm } = createHarness();
    invalidations.recordAll();
    await clock.advance(1_999);
    await warm('a', 'one');
    await clock.advance(1_000);
    expect(cache.peek('a')).toBeUndefined();
  });

  test('it never makes a value FRESH for longer than its lifetime', async () => {
    const { cache, clock, invalidations, warm } = createHarness({ lifetimes: { fresh: () => 500 } });
    invalidations.record('a');
    await warm('a', 'one');
    await clock.advance(500);
    expect(cache.peek('a')).toBeUndefined();
  });
});

describe('pace', () => {
  test('a flood of invalidations costs three loads and then one a second; readers have STALE, never an error', async () => {
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

  test('a person who edits three times in a second sees each at once', async () => {
    const { cache, invalidations, last, warm } = createHarness();
    await warm('a', 'zero');
    for (const value of ['one', 'two', 'three']) {
      invalidations.record('a');
      const reading = cache.read('a');
      await last().land(value);
      expect(await reading).toMatchObject({ state: 'FRESH', value });
    }
  });

  test('once the flood is over the next read is FRESH within a second', async () => {
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

  test('a value too old to be shown does not stand in for a load, even in a flood', async () => {
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

  test('readers with no turn of their own join the load of the one who had it', async () => {
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

  test('who asks for the sources now (maxAge 0) is not held back', async () => {
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
