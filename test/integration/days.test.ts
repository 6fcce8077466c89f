// Promise: days are those of the requested zone with their real lengths; every day is included, and
// events are split at midnight.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { manualClock } from '../harness/clock.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { lecture } from '../harness/rows.ts';

const DAYS = `query ($from: DateTime!, $to: DateTime!, $timeZone: TimeZone, $first: Int) {
  viewer { calendar(from: $from, to: $to, timeZone: $timeZone) {
    events { ern }
    days { date isToday count segments(first: $first) { startsAt endsAt isStart isEnd event { ern } } }
  } }
}`;
interface Segment {
  readonly startsAt: string;
  readonly endsAt: string;
  readonly isStart: boolean;
  readonly isEnd: boolean;
  readonly event: { readonly ern: string };
}
interface Day {
  readonly date: string;
  readonly isToday: boolean;
  readonly count: number;
  readonly segments: readonly Segment[];
}

/**
 * Around each of these instants some zone's clocks do something: a lecture of eight days lies over
 * it.
 */
const AROUND = [
  '2011-12-30T12:00Z',
  '2018-02-18T12:00Z',
  '2018-11-04T12:00Z',
  '2026-03-08T12:00Z',
  '2026-04-05T12:00Z',
  '2026-04-24T12:00Z',
  '2026-10-04T12:00Z',
  '2026-10-29T12:00Z',
  '2026-11-01T12:00Z',
];
const DAY = 86_400_000;
const long = (at: string) =>
  lecture({ course: 1, at: new Date(Date.parse(at) - 4 * DAY).toISOString(), lasts: 8 * 24 * 60 });

const bare = ({ startsAt, endsAt, isStart, isEnd }: Segment) => ({ startsAt, endsAt, isStart, isEnd });

let graph: MockGraph;
beforeAll(async () => {
  graph = await startGraph({
    sources: 'mock',
    clock: manualClock(Date.UTC(2026, 2, 2, 0)),
    rows: {
      enrollments: { 'student-1': [1], 'student-2': [2] },
      items: [
        ...AROUND.map(long),
        lecture({ course: 2, at: '2026-03-01T23:00+09:00', lasts: 60 }),
        lecture({ course: 2, at: '2026-03-02T00:00+09:00', lasts: 0 }),
        ...[9, 10, 11, 12].map((hour) =>
          lecture({ course: 2, at: `2026-03-02T${String(hour).padStart(2, '0')}:00+09:00` }),
        ),
        lecture({ course: 2, at: '2026-03-03T22:00+09:00', lasts: 3 * 60 }),
      ],
    },
  });
});
afterAll(() => graph.close());

async function read(user: string, given: object) {
  const { body } = await graph.query<{ viewer: { calendar: { days: Day[]; events: { ern: string }[] } } }>(
    user,
    DAYS,
    given as Record<string, unknown>,
  );
  expect(body.errors).toBeUndefined();
  return body.data.viewer.calendar;
}

