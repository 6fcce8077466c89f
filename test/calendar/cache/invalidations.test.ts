// Floors: an invalidation reaches what was loaded before it and nothing after, and forgetting never under-invalidates.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Floor, Floors } from '../../../src/calendar/cache/invalidations.ts';

describe('floors', () => {
  test('a number drawn before an invalidation is below its floor, one drawn after is above', () => {
    const floors = new Floors({ now: () => 0 });
    const before = floors.next();
    floors.raise('a');
    const after = floors.next();
    const floor = floors.under(['a']).seq;
    expect(before).toBeLessThan(floor);
    expect(after).toBeGreaterThan(floor);
  });

  test('the highest floor of the names counts, and it says when it was', () => {
    let now = 10;
    const floors = new Floors({ now: () => now });
    floors.raise('narrow');
    now = 20;
    floors.raise('wide');
    expect(floors.under(['wide', 'narrow']).at).toBe(20);
    expect(floors.under(['narrow']).at).toBe(10);
  });

  test('a name that was never invalidated stands on the ground', () => {
    const floors = new Floors({ now: () => 5 });
    floors.raise('a');
    expect(floors.under(['b'])).toEqual({ seq: 0, at: Number.NEGATIVE_INFINITY });
    expect(floors.under([]).seq).toBe(0);
  });

  test('raiseAll invalidates every name, also those never heard of, and holds none', () => {
    const floors = new Floors({ now: () => 7 });
    floors.raise('a');
    const before = floors.next();
    floors.raiseAll();
    expect(floors.under(['a']).seq).toBeGreaterThan(before);
    expect(floors.under(['unheard of'])).toEqual(floors.under(['a']));
    expect(floors.under(['a']).at).toBe(7);
    expect(floors.size).toBe(0);
  });

  test('the oldest floor is folded into the base when there are too many', () => {
    const floors = new Floors({ now: () => 7, limit: 2 });
    for (const name of ['a', 'b', 'c']) floors.raise(name);
    expect(floors.size).toBe(2);
    expect(floors.under(['a'])).toEqual({ seq: 1, at: 7 });
    expect(floors.under(['unheard of'])).toEqual({ seq: 1, at: 7 });
    expect(floors.under(['c']).seq).toBe(3);
  });

  test('a name raised again is the newest, not the next to be folded', () => {
    const floors = new Floors({ now: () => 0, limit: 2 });
    for (const name of ['a', 'b', 'a', 'c']) floors.raise(name);
    expect(floors.under(['unheard of']).seq).toBe(2);
    expect(floors.under(['a']).seq).toBe(3);
  });
});

/** What the property needs of floors; {@link Floors} and its broken twins have it. */
type Bounded = Pick<Floors, 'raise' | 'raiseAll' | 'under' | 'size'>;

const LIMIT = 3;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Any invalidations, told to the floors under test and to floors that forget nothing. */
function neverUnderInvalidates(create: () => Bounded) {
  const names = fc.array(fc.option(fc.constantFrom(...NAMES), { freq: 10 }), { maxLength: 30 });
  return fc.property(names, (invalidations) => {
    const floors = create();
    const unlimited = new Floors({ now: () => 0, limit: Number.POSITIVE_INFINITY });
    for (const name of invalidations) {
      for (const each of [floors, unlimited]) {
        if (name === null) each.raiseAll();
        else each.raise(name);
      }
      expect(floors.size).toBeLessThanOrEqual(LIMIT);
      for (const asked of NAMES) {
        expect(floors.under([asked]).seq).toBeGreaterThanOrEqual(unlimited.under([asked]).seq);
      }
    }
  });
}

/** Bounded as it should be, but what it drops is forgotten instead of folded. */
class ForgetfulFloors implements Bounded {
  readonly #floors = new Map<string, Floor>();
  #seq = 0;

  raise(name: string): void {
    this.#seq += 1;
    this.#floors.delete(name);
    this.#floors.set(name, { seq: this.#seq, at: 0 });
    const [oldest] = this.#floors.keys();
    if (oldest !== undefined && this.#floors.size > LIMIT) this.#floors.delete(oldest);
  }

  raiseAll(): void {
    for (const name of NAMES) this.raise(name);
  }

  under(names: readonly string[]): Floor {
    return { seq: Math.max(0, ...names.map((name) => this.#floors.get(name)?.seq ?? 0)), at: 0 };
  }

  get size(): number {
    return this.#floors.size;
  }
}

describe('I7: floors stay bounded, and forgetting one invalidates too much, never too little', () => {
  test('holds for any invalidations', () => {
    fc.assert(
      neverUnderInvalidates(() => new Floors({ now: () => 0, limit: LIMIT })),
      { numRuns: 1_000 },
    );
  });

  test('a twin without the bound fails it', () => {
    const unbounded = neverUnderInvalidates(() => new Floors({ now: () => 0, limit: Number.POSITIVE_INFINITY }));
    expect(fc.check(unbounded, { numRuns: 1_000 }).failed).toBe(true);
  });

  test('a twin that forgets the oldest floor instead of folding it fails it', () => {
    expect(
      fc.check(
        neverUnderInvalidates(() => new ForgetfulFloors()),
        { numRuns: 1_000 },
      ).failed,
    ).toBe(true);
  });
});
