// Promise: the months of one answer do not contradict each other when nothing tells the calendar
// of changes.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MINE, type Mine } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment } from '../harness/rows.ts';

const MARCH = { from: '2026-03-01T00:00:00+09:00', to: '2026-04-01T00:00:00+09:00' };
const BOTH = { from: MARCH.from, to: '2026-05-01T00:00:00+09:00' };
const inApril = assignment({ course: 1, at: '2026-04-10T00:00+09:00' });
const inMarch = { ...inApril, startsAt: '2026-03-10T00:00:00+09:00', endsAt: '2026-03-12T00:00:00+09:00' };

describe('an item that is moved over a month’s end', () => {
  let graph: MockGraph;
  beforeEach(async () => {
    graph = await startGraph({ sources: 'mock', rows: { enrollments: { 'student-1': [1] }, items: [inApril] } });
  });
  afterEach(() => graph.close());

  const shown = async (window: typeof MARCH) => {
    const { body } = await graph.query<Mine>('student-1', MINE, window);
    const { events, completeness } = body.data.viewer.calendar;
    return [completeness, ...events.map(({ startsAt }) => startsAt)];
  };

  test('is shown where it is now, though the month it came into was read before', async () => {
    expect(await shown(MARCH)).toEqual(['COMPLETE']);
    graph.rows.items.splice(0, 1, inMarch);
    expect(await shown(BOTH)).toEqual(['COMPLETE', inMarch.startsAt]);
  });

  test('costs one more call of its source, and nothing while nothing is moved', async () => {
    await shown(MARCH);
    graph.rows.items.splice(0, 1, inMarch);
    const before = graph.calls.assignment.length;
    await shown(BOTH);
    expect(graph.calls.assignment.length - before).toBe(2);
    await shown(BOTH);
    expect(graph.calls.assignment.length - before).toBe(2);
  });
});
