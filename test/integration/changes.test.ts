// Promise: a client that applies the changes to what it has gets what a new answer would show,
// without state on the server; a source that does not answer removes nothing.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { MARCH } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, check, type ItemRow, lecture, own } from '../harness/rows.ts';

const EVENT = '{ id ern title startsAt endsAt completion updatedAt }';
const CALENDAR = `query ($from: DateTime!, $to: DateTime!, $filter: EventFilter, $timeZone: TimeZone) {
  viewer { calendar(from: $from, to: $to, filter: $filter, timeZone: $timeZone) { syncToken events ${EVENT} } }
}`;
const CHANGES = `query ($since: String!) { viewer { calendarChanges(since: $since) {
  upserted ${EVENT} removed isFullSync syncToken completeness sources { kind status }
} } }`;

interface Event {
  readonly id: string;
  readonly ern: string;
  readonly title: string;
  readonly startsAt: string;
}
interface Changes {
  readonly upserted: readonly Event[];
  readonly removed: readonly string[];
  readonly isFullSync: boolean;
  readonly syncToken: string;
  readonly completeness: string;
  readonly sources: readonly { readonly kind: string; readonly status: string }[];
}
const NAMES = ['lecture', 'attendance', 'assignment'] as const;

let clock: ManualClock;
let graph: MockGraph;
let talk: ItemRow;
let essay: ItemRow;
beforeEach(async () => {
  clock = manualClock();
  talk = lecture({ course: 1, at: '2026-03-10T09:00+09:00' });
  essay = assignment({ course: 1, at: '2026-03-10T00:00+09:00' });
  graph = await startGraph({
    sources: 'mock',
    clock,
    rows: {
      enrollments: { 'student-1': [1], 'student-2': [1] },
      items: [talk, essay, check({ course: 1, at: '2026-03-10T09:00+09:00' })],
    },
  });
});
afterEach(() => graph.close());

async function calendar(given: object = {}, user = 'student-1') {
  const { body } = await graph.query<{ viewer: { calendar: { syncToken: string; events: Event[] } } }>(user, CALENDAR, {
    ...MARCH,
    ...given,
  });
  expect(body.errors).toBeUndefined();
  return body.data.viewer.calendar;
}
async function changes(since: string, user = 'student-1'): Promise<Changes> {
  const { body } = await graph.query<{ viewer: { calendarChanges: Changes } }>(user, CHANGES, { since });
  expect(body.errors).toBeUndefined();
  return body.data.viewer.calendarChanges;
}
/** What the services do when they write: change a row, and tell. */
function write(change: () => void): void {
  change();
  graph.calendar.invalidateAll();
}
const remove = (row: ItemRow) => void graph.rows.items.splice(graph.rows.items.indexOf(row), 1);

test('without changes the answer is empty and its token is valid', async () => {
  const { syncToken } = await calendar();
  const first = await changes(syncToken);
  expect(first).toMatchObject({ upserted: [], removed: [], isFullSync: false, completeness: 'COMPLETE' });
  expect(await changes(first.syncToken)).toMatchObject({ upserted: [], removed: [], isFullSync: false });
});

test('moved, new, deleted and completed events are each reported once', async () => {
  const { syncToken } = await calendar();
  const extra = lecture({ course: 1, at: '2026-03-20T09:00+09:00' });
  write(() => {
    talk.startsAt = '2026-03-11T00:00:00.000Z';
    talk.endsAt = '2026-03-11T01:30:00.000Z';
    graph.rows.items.push(extra, own('student-1', essay, { submission: 'SUBMITTED' }));
  });
  const first = await changes(syncToken);
  expect(first.upserted.map(({ ern }) => ern).sort()).toEqual([talk, extra, essay].map(({ ern }) => ern).sort());
  write(() => remove(extra));
  const second = await changes(first.syncToken);
  expect(second).toMatchObject({ upserted: [], removed: [`LECTURE!student-1!${extra.ern}`], isFullSync: false });
});

test('a token keeps window, filter and time zone', async () => {
  const { syncToken } = await calendar({ filter: { kinds: ['LECTURE'] }, timeZone: 'America/New_York' });
  const extra = lecture({ course: 1, at: '2026-03-20T09:00+09:00' });
  write(() => {
    graph.rows.items.push(extra, lecture({ course: 1, at: '2026-04-20T09:00+09:00' }));
    essay.title = 'another title';
  });
  const { upserted, sources } = await changes(syncToken);
  expect(upserted.map(({ ern, startsAt }) => [ern, startsAt])).toEqual([[extra.ern, '2026-03-19T20:00:00-04:00']]);
  expect(sources.map(({ kind }) => kind)).toEqual(['LECTURE']);
});

