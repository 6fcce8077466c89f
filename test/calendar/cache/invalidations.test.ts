// Invalidations apply to what was loaded before them and nothing after, also when old ones are
// dropped.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Invalidation, Invalidations } from '../../../src/calendar/cache/invalidations.ts';

describe('invalidations', () => {
  test('have higher numbers than loads before them, and lower numbers than loads after them', () => {
    const invalidations = new Invalidations({ now: () => 0 });
    const before = invalidations.next();
    invalidations.record('a');
    const after = invalidations.next();
    const invalidation = invalidations.latest(['a']).seq;
    expect(before).toBeLessThan(invalidation);
    expect(after).toBeGreaterThan(invalidation);
  });

  test('the latest invalidation of the keys counts, with its time', () => {
    let now = 10;
    const invalidations = new Invalidations({ now: () => now });
    invalidations.record('narrow');
    now = 20;
    invalidations.record('wide');
    expect(invalidations.latest(['wide', 'narrow']).at).toBe(20);
    expect(invalidations.latest(['narrow']).at).toBe(10);
  });

  test('a key that was never invalidated has the number of the base', () => {
    const invalidations = new Invalidations({ now: () => 5 });
    invalidations.record('a');
    expect(invalidations.latest(['b'])).toEqual({ seq: 0, at: Number.NEGATIVE_INFINITY, by: null });
    expect(invalidations.latest([]).seq).toBe(0);
  });

  test('recordAll invalidates every key, also unknown ones, and holds none', () => {
    const invalidations = new Invalidations({ now: () => 7 });
    invalidations.record('a');
    const before = invalidations.next();
    invalidations.recordAll();
    expect(invalidations.latest(['a']).seq).toBeGreaterThan(before);
    expect(invalidations.latest(['unheard of'])).toEqual(invalidations.latest(['a']));
    expect(invalidations.latest(['a']).at).toBe(7);
    expect(invalidations.size).toBe(0);
  });

  test('the oldest invalidation is merged into the base when there are too many', () => {
    const invalidations = new Invalidations({ now: () => 7, limit: 2 });
    for (const name of ['a', 'b', 'c']) invalidations.record(name);
    expect(invalidations.size).toBe(2);
    expect(invalidations.latest(['a'])).toMatchObject({ seq: 1, at: 7 });
    expect(invalidations.latest(['unheard of'])).toMatchObject({ seq: 1, at: 7 });
    expect(invalidations.latest(['c']).seq).toBe(3);
  });

  test('a key that is invalidated again becomes the newest', () => {
    const invalidations = new Invalidations({ now: () => 0, limit: 2 });
    for (const name of ['a', 'b', 'a', 'c']) invalidations.record(name);
    expect(invalidations.latest(['unheard of']).seq).toBe(2);
    expect(invalidations.latest(['a']).seq).toBe(3);
  });
});

/** What the property needs of invalidations; {@link Invalidations} and its mutants have it. */
type Bounded = Pick<Invalidations, 'record' | 'recordAll' | 'latest' | 'size'>;

const LIMIT = 3;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

/**
 * Any invalidations, told to the invalidations under test and to invalidations that forget nothing.
 */
function neverInvalidatesTooLittle(create: () => Bounded) {
  const names = fc.array(fc.option(fc.constantFrom(...NAMES), { freq: 10 }), { maxLength: 30 });
  return fc.property(names, (recorded) => {
    const invalidations = create();
    const unlimited = new Invalidations({ now: () => 0, limit: Number.POSITIVE_INFINITY });
    for (const name of recorded) {
      for (const each of [invalidations, unlimited]) {
        if (name === null) each.recordAll();
        else each.record(name);
      }
      expect(invalidations.size).toBeLessThanOrEqual(LIMIT);
      for (const asked of NAMES) {
        expect(invalidations.latest([asked]).seq).toBeGreaterThanOrEqual(unlimited.latest([asked]).seq);
      }
    }
  });
}

/** Bounded as it should be, but what it drops is forgotten instead of folded. */
class ForgetfulInvalidations implements Bounded {
  readonly #invalidations = new Map<string, Invalidation>();
  #seq = 0;

  record(name: string): void {
    this.#seq += 1;
    this.#invalidations.delete(name);
    this.#invalidations.set(name, { seq: this.#seq, at: 0, by: null });
    const [oldest] = this.#invalidations.keys();
    if (oldest !== undefined && this.#invalidations.size > LIMIT) this.#invalidations.delete(oldest);
  }

  recordAll(): void {
    for (const name of NAMES) this.record(name);
  }

  latest(names: readonly string[]): Invalidation {
    const seq = Math.max(0, ...names.map((name) => this.#invalidations.get(name)?.seq ?? 0));
    return { seq, at: 0, by: null };
  }

  get size(): number {
    return this.#invalidations.size;
  }
}

describe('invalidations are bounded, and dropping one invalidates too much, never too little', () => {
  test('holds for random invalidations', () => {
    fc.assert(
      neverInvalidatesTooLittle(() => new Invalidations({ now: () => 0, limit: LIMIT })),
      { numRuns: 1_000 },
    );
  });

  test('fails for a mutant without the bound', () => {
    const unbounded = neverInvalidatesTooLittle(
      () => new Invalidations({ now: () => 0, limit: Number.POSITIVE_INFINITY }),
    );
    expect(fc.check(unbounded, { numRuns: 1_000 }).failed).toBe(true);
  });

  test('fails for a mutant that drops the oldest invalidation instead of merging it', () => {
    expect(
      fc.check(
        neverInvalidatesTooLittle(() => new ForgetfulInvalidations()),
        { numRuns: 1_000 },
      ).failed,
    ).toBe(true);
  });
});
