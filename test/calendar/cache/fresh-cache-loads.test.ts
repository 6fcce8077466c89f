// The loads and the memory of the cache: one load for many readers, back-off after failures,
// bounded bytes.
import { describe, expect, test } from '@jest/globals';
import { createHarness } from './fresh-cache-harness.ts';

describe('single flight', () => {
  test('10,000 concurrent readers of an empty cache cause one load', async () => {
    const { cache, last, loads } = createHarness();
    const readings = Array.from({ length: 10_000 }, () => cache.read('a'));
    await last().land('one');
    const values = new Set((await Promise.all(readings)).map(({ value }) => value));
    expect([...values]).toEqual(['one']);
    expect(loads).toHaveLength(1);
  });

  test('10,000 readers of one expired value cause one load, and none waits', async () => {
    const { cache, clock, loads, warm } = createHarness();
    await warm('a', 'one');
    await clock.advance(31_000);
    const readings = await Promise.all(Array.from({ length: 10_000 }, () => cache.read('a')));
    expect(readings.every(({ state }) => state === 'STALE')).toBe(true);
    expect(loads).toHaveLength(2);
  });

  test('10,000 concurrent readers with maxAge 0 cause three loads', async () => {
    const { cache, landAll, loads } = createHarness();
    const readings = Array.from({ length: 10_000 }, () => cache.read('a', { maxAge: 0 }));
    await landAll('one');
    await landAll('one');
    expect((await Promise.all(readings)).every(({ state }) => state === 'FRESH')).toBe(true);
    expect(loads).toHaveLength(3);
  });
});

