// The position of a reader in streams that grow, are trimmed, cut and replaced at random.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endOf, lossOf, moved, type Position } from '../../../src/calendar/freshness/stream-position.ts';

type Step =
  | { do: 'add'; count: number }
  | { do: 'trim'; keep: number }
  | { do: 'delete'; nth: number }
  | { do: 'replace'; higher: boolean }
  | { do: 'read'; page: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('trim' as const), keep: fc.nat({ max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), nth: fc.nat({ max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replace' as const), higher: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), page: fc.integer({ min: 1, max: 4 }) }) },
);

/**
 * A stream, its reader, and an account of what was truly lost, kept apart from both. It begins with
 * a thousand entries that were read. It is replaced once: another stream that has lost, within a
 * moment, exactly as many entries as were read of the first cannot be told from it.
 */
function randomStream() {
  let [entries, added, last, next, isOther] = [[1_000], 1_000, 1_000, 1_001, false];
  let at: Position = { id: '1000-0', accounted: 1_000 };
  const unread = new Set<number>();
  let isLost = false;
  const gone = (ids: readonly number[]) => {
    for (const id of ids) if (unread.delete(id)) isLost = true;
  };
  return {
    act(what: Step) {
      if (what.do === 'add') {
        for (let index = 0; index < what.count; index += 1) {
          last = next++;
          entries.push(last);
          unread.add(last);
          added += 1;
        }
      } else if (what.do === 'trim') gone(entries.splice(0, Math.max(0, entries.length - what.keep)));
      else if (what.do === 'delete') gone(entries.splice(what.nth, 1));
      else if (what.do === 'replace' && !isOther) {
        isOther = true;
        if (!what.higher) next = 1;
        last = next++;
        [entries, added] = [[last], 1];
        unread.clear();
        // Nobody can tell what was in the other stream.
        isLost = true;
      }
    },
    /** Reads a page; answers what the reader makes of it and whether something was lost. */
    read(page: number) {
      const state = { lastId: `${last}-0`, added, length: entries.length };
      const after = Number(at.id.split('-')[0]);
      const found = entries.filter((id) => id > after);
      const taken = found.slice(0, page);
      const isAll = found.length < page;
      const then = moved(
        at,
        taken.map((id) => `${id}-0`),
      );
      const loss = lossOf(at, then, state, isAll);
      if (loss !== null) {
        at = endOf(state);
        unread.clear();
      } else {
        at = then;
        for (const id of taken) unread.delete(id);
      }
      const truth = isLost;
      if (loss !== null) isLost = false;
      return { loss, truth, isAll };
    },
  };
}

describe('a position in a stream', () => {
  test('detects every loss of entries by the time the reader reaches the end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const stream = randomStream();
        for (const what of steps) {
          if (what.do !== 'read') stream.act(what);
          else {
            const { loss, truth, isAll } = stream.read(what.page);
            if (isAll && truth) expect(loss).not.toBeNull();
          }
        }
      }),
      { numRuns: 10_000 },
    );
  });

  test('reports no loss when only entries that were read are trimmed', () => {
    const honest = step.filter(({ do: what }) => what === 'add' || what === 'trim' || what === 'read');
    fc.assert(
      fc.property(fc.array(honest, { maxLength: 40 }), (steps) => {
        const stream = randomStream();
        for (const what of steps) {
          if (what.do !== 'read') stream.act(what);
          else {
            const { loss, truth } = stream.read(what.page);
            if (loss !== null) expect(truth).toBe(true);
          }
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
