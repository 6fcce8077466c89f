// Promise: a slice is loaded again when it is too old, invalidated or not accepted, by one call for
// all readers; a failing source gets pauses; and the answer always says how old its data may be.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { MARCH, MINE, type Mine, type ShownCalendar } from '../harness/documents.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { courseErn, lecture, own, ownErn } from '../harness/rows.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LECTURES = { ...MARCH, filter: { kinds: ['LECTURE'] } };

let clock: ManualClock;
let graph: MockGraph;
beforeEach(async () => {
  clock = manualClock();
  graph = await startGraph({
    sources: 'mock',
    clock,
    rows: {
      enrollments: { 'student-1': [1], 'student-2': [1] },
      items: [lecture({ course: 1, at: '2026-03-10T09:00+09:00', title: 'old' })],
    },
  });
});
afterEach(() => graph.close());

async function read(variables: Record<string, unknown> = {}, user = 'student-1'): Promise<ShownCalendar> {
  const { body } = await graph.query<Mine>(user, MINE, { ...LECTURES, ...variables });
  return body.data.viewer.calendar;
}
const title = (calendar: ShownCalendar) => calendar.events[0]?.title;
const status = ({ sources }: ShownCalendar) => [sources[0]?.status, sources[0]?.reason];
const calls = () => graph.calls.lecture.length;
const write = (to: string) => {
  for (const row of graph.rows.items) row.title = to;
};
/** Reads until what a refresh brought is served. */
const readFresh = () =>
  eventually('a fresh answer', async () => {
    const calendar = await read();
    return calendar.completeness === 'COMPLETE' && calendar;
  });

describe('time to live', () => {
  test('within it no source is called and the copy is FRESH, with its load time', async () => {
    const { now } = await read();
    await clock.advance(26 * SECOND);
    const again = await read();
    expect(calls()).toBe(2);
    expect(status(again)).toEqual(['FRESH', null]);
    expect(again.sources[0]?.fetchedAt).toBe(now);
    expect(again.now).not.toBe(now);
  });

  test('the whole class reads the copy that its first student loaded', async () => {
    await read();
    expect(title(await read({}, 'student-2'))).toBe('old');
    const slices = graph.calls.lecture.flatMap((call) => call.representations).filter((one) => 'audience' in one);
    expect(slices.filter((slice) => slice.audience === courseErn(1))).toHaveLength(1);
  });

  test('after it the old copy is served STALE at once, while one load brings the new one', async () => {
    await read();
    write('new');
    await clock.advance(34 * SECOND);
    const stale = await read();
    expect([title(stale), ...status(stale)]).toEqual(['old', 'STALE', 'REVALIDATING']);
    expect(title(await readFresh())).toBe('new');
    // One refresh of the audiences, one of the slice: however often it was read meanwhile.
    expect(graph.calls.lecture.flatMap((call) => call.representations)).toHaveLength(4);
  });

  test('after stale-while-revalidate readers wait for the new copy', async () => {
    await read();
    write('new');
    await clock.advance(100 * SECOND);
    const fresh = await read();
    expect([title(fresh), ...status(fresh)]).toEqual(['new', 'FRESH', null]);
  });
});

describe('stale if error', () => {
  test('while the source fails its copy is served STALE, for an hour and no longer', async () => {
    await read();
    await graph.sources.lecture.fault({ status: 500 });
    await clock.advance(50 * MINUTE);
    const stale = await read();
    expect([title(stale), ...status(stale)]).toEqual(['old', 'STALE', 'BAD_RESPONSE']);
    await clock.advance(11 * MINUTE);
    const gone = await read();
    expect([title(gone), ...status(gone)]).toEqual([undefined, 'UNAVAILABLE', 'BAD_RESPONSE']);
    expect(gone.sources[0]).toMatchObject({ fetchedAt: null, count: 0 });
  });

  test('a malformed answer never replaces a good copy', async () => {
    await read();
    await graph.sources.lecture.fault({ answer: () => ({ data: { _entities: [null, null] } }) });
    await clock.advance(2 * MINUTE);
    expect(title(await read())).toBe('old');
    await graph.sources.lecture.heal();
    await clock.advance(5 * SECOND);
    expect([title(await read()), ...status(await read())]).toEqual(['old', 'FRESH', null]);
  });

  test('a failing source is called once after each back-off, not at every read', async () => {
    await read();
    await graph.sources.lecture.fault({ status: 500 });
    await clock.advance(2 * MINUTE);
    const before = calls();
    for (let i = 0; i < 20; i += 1) expect(status(await read())).toEqual(['STALE', 'BAD_RESPONSE']);
    const once = calls() - before;
    // Audiences and slice are two keys of the cache, so each finds out for itself.
    expect(once).toBeLessThanOrEqual(2);
    await clock.advance(SECOND);
    await read();
    expect(calls() - before).toBeLessThanOrEqual(2 * once);
    expect(calls() - before).toBeGreaterThan(once);
  });

  test('a source’s Retry-After is obeyed', async () => {
    await read();
    await graph.sources.lecture.fault({ status: 503, headers: { 'retry-after': '5' } });
    await clock.advance(2 * MINUTE);
    await read();
    const before = calls();
    await graph.sources.lecture.heal();
    await clock.advance(4 * SECOND);
    expect(status(await read())).toEqual(['STALE', 'OVERLOADED']);
    expect(calls()).toBe(before);
  });
});