test.each([
  ['Asia/Seoul', '2026-03-08T12:00Z', '2026-03-08', '2026-03-08T00:00:00+09:00', '2026-03-09T00:00:00+09:00', 24],
  ['America/New_York', '2026-03-08T12:00Z', '2026-03-08', '2026-03-08T00:00:00-05:00', '2026-03-09T00:00:00-04:00', 23],
  ['America/New_York', '2026-11-01T12:00Z', '2026-11-01', '2026-11-01T00:00:00-04:00', '2026-11-02T00:00:00-05:00', 25],
  ['Pacific/Apia', '2011-12-30T12:00Z', '2011-12-29', '2011-12-29T00:00:00-10:00', '2011-12-31T00:00:00+14:00', 24],
  [
    'Australia/Lord_Howe',
    '2026-04-05T12:00Z',
    '2026-04-05',
    '2026-04-05T00:00:00+11:00',
    '2026-04-06T00:00:00+10:30',
    24.5,
  ],
  [
    'Australia/Lord_Howe',
    '2026-10-04T12:00Z',
    '2026-10-04',
    '2026-10-04T00:00:00+10:30',
    '2026-10-05T00:00:00+11:00',
    23.5,
  ],
  ['Africa/Cairo', '2026-04-24T12:00Z', '2026-04-24', '2026-04-24T01:00:00+03:00', '2026-04-25T00:00:00+03:00', 23],
  ['Africa/Cairo', '2026-10-29T12:00Z', '2026-10-29', '2026-10-29T00:00:00+03:00', '2026-10-30T00:00:00+02:00', 25],
  [
    'America/Sao_Paulo',
    '2018-02-18T12:00Z',
    '2018-02-17',
    '2018-02-17T00:00:00-02:00',
    '2018-02-18T00:00:00-03:00',
    25,
  ],
  [
    'America/Sao_Paulo',
    '2018-11-04T12:00Z',
    '2018-11-04',
    '2018-11-04T01:00:00-02:00',
    '2018-11-05T00:00:00-02:00',
    23,
  ],
])('in %s, around %s: %s lasts from %s to %s', async (timeZone, around, date, startsAt, endsAt, hours) => {
  const [from, to] = [Date.parse(around) - 3 * DAY, Date.parse(around) + 3 * DAY].map((at) =>
    new Date(at).toISOString(),
  );
  const { days } = await read('student-1', { from, to, timeZone });
  const { ern } = long(around);
  const segments = days.flatMap((one) => one.segments.filter((segment) => segment.event.ern === ern));
  const ofDay = days.find((one) => one.date === date)?.segments.filter((segment) => segment.event.ern === ern);
  expect(ofDay?.map(bare)).toEqual([{ startsAt, endsAt, isStart: false, isEnd: false }]);
  expect((Date.parse(endsAt) - Date.parse(startsAt)) / 3_600_000).toBe(hours);
  // Every day of the window, one after the other, without a gap.
  expect(Date.parse(segments[0]?.startsAt ?? '')).toBe(Date.parse(String(from)));
  expect(Date.parse(segments.at(-1)?.endsAt ?? '')).toBe(Date.parse(String(to)));
  segments.forEach((one, i) => {
    if (i > 0) expect(one.startsAt).toBe(segments[i - 1]?.endsAt);
  });
});

test('a date that the zone skipped is not a day: Apia has no 30 December 2011', async () => {
  const { days } = await read('student-1', {
    from: '2011-12-28T00:00:00-10:00',
    to: '2012-01-02T00:00:00+14:00',
    timeZone: 'Pacific/Apia',
  });
  expect(days.map((day) => day.date)).toEqual(['2011-12-28', '2011-12-29', '2011-12-31', '2012-01-01']);
});

const MARCH = { from: '2026-03-01T00:00:00+09:00', to: '2026-04-01T00:00:00+09:00' };

test('empty days are included, and today is that of the calendar’s zone', async () => {
  const { days } = await read('student-2', MARCH);
  expect(days).toHaveLength(31);
  expect(days.map((day) => day.count).slice(0, 6)).toEqual([1, 5, 1, 1, 0, 0]);
  expect(days.filter((day) => day.isToday).map((day) => day.date)).toEqual(['2026-03-02']);
  const { days: inNewYork } = await read('student-2', { ...MARCH, timeZone: 'America/New_York' });
  expect(inNewYork.filter((day) => day.isToday).map((day) => day.date)).toEqual(['2026-03-01']);
});

test('segments can be limited, with the number of further ones', async () => {
  const { days } = await read('student-2', { ...MARCH, first: 2 });
  const [, second] = days;
  expect([second?.count, second?.segments.length]).toEqual([5, 2]);
  const { days: whole } = await read('student-2', MARCH);
  expect(second?.segments).toEqual(whole[1]?.segments.slice(0, 2));
  expect((await read('student-2', { ...MARCH, first: 0 })).days[1]).toMatchObject({ count: 5, segments: [] });
});

test('an event over midnight is on both days; one that ends at midnight is not on the next', async () => {
  const { days } = await read('student-2', MARCH);
  expect(days.slice(2, 4).flatMap((day) => day.segments.map(bare))).toEqual([
    { startsAt: '2026-03-03T22:00:00+09:00', endsAt: '2026-03-04T00:00:00+09:00', isStart: true, isEnd: false },
    { startsAt: '2026-03-04T00:00:00+09:00', endsAt: '2026-03-04T01:00:00+09:00', isStart: false, isEnd: true },
  ]);
  expect(days[0]?.segments.map(({ endsAt, isEnd }) => [endsAt, isEnd])).toEqual([['2026-03-02T00:00:00+09:00', true]]);
});

test('the events of days are the events of the calendar in the same order', async () => {
  const { days, events } = await read('student-2', MARCH);
  const order = events.map(({ ern }) => ern);
  const seen = days.flatMap((day) => day.segments.filter((one) => one.isStart).map((one) => one.event.ern));
  expect(seen).toEqual(order);
});
