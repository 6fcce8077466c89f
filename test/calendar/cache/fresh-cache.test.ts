// The lifetimes of a value and the options of a read: TTL, stale-while-revalidate, stale-if-error,
// maxAge, deadline.
import { describe, expect, test } from '@jest/globals';
import { settled } from '../../harness/clock.ts';
import { createHarness } from './fresh-cache-harness.ts';

const MINUTE = 60_000;

describe('time to live', () => {
  test('a value is FRESH for 30 s and says when its load began', async () => {
    const { cache, clock, loads, warm } = createHarness();
    const startedAt = clock.now();
    await warm('a', 'one');
    await clock.advance(29_999);
    expect(await cache.read('a')).toEqual({ state: 'FRESH', value: 'one', fetchedAt: startedAt, reason: null });
    expect(loads).toHaveLength(1);
  });

  test('the TTL counts from the start of the load, not from its end', async () => {
    const { cache, clock, last } = createHarness();
    void cache.read('a');
    await clock.advance(20_000);
    await last().land('one');
    await clock.advance(10_000);
    expect(await cache.read('a')).toMatchObject({ state: 'STALE', reason: 'REVALIDATING' });
  });

  test.each([
    [0, 27_000],
    [0.999_999, 32_999],
  ])('the TTL varies by 10 %% either way (random %d)', async (random, lifetime) => {
    const { cache, clock, warm } = createHarness({ random: () => random });
    await warm('a', 'one');
    await clock.advance(lifetime - 1);
    expect(cache.peek('a')?.state).toBe('FRESH');
    await clock.advance(2);
    expect(cache.peek('a')).toBeUndefined();
  });

  test('a change of the TTL applies to cached values, each with its own jitter', async () => {
    let lifetime = 10 * MINUTE;
    const { cache, clock, warm } = createHarness({ random: () => 0, lifetimes: { fresh: () => lifetime } });
    await warm('a', 'one');
    await clock.advance(MINUTE);
    expect(cache.peek('a')?.state).toBe('FRESH');
    lifetime = 30_000;
    expect(cache.peek('a')).toBeUndefined();
    lifetime = 70_000;
    expect(cache.peek('a')?.state).toBe('FRESH');
    await clock.advance(3_000);
    expect(cache.peek('a')).toBeUndefined();
  });

  test('the value of a joined load is not FRESH if the load started longer ago than the TTL', async () => {
    const { cache, clock, last } = createHarness();
    const first = cache.read('a');
    await clock.advance(31_000);
    const joiner = cache.read('a');
    await last().land('one');
    expect(await first).toMatchObject({ state: 'FRESH' });
    expect(await joiner).toMatchObject({ state: 'STALE', value: 'one' });
  });

  test('beyond stale-while-revalidate the reader of a joined load that is too old waits for one more', async () => {
    const { cache, clock, loads } = createHarness({ lifetimes: { staleWhileRevalidate: 0 } });
    const first = cache.read('a');
    await clock.advance(31_000);
    const joiner = cache.read('a');
    await loads[0]?.land('one');
    expect(await first).toMatchObject({ state: 'FRESH', value: 'one' });
    expect(loads).toHaveLength(2);
    await loads[1]?.land('two');
    expect(await joiner).toMatchObject({ state: 'FRESH', value: 'two' });
  });

  test('an empty value is cached like any other', async () => {
    const { cache, warm } = createHarness();
    await warm('a', '');
    expect(await cache.read('a')).toMatchObject({ state: 'FRESH', value: '' });
  });
});

describe('stale-while-revalidate', () => {
  test('a value past its TTL is served at once as STALE while a newer one is loaded', async () => {
    const { cache, clock, last, loads, warm } = createHarness();
    await warm('a', 'one');
    await clock.advance(30_000);
    expect(await cache.read('a')).toMatchObject({ state: 'STALE', value: 'one', reason: 'REVALIDATING' });
    expect(await cache.read('a')).toMatchObject({ state: 'STALE', value: 'one' });
    expect(loads).toHaveLength(2);
    await last().land('two');
    expect(await cache.read('a')).toMatchObject({ state: 'FRESH', value: 'two' });
  });

  test('ends 60 s later: from then on readers wait for the source', async () => {
    const { cache, clock, last, warm } = createHarness();
    await warm('a', 'one');
    await clock.advance(89_999);
    expect(await cache.read('a')).toMatchObject({ state: 'STALE', value: 'one' });
    await last().fail('CIRCUIT_OPEN');
    await clock.advance(1);
    const reading = cache.read('a');
    await last().land('two');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'two' });
  });
});

