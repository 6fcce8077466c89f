// Differences: applied to what was shown they give the current events, except that nothing is
// removed for a source that is not FRESH.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EVENT_KINDS, type ScheduleEvent } from '../../../src/calendar/model/event.ts';
import type { SourceState, SourceStatus } from '../../../src/calendar/model/status.ts';
import { differenceOf } from '../../../src/calendar/read/difference.ts';
import { versionOf } from '../../../src/calendar/shape/version.ts';
import { numbered } from '../arbitrary.ts';

type States = readonly [SourceState, SourceState, SourceState];
const FRESH: States = ['FRESH', 'FRESH', 'FRESH'];

function sources(states: States): SourceStatus[] {
  const rest = { fetchedAt: 0, count: 0, dropped: 0, truncated: false, reason: null };
  return EVENT_KINDS.map((kind, i) => ({ kind, status: states[i] ?? 'FRESH', ...rest }));
}
const versionsOf = (all: readonly ScheduleEvent[]) => new Map(all.map((one) => [one.id, versionOf(one)]));
const difference = (shown: readonly ScheduleEvent[], there: readonly ScheduleEvent[], states = FRESH) =>
  differenceOf(versionsOf(shown), there, sources(states), versionOf);

/** What a client has after it did as it was changes. */
function applied(had: ReadonlyMap<string, ScheduleEvent>, changes: ReturnType<typeof difference>) {
  const has = new Map(had);
  for (const id of changes.removed) has.delete(id);
  for (const one of changes.upserted) has.set(one.id, one);
  return has;
}

/** A few events, each in one of a few editions. */
const calendar = fc
  .uniqueArray(fc.record({ kind: fc.constantFrom(...EVENT_KINDS), number: fc.nat(5), edition: fc.nat(2) }), {
    selector: ({ kind, number }) => `${kind}${number}`,
    maxLength: 12,
  })
  .map((all) => all.map(({ kind, number, edition }) => numbered(kind, number, { title: `edition ${edition}` })));
const anyState = fc.constantFrom<SourceState>('FRESH', 'FRESH', 'STALE', 'UNAVAILABLE');
const step = fc.record({ there: calendar, states: fc.tuple(anyState, anyState, anyState) });

describe('a client that applies every difference', () => {
  test('has exactly the current events once all sources are FRESH, after any number of partial answers', () => {
    fc.assert(
      fc.property(calendar, fc.array(step, { maxLength: 8 }), calendar, (first, steps, last) => {
        let has: ReadonlyMap<string, ScheduleEvent> = new Map(first.map((one) => [one.id, one]));
        let versions: ReadonlyMap<string, Buffer> = versionsOf(first);
        for (const { there, states } of [...steps, { there: last, states: FRESH }]) {
          // A source that is UNAVAILABLE shows nothing of its own.
          const read = there.filter((one) => states[EVENT_KINDS.indexOf(one.kind)] !== 'UNAVAILABLE');
          const changes = differenceOf(versions, read, sources(states), versionOf);
          has = applied(has, changes);
          versions = changes.versions;
          expect(Object.fromEntries(versions)).toEqual(Object.fromEntries(versionsOf([...has.values()])));
        }
        expect([...has.keys()].sort()).toEqual(last.map(({ id }) => id).sort());
        for (const one of last) expect(has.get(one.id)).toEqual(one);
      }),
      { numRuns: 300 },
    );
  });

  test('removes nothing of a source that is not FRESH', () => {
    fc.assert(
      fc.property(calendar, step, (shown, { there, states }) => {
        for (const id of difference(shown, there, states).removed) {
          const kind = EVENT_KINDS.findIndex((one) => id.startsWith(`${one}!`));
          expect(states[kind]).toBe('FRESH');
          expect(there.map((one) => one.id)).not.toContain(id);
        }
      }),
    );
  });

  test('gets no unchanged events', () => {
    fc.assert(
      fc.property(calendar, (all) => {
        expect(difference(all, [...all].reverse())).toMatchObject({ upserted: [], removed: [] });
      }),
    );
  });
});

test('an event that was deleted while its source was down is removed once the source is back', () => {
  const gone = numbered('LECTURE', 1);
  const down = difference([gone], [], ['UNAVAILABLE', 'FRESH', 'FRESH']);
  expect(down.removed).toEqual([]);
  expect(differenceOf(down.versions, [], sources(FRESH), versionOf).removed).toEqual([gone.id]);
});

test('events of a kind that was not requested are not removed', () => {
  const [lectures] = [sources(FRESH).filter(({ kind }) => kind === 'LECTURE')];
  expect(differenceOf(versionsOf([numbered('ASSIGNMENT', 1)]), [], lectures ?? [], versionOf).removed).toEqual([]);
});
