// Promise: phase, completion and overdue refer to the calendar's now, at any age of the data; the
// summary counts exactly what the list shows.

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { MARCH } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, check, instant, lecture, own } from '../harness/rows.ts';

const DOCUMENT = `query ($from: DateTime!, $to: DateTime!, $filter: EventFilter, $timeZone: TimeZone) {
  viewer { calendar(from: $from, to: $to, filter: $filter, timeZone: $timeZone) {
    now
    events { ern kind phase completion isOverdue endsAt timing }
    summary { total byKind { kind count } open dueToday overdue completed }
  } }
}`;
interface Shown {
  readonly now: string;
  readonly events: readonly {
    ern: string;
    kind: string;
    phase: string;
    completion: string;
    isOverdue: boolean;
    endsAt: string;
    timing: string;
  }[];
  readonly summary: {
    total: number;
    byKind: { kind: string; count: number }[];
    open: number;
    dueToday: number;
    overdue: number;
    completed: number;
  };
}

const roll = check({ course: 1, at: '2026-03-02T13:00+09:00', lasts: 30 });
const essay = assignment({
  course: 1,
  at: '2026-02-25T12:00+09:00',
  closesAt: instant('2026-03-05T12:00+09:00'),
});
const done = assignment({ course: 1, at: '2026-02-24T12:00+09:00' });

let clock: ManualClock;
let graph: MockGraph;
beforeEach(async () => {
  clock = manualClock(Date.parse('2026-03-02T12:00+09:00'));
  graph = await startGraph({
    sources: 'mock',
    clock,
    lifetimes: { fresh: () => 30 * 86_400_000 },
    rows: {
      enrollments: { 'student-1': [1] },
      items: [
        lecture({ course: 1, at: '2026-03-02T11:00+09:00' }),
        lecture({ course: 1, at: '2026-03-20T11:00+09:00' }),
        roll,
        essay,
        done,
        own('student-1', done, { submission: 'SUBMITTED' }),
      ],
    },
  });
});
afterEach(() => graph.close());

async function read(given: object = {}): Promise<Shown> {
  const { body } = await graph.query<{ viewer: { calendar: Shown } }>('student-1', DOCUMENT, { ...MARCH, ...given });
  expect(body.errors).toBeUndefined();
  return body.data.viewer.calendar;
}
const of = ({ events }: Shown, { ern }: { ern: string }) => {
  const { phase, completion, isOverdue } = events.find((event) => event.ern === ern) ?? {};
  return [phase, completion, isOverdue];
};

test('a check becomes OPEN, CLOSED and MISSED as time passes, without a call to its source', async () => {
  expect(of(await read(), roll)).toEqual(['UPCOMING', 'PENDING', false]);
  const calls = graph.calls.attendance.length;
  await clock.advance(60 * 60_000);
  expect(of(await read(), roll)).toEqual(['OPEN', 'PENDING', false]);
  await clock.advance(30 * 60_000);
  expect(of(await read(), roll)).toEqual(['CLOSED', 'MISSED', true]);
  expect(graph.calls.attendance).toHaveLength(calls);
});

test('an assignment past its due date is overdue and PENDING until its late limit', async () => {
  await clock.advance(3 * 86_400_000 - 1);
  expect(of(await read(), essay)).toEqual(['CLOSED', 'PENDING', true]);
  await clock.advance(1);
  expect(of(await read(), essay)).toEqual(['CLOSED', 'MISSED', true]);
  expect(of(await read(), done)).toEqual(['CLOSED', 'COMPLETED', false]);
});

/** The local day of an instant in Seoul; midnight belongs to the day that ends there. */
const dayEnding = (instant: string) => new Date(Date.parse(instant) - 1 + 9 * 3_600_000).toISOString().slice(0, 10);

test('the summary counts what the list shows, at random instants with random filters', async () => {
  for (const hours of [0, 1, 23, 48, 24 * 20]) {
    await clock.advance(hours * 3_600_000);
    for (const filter of [null, { kinds: ['ASSIGNMENT'] }, { completion: ['PENDING'] }, { search: 'nothing' }]) {
      const { events, summary, now } = await read({ filter });
      const count = (is: (event: Shown['events'][number]) => boolean) => events.filter(is).length;
      expect(summary).toEqual({
        total: events.length,
        byKind: ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'].map((kind) => ({ kind, count: count((e) => e.kind === kind) })),
        open: count(({ phase }) => phase === 'OPEN'),
        dueToday: count(
          ({ timing, completion, endsAt }) =>
            timing === 'DEADLINE' && completion === 'PENDING' && dayEnding(endsAt) === now.slice(0, 10),
        ),
        overdue: count(({ isOverdue }) => isOverdue),
        completed: count(({ completion }) => ['COMPLETED', 'LATE'].includes(completion)),
      });
    }
  }
});

test('dueToday uses the requested zone’s day', async () => {
  // The essay is due on 4 March at 12:00 in Seoul, which is 3 March, 22:00 in New York.
  const dueToday = async (timeZone: string) => (await read({ timeZone })).summary.dueToday;
  expect([await dueToday('Asia/Seoul'), await dueToday('America/New_York')]).toEqual([0, 0]);
  await clock.advance(32 * 3_600_000);
  expect((await read()).now).toBe('2026-03-03T20:00:00+09:00');
  expect([await dueToday('Asia/Seoul'), await dueToday('America/New_York')]).toEqual([0, 1]);
  await clock.advance(12 * 3_600_000);
  expect([await dueToday('Asia/Seoul'), await dueToday('America/New_York')]).toEqual([1, 1]);
});