describe('stale-if-error', () => {
  test('a value is served STALE with the reason when the source fails, for an hour and no longer', async () => {
    const { cache, clock, last, warm } = createHarness();
    const startedAt = clock.now();
    await warm('a', 'one');
    await clock.advance(60 * MINUTE);
    const inside = cache.read('a');
    await last().fail('UNREACHABLE');
    expect(await inside).toEqual({ state: 'STALE', value: 'one', fetchedAt: startedAt, reason: 'UNREACHABLE' });
    await clock.advance(30_000);
    const outside = cache.read('a');
    await last().fail('BAD_RESPONSE');
    expect(await outside).toEqual({ state: 'UNAVAILABLE', value: null, fetchedAt: null, reason: 'BAD_RESPONSE' });
  });

  test('a failure without a cached value is UNAVAILABLE with its reason; an error that is not a SourceError is BAD_RESPONSE', async () => {
    const { cache } = createHarness({ load: () => Promise.reject(new TypeError('rows is not iterable')) });
    expect(await cache.read('a')).toMatchObject({ state: 'UNAVAILABLE', value: null, reason: 'BAD_RESPONSE' });
  });
});

describe('maxAge', () => {
  test('0 requires a load that starts after the call', async () => {
    const { cache, loads, warm } = createHarness();
    await warm('a', 'one');
    void cache.read('a', { maxAge: 0 });
    const second = cache.read('a', { maxAge: 0 });
    expect(loads).toHaveLength(3);
    await loads[1]?.land('two');
    await loads[2]?.land('three');
    expect(await second).toMatchObject({ state: 'FRESH', value: 'three' });
  });

  test('above 0 accepts a value of that age, and loads instead of an older one', async () => {
    const { cache, clock, last, loads, warm } = createHarness();
    await warm('a', 'one');
    await clock.advance(5_000);
    expect(await cache.read('a', { maxAge: 5_000 })).toMatchObject({ state: 'FRESH', value: 'one' });
    const reading = cache.read('a', { maxAge: 4_999 });
    expect(loads).toHaveLength(2);
    await last().land('two');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'two' });
  });

  test('above 0 does not accept a running load that started too long ago', async () => {
    const { cache, clock, last, loads } = createHarness();
    void cache.read('a');
    await clock.advance(1_000);
    const reading = cache.read('a', { maxAge: 999 });
    const content = cache.read('a', { maxAge: 1_000 });
    await loads[0]?.land('before');
    expect(await content).toMatchObject({ state: 'FRESH', value: 'before' });
    expect(loads).toHaveLength(2);
    await last().land('after');
    expect(await reading).toMatchObject({ state: 'FRESH', value: 'after' });
  });

  test('above 0 never gives a value past its TTL as FRESH', async () => {
    const { cache, clock, loads, warm } = createHarness();
    await warm('a', 'one');
    await clock.advance(31_000);
    void cache.read('a', { maxAge: MINUTE });
    expect(loads).toHaveLength(2);
  });

  test('a value that is too old for the reader is served STALE when the source fails', async () => {
    const { cache, last, warm } = createHarness();
    await warm('a', 'one');
    const reading = cache.read('a', { maxAge: 0 });
    await last().fail('OVERLOADED');
    expect(await reading).toMatchObject({ state: 'STALE', value: 'one', reason: 'OVERLOADED' });
  });

  test('applies to peek, which starts no load', async () => {
    const { cache, clock, loads, warm } = createHarness();
    expect(cache.peek('a')).toBeUndefined();
    await warm('a', 'one');
    expect(cache.peek('a', { maxAge: 0 })).toBeUndefined();
    await clock.advance(100);
    expect(cache.peek('a', { maxAge: 100 })?.value).toBe('one');
    expect(cache.peek('a', { maxAge: 99 })).toBeUndefined();
    expect(loads).toHaveLength(1);
  });
});

describe('the deadline of a read', () => {
  test('gives TIMEOUT, and the load continues for the next reader', async () => {
    const { cache, last } = createHarness();
    expect(await cache.read('a', { deadline: Promise.resolve() })).toMatchObject({
      state: 'UNAVAILABLE',
      reason: 'TIMEOUT',
    });
    await last().land('one');
    expect(await cache.read('a')).toMatchObject({ state: 'FRESH', value: 'one' });
  });

  test('gives STALE with TIMEOUT if there is a cached value', async () => {
    const { cache, clock, warm } = createHarness();
    await warm('a', 'one');
    const deadline = new Promise<void>((resolve) => void clock.after(50, resolve));
    const reading = cache.read('a', { maxAge: 0, deadline });
    await clock.advance(50);
    expect(await reading).toMatchObject({ state: 'STALE', value: 'one', reason: 'TIMEOUT' });
  });

  test('of one reader does not affect the others', async () => {
    const { cache, last, loads } = createHarness();
    const patient = cache.read('a');
    await cache.read('a', { deadline: Promise.resolve() });
    await settled();
    await last().land('one');
    expect(await patient).toMatchObject({ state: 'FRESH', value: 'one' });
    expect(loads).toHaveLength(1);
  });

  test('is not used by a reader that is served at once', async () => {
    const { cache, warm } = createHarness();
    await warm('a', 'one');
    expect(await cache.read('a', { deadline: Promise.resolve() })).toMatchObject({ state: 'FRESH' });
  });
});
