// The invariants of the cache over random schedules of reads, writes, ends of loads, failures and
// time, on a manual clock; each with mutants for which its test fails. A failure prints its seed,
// its path and the shortest schedule.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHarness } from './fresh-cache-harness.ts';
import { type Create, FRESH, type Invariant, live } from './fresh-cache-model.ts';
import { IgnoredInvalidations, plain, real } from './fresh-cache-mutants.ts';
import { schedules } from './fresh-cache-schedules.ts';

/** Per invariant; with eight of them more than 10,000 schedules a run. */
const RUNS = 1_500;
/** Twins end at the first failure; most need a few dozen schedules. */
const MUTANT_RUNS = 10_000;

interface Promised {
  readonly invariant: Invariant;
  readonly says: string;
  readonly mutants: Readonly<Record<string, Create>>;
}

const PROMISES: readonly Promised[] = [
  {
    invariant: 'a fresh value is current',
    says: 'what is FRESH began to load after the last invalidation, and has the write a reader knew of',
    mutants: {
      'that judges a value when it is stored': plain({ judgedWhenRead: false }),
      'whose readers join any running load': plain({ joinsOnlyLateEnough: false }),
      'that does not look at the invalidations': real({}, IgnoredInvalidations),
    },
  },
  {
    invariant: 'at most two loads of a key run',
    says: 'at most two loads of a key run',
    mutants: { 'that starts a load for every reader who cannot join one': plain({ atMostTwo: false }) },
  },
  {
    invariant: 'every read is answered in time',
    says: 'a read never rejects, is answered in the end, and within the time its reader has',
    mutants: { 'whose invalidations reject those who wait': plain({ neverRejects: false }) },
  },
  {
    invariant: 'REVALIDATING is said in its window only',
    says: 'stale-while-revalidate serves valid values only, and only within its window',
    mutants: {
      'that serves invalidated values while it revalidates': plain({ revalidatesOnlyValid: false }),
      'whose window never ends': real({ staleWhileRevalidate: Number.POSITIVE_INFINITY }),
    },
  },
  {
    invariant: 'a value that is held serves as fallback',
    says: 'a failed load removes nothing',
    mutants: {
      'that drops a value when its load fails': plain({ failureKeeps: false }),
      'that has no stale-if-error': real({ staleIfError: 0 }),
    },
  },
  {
    invariant: 'all is current in the end',
    says: 'once everything has settled, every read is FRESH and equals the database',
    mutants: {
      'whose loads draw their number when they end': plain({ numberedAtStart: false }),
      'that does not look at the invalidations': real({}, IgnoredInvalidations),
    },
  },
  {
    invariant: 'a fresh value is young enough',
    says: 'nothing is FRESH beyond its time to live or the age a reader accepts',
    mutants: { 'that is fresh for longer': real({ fresh: () => 2 * FRESH }) },
  },
  {
    invariant: 'a key that failed is left alone',
    says: 'after a failure no load of the key starts until the back-off, or what the source asked for, is over',
    mutants: { 'that knows no back-off': plain({ backsOff: false }) },
  },
];

const keeps = (invariant: Invariant, create: Create) =>
  fc.asyncProperty(schedules, async (steps) => {
    const broken = await live(create, steps);
    expect(broken.filter((each) => each.startsWith(`${invariant}:`))).toEqual([]);
  });

describe.each(PROMISES)('$says', ({ invariant, mutants }) => {
  test('holds for random schedules', async () => {
    await fc.assert(keeps(invariant, real()), { numRuns: RUNS });
  }, 60_000);

  test.each(Object.entries(mutants))(
    'fails for a mutant %s',
    async (_, mutant) => {
      const { errorInstance } = await fc.check(keeps(invariant, mutant), {
        numRuns: MUTANT_RUNS,
        endOnFailure: true,
      });
      expect(String(errorInstance)).toContain(`"${invariant}: `);
    },
    60_000,
  );
});

test('the mutants fail only because of the rule that is switched off: the plain cache with all rules keeps all invariants', async () => {
  const keepsAll = fc.asyncProperty(schedules, async (steps) => {
    expect(await live(plain(), steps)).toEqual([]);
  });
  await fc.assert(keepsAll, { numRuns: RUNS });
}, 60_000);

/** Any readers of any keys at once, all cold: as many loads as keys. */
const sharesLoads = (id: (key: string) => string) =>
  fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 30 }), async (keys) => {
    const { cache, loads, landAll } = createHarness({ id });
    const readings = keys.map((key) => cache.read(key));
    expect(loads).toHaveLength(new Set(keys).size);
    await landAll('value');
    expect((await Promise.all(readings)).every(({ state }) => state === 'FRESH')).toBe(true);
  });

describe('concurrent readers of an empty cache share one load of each key', () => {
  test('holds for random readers', async () => {
    await fc.assert(
      sharesLoads((key) => key),
      { numRuns: 500 },
    );
  });

  test('fails for a mutant in which each read has its own identity', async () => {
    let reads = 0;
    const unique = (key: string) => {
      reads += 1;
      return `${key} ${reads}`;
    };
    expect((await fc.check(sharesLoads(unique), { numRuns: 500, endOnFailure: true })).failed).toBe(true);
  });
});