describe('back-off', () => {
  test('after a failure nothing is loaded, and readers get the cached value with the reason', async () => {
    const { cache, clock, last, loads, warm } = createHarness();
    await warm('a', 'one');
    await clock.advance(31_000);
    void cache.read('a');
    await last().fail('OVERLOADED');
    await clock.advance(874);
    expect(await cache.read('a')).toMatchObject({ state: 'STALE', value: 'one', reason: 'OVERLOADED' });
    expect(await cache.read('a', { maxAge: 0 })).toMatchObject({ state: 'STALE', value: 'one' });
    expect(loads).toHaveLength(2);
    await clock.advance(1);
    void cache.read('a');
    expect(loads).toHaveLength(3);
  });

  test('grows while the source keeps failing and ends with its first answer', async () => {
    const { cache, clock, last, loads } = createHarness();
    const tried: number[] = [];
    const began = clock.now();
    for (let ms = 0; ms <= 12_000; ms += 125) {
      const before = loads.length;
      const reading = cache.read('a');
      if (loads.length > before) {
        tried.push(clock.now() - began);
        await last().fail();
      }
      expect(await reading).toMatchObject({ state: 'UNAVAILABLE', reason: 'UNREACHABLE' });
      await clock.advance(125);
    }
    expect(tried).toEqual([0, 875, 2_625, 6_125, 9_625]);
    await clock.advance(4_000);
    void cache.read('a');
    await last().land('one');
    expect(cache.backingOff).toBe(0);
  });

  test('lasts 5 s after a Retry-After of 5 s', async () => {
    const { cache, clock, last, loads } = createHarness();
    void cache.read('a');
    await last().fail('OVERLOADED', 5_000);
    await clock.advance(4_999);
    expect(await cache.read('a')).toMatchObject({ state: 'UNAVAILABLE', reason: 'OVERLOADED' });
    expect(loads).toHaveLength(1);
    await clock.advance(1);
    void cache.read('a');
    expect(loads).toHaveLength(2);
  });

  test('does not start when the circuit breaker is open, because no call was made', async () => {
    const { cache, last, loads } = createHarness();
    void cache.read('a');
    await last().fail('CIRCUIT_OPEN');
    void cache.read('a');
    expect(loads).toHaveLength(2);
    expect(cache.backingOff).toBe(0);
  });

  test('applies to a load that waited for one that failed', async () => {
    const { cache, invalidations, loads } = createHarness();
    for (let i = 0; i < 2; i += 1) {
      void cache.read('a');
      invalidations.record('a');
    }
    const waiting = cache.read('a');
    await loads[0]?.fail('OVERLOADED', 5_000);
    expect(await waiting).toMatchObject({ state: 'UNAVAILABLE', reason: 'OVERLOADED' });
    expect(loads).toHaveLength(2);
  });

  test('does not let readers wait for a load that is still running', async () => {
    const { cache, invalidations, last, loads, warm } = createHarness();
    await warm('a', 'one');
    invalidations.record('a');
    void cache.read('a');
    invalidations.record('a');
    void cache.read('a');
    await loads[1]?.fail('TIMEOUT');
    expect(await cache.read('a')).toMatchObject({ state: 'STALE', value: 'one', reason: 'TIMEOUT' });
    await last().land('two');
    expect(await cache.read('a')).toMatchObject({ state: 'FRESH', value: 'two' });
  });

  test('counts two concurrent failures as one', async () => {
    const { cache, clock, invalidations, loads } = createHarness();
    void cache.read('a');
    invalidations.record('a');
    void cache.read('a');
    await loads[0]?.fail();
    await loads[1]?.fail();
    await clock.advance(1_000);
    void cache.read('a');
    expect(loads).toHaveLength(3);
  });

  test('of one key does not affect other keys', async () => {
    const { cache, last, loads } = createHarness();
    void cache.read('a');
    await last().fail();
    void cache.read('b');
    expect(loads.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  test.each([3_600_000, 86_400_000, Number.MAX_SAFE_INTEGER])(
    'ends after a minute when the source’s Retry-After is %d ms',
    async (retryAfterMs) => {
      const { cache, clock, loads } = createHarness();
      const first = cache.read('a');
      await loads[0]?.fail('OVERLOADED', retryAfterMs);
      expect((await first).state).toBe('UNAVAILABLE');
      await clock.advance(59_000);
      expect((await cache.read('a')).state).toBe('UNAVAILABLE');
      expect(loads).toHaveLength(1);
      await clock.advance(2_000);
      const again = cache.read('a', { maxAge: 0 });
      await loads[1]?.land('back');
      expect(await again).toMatchObject({ state: 'FRESH', value: 'back' });
    },
  );

  test('holds at most 10,000 keys', async () => {
    const { cache } = createHarness({ load: () => Promise.reject(new Error('down')) });
    await Promise.all(Array.from({ length: 12_000 }, (_, i) => cache.read(`key ${i}`)));
    expect(cache.backingOff).toBe(10_000);
    expect(cache.running()).toBe(0);
  });
});

describe('memory', () => {
  test('is bounded in bytes; the least recently read value is evicted first', async () => {
    const { cache, warm } = createHarness({ maxBytes: 10 });
    await warm('a', '12345');
    await warm('b', '12345');
    await cache.read('a');
    await warm('c', '12345');
    expect(cache.size).toEqual({ entries: 2, bytes: 10 });
    expect(cache.peek('b')).toBeUndefined();
    expect(cache.peek('a')?.value).toBe('12345');
  });

  test('a value that is too large for the cache is still returned', async () => {
    const { cache, last } = createHarness({ maxBytes: 10 });
    const reading = cache.read('a');
    await last().land('longer than ten bytes');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'longer than ten bytes' });
    expect(cache.size).toEqual({ entries: 0, bytes: 0 });
  });

  test('a value without size counts as one byte', async () => {
    const { cache, warm } = createHarness();
    await warm('a', '');
    expect(cache.size).toEqual({ entries: 1, bytes: 1 });
  });

  test('an eviction during a load does not affect its readers', async () => {
    const { cache, clock, loads, warm } = createHarness({ maxBytes: 5 });
    await warm('a', 'one');
    await clock.advance(100_000);
    const reading = cache.read('a');
    void cache.read('b');
    await loads[2]?.land('12345');
    await loads[1]?.land('two');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'two' });
  });
});

describe('an incomplete value', () => {
  const incomplete = () => createHarness({ isComplete: (value: string) => !value.endsWith('…') });

  test('never replaces a complete one within stale-if-error', async () => {
    const { cache, clock, last, warm } = incomplete();
    await warm('a', 'whole');
    await clock.advance(100_000);
    const reading = cache.read('a');
    await last().land('part…');
    const kept = { state: 'STALE', value: 'whole', reason: 'BAD_RESPONSE' };
    expect(await reading).toMatchObject(kept);
    expect(await cache.read('a', { maxAge: 0 })).toMatchObject(kept);
  });

  test('is stored when there is no complete one, and replaced after its back-off', async () => {
    const { cache, clock, last, loads } = incomplete();
    const first = cache.read('a');
    await last().land('part…');
    expect(await first).toMatchObject({ state: 'FRESH', value: 'part…' });
    await clock.advance(1_100);
    expect(cache.peek('a')).toBeUndefined();
    const second = cache.read('a');
    await last().land('whole');
    expect(await second).toMatchObject({ state: 'FRESH', value: 'whole' });
    expect(loads).toHaveLength(2);
  });

  test('replaces a complete one that is beyond stale-if-error', async () => {
    const { cache, clock, last, warm } = incomplete();
    await warm('a', 'whole');
    await clock.advance(4_000_000);
    const reading = cache.read('a');
    await last().land('part…');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'part…' });
  });
});
