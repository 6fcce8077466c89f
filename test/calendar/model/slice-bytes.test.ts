// The estimate by which the cache of slices is limited, against what the heap holds.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { bytesOf, type Month, type Slice } from '../../../src/calendar/model/slice.ts';
import { parseResults } from '../../../src/calendar/sources/entities.ts';
import { ASSIGNMENT } from '../../../src/calendar/sources/kinds.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const ITEMS = 20_000;
const MARCH: Month = { name: '2026-03', from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 3, 1) };

/** A slice as it comes from a source. */
function sliceOf(number: number, items: number, given: object): Slice {
  const audience = `ern:lms:course/${number}`;
  const raw = Array.from({ length: items }, (_, n) => ({
    ern: `${audience}/assignment/${n}`,
    audience,
    startsAt: '2026-03-02T00:00:00.000Z',
    endsAt: '2026-03-03T00:00:00.000Z',
    closesAt: '2026-03-05T00:00:00.000Z',
    course: { ern: audience, title: '자료구조', color: '#336699' },
    updatedAt: '2026-03-01T00:00:00.123Z',
    hidden: false,
    ...given,
  }));
  const [from, to] = [new Date(MARCH.from).toISOString(), new Date(MARCH.to).toISOString()];
  const body = JSON.stringify({
    data: { _entities: [{ __typename: 'AssignmentSlice', audience, from, to, items: raw }] },
  });
  return parseResults(ASSIGNMENT, [{ ask: 'slice', audience, month: MARCH }], body)[0] as Slice;
}

function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('the estimated bytes of slices are within a quarter of what the heap holds', () => {
  test.each([
    ['with short titles', 20, { title: 'Essay' }],
    ['with Korean titles and rooms', 20, { title: '알고리즘 과제 3주차 연습문제 풀이', room: '공학관 201호' }],
    ['with long titles', 20, { title: 'x'.repeat(300) }],
    ['with long Korean titles', 20, { title: '가'.repeat(300) }],
    ['of one item each', 1, { title: 'Essay' }],
    ['of a hundred items each', 100, { title: 'Essay' }],
  ])('%s', (_, items, given) => {
    sliceOf(0, 1, given);
    const before = heapBytes();
    const held = Array.from({ length: ITEMS / items }, (__, number) => sliceOf(number, items, given));
    const ratio = held.reduce((sum, slice) => sum + bytesOf(slice), 0) / (heapBytes() - before);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });
});
