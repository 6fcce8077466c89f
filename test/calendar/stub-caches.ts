// Real caches over sources that are functions of the test, with a log of their calls.

import { FreshCache } from '../../src/calendar/cache/fresh-cache.ts';
import { Invalidations } from '../../src/calendar/cache/invalidations.ts';
import { type HeldAudiences, type HeldSlice, packAudiences, packSlice } from '../../src/calendar/model/packed.ts';
import type { Relations } from '../../src/calendar/model/relations.ts';
import { type AudienceKey, completeSlice, type Slice, type SliceKey } from '../../src/calendar/model/slice.ts';
import { Zone } from '../../src/calendar/model/zone.ts';
import type { RelationshipReaders } from '../../src/calendar/read/find-access.ts';
import type { ReadThrough } from '../../src/calendar/read/read-calendar.ts';
import { manualClock } from '../harness/clock.ts';

/** What the sources answer; what is left out is empty. A throw is a failure. */
export interface Answers {
  readonly audiences?: (key: AudienceKey) => readonly string[] | Promise<readonly string[]>;
  readonly taught?: (key: AudienceKey) => readonly string[];
  readonly slice?: (key: SliceKey) => Slice | Promise<Slice>;
  readonly relations?: (userId: string) => Relations | Promise<Relations>;
}

const EMPTY: Slice = completeSlice([]);

/**
 * Caches over the answers; `asked` has a line for every question that reached a source, in order.
 */
export function stubCaches(answers: Answers) {
  const asked: string[] = [];
  const clock = manualClock();
  const shared = {
    invalidationKeys: () => [],
    sizeOf: () => 1,
    maxBytes: 10_000,
    invalidations: new Invalidations({ now: () => clock.elapsed() }),
    clock,
  };
  const logged = <K, V>(say: (key: K) => string, answer: ((key: K) => V | Promise<V>) | undefined, none: V) => ({
    ...shared,
    id: say,
    load: async (key: K) => {
      asked.push(say(key));
      return answer === undefined ? none : await answer(key);
    },
  });
  const caches: ReadThrough & RelationshipReaders = {
    audiences: new FreshCache(
      logged<AudienceKey, HeldAudiences>(
        ({ kind, userId }) => `${kind} audiences of ${userId}`,
        async (key) =>
          packAudiences({ all: (await answers.audiences?.(key)) ?? [], taught: answers.taught?.(key) ?? [] }),
        { all: [], taught: [] },
      ),
    ),
    foreignAudiences: new FreshCache(
      logged<AudienceKey, HeldAudiences>(
        ({ kind, userId }) => `${kind} audiences of ${userId} for others`,
        async (key) =>
          packAudiences({ all: (await answers.audiences?.(key)) ?? [], taught: answers.taught?.(key) ?? [] }),
        { all: [], taught: [] },
      ),
    ),
    slices: new FreshCache(
      logged<SliceKey, HeldSlice>(
        ({ kind, audience, month }) => `${kind} ${audience} ${month.name}`,
        async (key) => packSlice((await answers.slice?.(key)) ?? EMPTY),
        EMPTY,
      ),
    ),
    memberships: new FreshCache(
      logged<string, HeldAudiences>(
        (userId) => `memberships of ${userId}`,
        async (userId) =>
          packAudiences({ all: (await answers.audiences?.({ kind: 'LECTURE', userId })) ?? [], taught: [] }),
        { all: [], taught: [] },
      ),
    ),
    relations: new FreshCache(
      logged<string, Relations>((userId) => `relations of ${userId}`, answers.relations, { teaches: [], observes: [] }),
    ),
    homeZone: Zone.named('Asia/Seoul') as Zone,
    ownAudience: (userId) => `ern:lms:user/${userId}`,
  };
  return { caches, asked, clock };
}