describe('maxAge', () => {
  test('0 loads now, so that clients read their own writes', async () => {
    await read();
    write('new');
    const now = await read({ maxAge: 0 });
    expect([title(now), ...status(now)]).toEqual(['new', 'FRESH', null]);
    expect(calls()).toBe(4);
    expect(title(await read())).toBe('new');
    expect(calls()).toBe(4);
  });

  test('above 0 accepts a copy of at most that many seconds', async () => {
    await read();
    write('new');
    await clock.advance(10 * SECOND);
    expect(title(await read({ maxAge: 10 }))).toBe('old');
    await clock.advance(SECOND);
    expect(title(await read({ maxAge: 10 }))).toBe('new');
  });

  test('0 with the source down gives the cached copy as STALE', async () => {
    await read();
    await graph.sources.lecture.fault({ refuse: true });
    expect(status(await read({ maxAge: 0 }))).toEqual(['STALE', 'UNREACHABLE']);
  });
});

describe('invalidation', () => {
  test('of a course’s month shows on the calendars of the whole class at once', async () => {
    await read();
    await read({}, 'student-2');
    write('new');
    graph.calendar.invalidate(`LECTURE|${courseErn(1)}|2026-03`);
    for (const user of ['student-1', 'student-2']) {
      const calendar = await read({}, user);
      expect([title(calendar), ...status(calendar)]).toEqual(['new', 'FRESH', null]);
    }
  });

  test('of another course causes no load', async () => {
    await read();
    graph.calendar.invalidate(`LECTURE|${courseErn(1)}|2026-04`);
    graph.calendar.invalidate(`LECTURE|${courseErn(2)}`);
    graph.calendar.invalidate('ASSIGNMENT');
    await read();
    expect(calls()).toBe(2);
  });

  test('of a user’s memberships shows joined and left courses at once', async () => {
    expect((await read({}, 'student-3')).events).toEqual([]);
    graph.rows.enrollments['student-3'] = [1];
    graph.calendar.invalidate(`LECTURE|${ownErn('student-3')}`);
    expect(title(await read({}, 'student-3'))).toBe('old');
    graph.rows.enrollments['student-3'] = [];
    graph.calendar.invalidate(`LECTURE|${ownErn('student-3')}`);
    expect((await read({}, 'student-3')).events).toEqual([]);
  });

  test('of a student’s first override shows at once, though the own audience was new', async () => {
    await read();
    const [row] = graph.rows.items;
    if (row !== undefined) graph.rows.items.push(own('student-1', row, { hidden: true }));
    graph.calendar.invalidate(`LECTURE|${ownErn('student-1')}`);
    expect((await read()).events).toEqual([]);
    expect(title(await read({}, 'student-2'))).toBe('old');
  });

  test('makes a slow answer from before the change never FRESH', async () => {
    await read({ from: '2026-04-01T00:00:00+09:00', to: '2026-04-02T00:00:00+09:00' });
    // The answer is made, with the old title, and held.
    await graph.sources.lecture.fault({ hang: 'headers' });
    const slow = read();
    await eventually('the slow call', () => calls() === 3);
    write('new');
    graph.calendar.invalidate(`LECTURE|${courseErn(1)}|2026-03`);
    await graph.sources.lecture.heal();
    const [late, next] = [await slow, await read()];
    expect([title(late), ...status(late)]).toEqual(['old', 'STALE', 'REVALIDATING']);
    expect([title(next), ...status(next)]).toEqual(['new', 'FRESH', null]);
  });

  test('keeps the copy as a STALE fallback for when the source fails', async () => {
    await read();
    graph.calendar.invalidateAll();
    await graph.sources.lecture.fault({ refuse: true });
    const stale = await read();
    expect([title(stale), ...status(stale)]).toEqual(['old', 'STALE', 'UNREACHABLE']);
  });
});

test('a copy is served for at most an hour after its source failed, for any maxAge', async () => {
  await read();
  await graph.sources.lecture.fault({ refuse: true });
  await clock.advance(HOUR + 2 * MINUTE);
  expect(status(await read({ maxAge: 1_000_000 }))).toEqual(['UNAVAILABLE', 'UNREACHABLE']);
});
