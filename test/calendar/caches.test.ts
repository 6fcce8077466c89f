// What the three caches count as their size: keys as well as values.
import { describe, expect, test } from '@jest/globals';
import { Invalidations } from '../../src/calendar/cache/invalidations.ts';
import { type Ask, createCaches } from '../../src/calendar/caches.ts';
import { completeSlice } from '../../src/calendar/model/slice.ts';
import { manualClock } from '../harness/clock.ts';

const ANSWERS = {
  audiences: { all: [], taught: [] },
  relations: { teaches: [], observes: [] },
  slice: completeSlice([]),
};

function emptyCaches() {
  const clock = manualClock();
  return createCaches({
    ask: ((_, query) => Promise.resolve(ANSWERS[query.ask as keyof typeof ANSWERS])) as Ask,
    invalidations: new Invalidations({ now: () => clock.elapsed() }),
    clock,
    cacheBytes: 10_000_000,
    ownAudience: (userId) => `ern:lms:user/${userId}`,
    hasLiveFeed: () => false,
  });
}

describe('a long key counts in the size of', () => {
  const month = { name: '2026-03', from: 0, to: 1 };
  test.each([
    [
      'audiences',
      (caches: ReturnType<typeof createCaches>, name: string) =>
        caches.audiences.read({ kind: 'LECTURE', userId: name }),
    ],
    ['relations', (caches: ReturnType<typeof createCaches>, name: string) => caches.relations.read(name)],
    [
      'slices',
      (caches: ReturnType<typeof createCaches>, name: string) =>
        caches.slices.read({ kind: 'LECTURE', audience: name, month }),
    ],
  ] as const)('the cache of %s', async (name, read) => {
    const caches = emptyCaches();
    await read(caches, 'a');
    const { bytes } = caches[name].size;
    await read(caches, 'x'.repeat(60_000));
    expect(caches[name].size.bytes - bytes).toBeGreaterThan(60_000);
  });
});