describe('a source that does not answer', () => {
  test('removes nothing; deletions are reported when it is back', async () => {
    const { syncToken } = await calendar();
    write(() => remove(talk));
    await graph.sources.lecture.fault({ refuse: true });
    const during = await changes(syncToken);
    // Its copy is served, marked STALE: the lecture is on it still.
    expect(during).toMatchObject({ upserted: [], removed: [], completeness: 'STALE', isFullSync: false });
    await graph.sources.lecture.heal();
    await clock.advance(10_000);
    expect((await changes(during.syncToken)).removed).toEqual([`LECTURE!student-1!${talk.ern}`]);
  });

  test('removes nothing, even without a cached copy', async () => {
    const { syncToken } = await calendar();
    await clock.advance(3 * 3_600_000);
    await graph.sources.lecture.fault({ refuse: true });
    const during = await changes(syncToken);
    expect(during).toMatchObject({ removed: [], completeness: 'PARTIAL', isFullSync: false });
    await graph.sources.lecture.heal();
    await clock.advance(10_000);
    expect(await changes(during.syncToken)).toMatchObject({ upserted: [], removed: [], completeness: 'COMPLETE' });
  });
});

describe('an unusable token gives a full sync, never an error', () => {
  test.each([
    ['nothing', ''],
    ['any text', 'not a token'],
    ['any bytes', Buffer.alloc(3_000, 7).toString('base64url')],
  ])('%s', async (_, since) => {
    const { upserted, removed, isFullSync, syncToken } = await changes(since);
    const { events } = await calendar();
    expect([upserted, removed, isFullSync]).toEqual([events, [], true]);
    expect(await changes(syncToken)).toMatchObject({ upserted: [], removed: [], isFullSync: false });
  });

  test('for another user’s token, a changed one, or one that is too old', async () => {
    const { syncToken } = await calendar();
    const others = (await calendar({}, 'student-2')).syncToken;
    for (const since of [others, `${syncToken.slice(0, -3)}AAA`, `${syncToken}A`.repeat(2)]) {
      expect((await changes(since)).isFullSync).toBe(true);
    }
    const yearOld = (await changes(others)).syncToken;
    await clock.advance(91 * 86_400_000);
    expect((await changes(yearOld)).isFullSync).toBe(true);
  });
});

test('after random writes and outages the client has what a new answer shows', async () => {
  const edit = fc.record({
    what: fc.constantFrom('add', 'remove', 'move', 'rename'),
    which: fc.nat(20),
    day: fc.integer({ min: 1, max: 40 }),
    down: fc.option(fc.constantFrom(...NAMES), { freq: 2 }),
  });
  let made = 0;
  const apply = ({ what, which, day }: { what: string; which: number; day: number }) => {
    const { items } = graph.rows;
    const row = items[which % Math.max(1, items.length)];
    const at = new Date(Date.UTC(2026, 2, day, which)).toISOString();
    const make = [lecture, check, assignment][which % 3] ?? lecture;
    made += 1;
    if (what === 'add' || row === undefined)
      items.push(make({ course: 1, at, ern: `ern:lms:course/1/x/${made}`, lasts: 60 }));
    else if (what === 'remove') remove(row);
    else if (what === 'rename') row.title = `name ${made}`;
    else Object.assign(row, { startsAt: at, endsAt: new Date(Date.parse(at) + 3_600_000).toISOString() });
  };
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 5 }), async (edits) => {
      const first = await calendar();
      const has = new Map(first.events.map((event) => [event.id, event]));
      let token = first.syncToken;
      const sync = async () => {
        const { upserted, removed, isFullSync, syncToken, sources } = await changes(token);
        expect(isFullSync).toBe(false);
        const fresh = sources.filter(({ status }) => status === 'FRESH').map(({ kind }) => kind);
        for (const id of removed) expect(fresh).toContain(id.split('!')[0]);
        for (const id of removed) has.delete(id);
        for (const event of upserted) has.set(event.id, event);
        token = syncToken;
      };
      for (const one of edits) {
        if (one.down !== null) await graph.sources[one.down].fault({ status: 500 });
        write(() => apply(one));
        await sync();
        if (one.down !== null) await graph.sources[one.down].heal();
        await clock.advance(10_000);
      }
      graph.calendar.invalidateAll();
      await sync();
      const { events } = await calendar();
      expect([...has.values()].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
        [...events].sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
    }),
    { numRuns: 15 },
  );
});
