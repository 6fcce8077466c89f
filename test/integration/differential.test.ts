// Promise: for every reader, and while sources are away, a source that is FRESH has exactly the
// events, dates and completions that a naive reading of the rows gives. A source that is away is
// never FRESH, and the answer never COMPLETE.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EventKind } from '../../src/calendar/model/event.ts';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { THEIRS, type Theirs } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import type { SourceName } from '../harness/mock-schema.ts';
import { drawn, expected } from '../harness/oracle.ts';
import { assignment, check, courseErn, type ItemRow, lecture, moved, own, ownErn } from '../harness/rows.ts';
import { onlyErrors } from '../harness/wrong-answers.ts';

const SECTION = `${courseErn(1)}/section/1`;
const DAY = 86_400_000;
const START = Date.parse('2026-03-01T00:00:00+09:00');
const MAKE = { lecture, attendance: check, assignment } as const;
const SOURCES = Object.keys(MAKE) as SourceName[];
const KIND_OF: Record<SourceName, EventKind> = {
  lecture: 'LECTURE',
  attendance: 'ATTENDANCE',
  assignment: 'ASSIGNMENT',
};
/** Who looks at whose calendar. The student attends what teacher-1 teaches; student-3 assists. */
const READERS = [
  ['student-1', 'student-1'],
  ['observer-1', 'student-1'],
  ['admin-1', 'student-1'],
  ['teacher-1', 'teacher-1'],
  ['observer-1', 'teacher-1'],
  ['admin-1', 'teacher-1'],
  ['student-3', 'student-3'],
] as const;

let graph: MockGraph;
let clock: ManualClock;
beforeAll(async () => {
  clock = manualClock(START + 20 * DAY);
  graph = await startGraph({
    sources: 'mock',
    clock,
    rows: {
      enrollments: { 'student-1': [1, 2, SECTION], 'teacher-1': [2], 'student-3': [2] },
      teaches: { 'teacher-1': [1], 'student-3': [1] },
      observes: { 'observer-1': ['student-1', 'teacher-1'] },
    },
  });
});
afterAll(() => graph.close());

const change = fc.oneof(
  fc.constant({ do: 'nothing' as const }),
  fc.constant({ do: 'hide' as const }),
  fc.record({ do: fc.constant('move' as const), days: fc.integer({ min: -45, max: 45 }) }),
  fc.record({ do: fc.constant('finish' as const), state: fc.constantFrom('DONE', 'LATE', 'EXCUSED') }),
);
const world = fc.record({
  items: fc.uniqueArray(
    fc.record({
      source: fc.constantFrom(...SOURCES),
      place: fc.constantFrom<number | 'section'>(1, 2, 'section'),
      day: fc.integer({ min: -20, max: 75 }),
      hours: fc.integer({ min: 1, max: 24 * 40 }),
      change,
    }),
    { maxLength: 12, selector: ({ source, place, day }) => `${source} ${place === 2 ? 2 : 1} ${day}` },
  ),
  away: fc.subarray(SOURCES, { maxLength: 2 }),
  kinds: fc.option(fc.subarray(Object.values(KIND_OF), { minLength: 1 })),
  from: fc.integer({ min: -30, max: 70 }),
  days: fc.integer({ min: 1, max: 70 }),
  reader: fc.constantFrom(...READERS),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function rowsOf({ items }: World): ItemRow[] {
  return items.flatMap(({ source, place, day, hours, change: made }) => {
    const at = new Date(START + day * DAY).toISOString();
    const row = MAKE[source]({ course: place === 2 ? 2 : 1, at, lasts: hours * 60 });
    const shared = place === 'section' ? { ...row, audience: SECTION } : row;
    const mine = changed(source, shared, made);
    return mine === null ? [shared] : [shared, mine];
  });
}

function changed(source: SourceName, row: ItemRow, made: World['items'][number]['change']): ItemRow | null {
  if (made.do === 'hide') return own('student-1', row, { hidden: true });
  if (made.do === 'finish' && source === 'attendance')
    return own('student-1', row, { outcome: made.state === 'DONE' ? 'PRESENT' : made.state });
  if (made.do === 'finish' && source === 'assignment')
    return own('student-1', row, { submission: made.state === 'DONE' ? 'SUBMITTED' : made.state });
  if (made.do !== 'move') return null;
  const by = (date: string | null) => new Date(Date.parse(String(date)) + made.days * DAY).toISOString();
  return moved('student-1', row, { startsAt: by(row.startsAt), endsAt: by(row.endsAt) });
}

const DONE: Readonly<Record<string, string>> = {
  PRESENT: 'COMPLETED',
  SUBMITTED: 'COMPLETED',
  LATE: 'LATE',
  EXCUSED: 'EXCUSED',
};

/** Completion by the words of the schema, from the rows. */
function completionOf(ern: string, endsAt: number, user: string): string {
  const row = graph.rows.items.find((one) => one.ern === ern && one.audience !== ownErn(user));
  const isTaught = user !== 'student-1' && row?.course?.ern === courseErn(1);
  if (row?.kind === 'LECTURE' || isTaught) return 'NOT_REQUIRED';
  return doneBy(user, ern) ?? (clock.now() < endsAt ? 'PENDING' : 'MISSED');
}

function doneBy(user: string, ern: string): string | undefined {
  const mine = graph.rows.items.find((one) => one.ern === ern && one.audience === ownErn(user));
  return DONE[mine?.outcome ?? mine?.submission ?? 'NONE'];
}

test('an answer equals a naive reading of the rows, as far as its sources are FRESH', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      graph.rows.items.splice(0, Number.POSITIVE_INFINITY, ...rowsOf(given));
      const [viewer, user] = given.reader;
      const at = (day: number) => new Date(START + day * DAY).toISOString();
      const window = { from: at(given.from), to: at(given.from + given.days) };
      for (const name of given.away) await graph.sources[name].fault({ answer: onlyErrors('away') });
      // Nobody waits for a back-off of the case before.
      await clock.advance(60_000);
      const variables = { user, ...window, filter: { kinds: given.kinds }, maxAge: 0 };
      const { body } = await graph.query<Theirs>(viewer, THEIRS, variables);
      for (const name of given.away) await graph.sources[name].heal();
      const calendar = body.data.user?.calendar;
      if (calendar === undefined) {
        // Whether an observer may look is for the lecture service to say.
        expect([viewer, given.away.includes('lecture')]).toEqual(['observer-1', true]);
        return;
      }
      const asked = SOURCES.filter((name) => given.kinds === null || given.kinds.includes(KIND_OF[name]));
      const isAway = (name: SourceName) => given.away.includes(name);
      for (const name of asked) {
        const status = calendar.sources.find(({ kind }) => kind === KIND_OF[name]);
        expect([name, status?.status === 'FRESH', status?.dropped]).toEqual([name, !isAway(name), 0]);
        if (isAway(name)) continue;
        const events = calendar.events.filter(({ kind }) => kind === KIND_OF[name]);
        expect(drawn(events)).toEqual(expected(graph.rows, user, window, [KIND_OF[name]]));
        expect(events.map(({ completion }) => completion)).toEqual(
          events.map(({ ern, endsAt }) => completionOf(ern, Date.parse(endsAt), user)),
        );
      }
      expect(calendar.completeness === 'COMPLETE').toBe(!asked.some(isAway));
    }),
    { numRuns: 150 },
  );
});
