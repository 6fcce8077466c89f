// Promise: a window is half-open, has at most 400 days, and shows every event that overlaps it
// once, in order, in every zone and across clock changes.

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MINE, type Mine, type ShownCalendar } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { drawn, expected, isOrdered } from '../harness/oracle.ts';
import { assignment, check, type ItemRow, lecture, type Rows } from '../harness/rows.ts';

const HOUR = 3_600_000;

/** Something of every kind every seven hours, for these days of a course. */
function everySevenHours(course: number, from: string, days: number): ItemRow[] {
  const start = Date.parse(from);
  return Array.from({ length: Math.floor((days * 24) / 7) }, (_, i) => {
    const at = new Date(start + i * 7 * HOUR).toISOString();
    return [lecture({ course, at }), check({ course, at }), assignment({ course, at, lasts: 26 * 60 })];
  }).flat();
}

const EDGES = [
  lecture({ course: 1, at: '2026-03-10T08:00+09:00', lasts: 60, title: 'ends as the window begins' }),
  lecture({ course: 1, at: '2026-03-10T08:30+09:00', lasts: 60, title: 'is under way as it begins' }),
  lecture({
    course: 1,
    at: '2026-03-10T09:00+09:00',
    lasts: 0,
    title: 'has no length and stands at its first instant',
  }),
  lecture({
    course: 1,
    at: '2026-03-10T09:00:00.001+09:00',
    lasts: 5,
    ern: 'ern:lms:course/1/lecture/ms',
    title: 'starts a millisecond in',
  }),
  lecture({ course: 1, at: '2026-03-10T11:59+09:00', lasts: 60, title: 'is under way as it ends' }),
  lecture({ course: 1, at: '2026-03-10T12:00+09:00', lasts: 60, title: 'starts as it ends' }),
  lecture({
    course: 1,
    at: '2026-03-10T12:00+09:00',
    lasts: 0,
    ern: 'ern:lms:course/1/lecture/end',
    title: 'has no length and stands at its end',
  }),
  lecture({
    course: 1,
    at: '2026-02-01T00:00+09:00',
    lasts: 90 * 24 * 60,
    title: 'lasts a quarter of a year around it',
  }),
];

let graph: MockGraph;
beforeAll(async () => {
  graph = await startGraph({
    sources: 'mock',
    rows: {
      enrollments: { 'student-1': [1], 'student-2': [2], 'student-3': [3], 'student-4': [4], 'student-5': [5] },
      items: [
        ...EDGES,
        ...everySevenHours(2, '2026-01-20T00:00+09:00', 100),
        ...everySevenHours(3, '2026-03-05T00:00Z', 6),
        ...everySevenHours(3, '2026-10-29T00:00Z', 6),
        ...everySevenHours(4, '2011-12-27T00:00Z', 7),
        ...everySevenHours(5, '2026-04-02T00:00Z', 5),
        ...everySevenHours(5, '2026-10-01T00:00Z', 5),
      ],
    },
  });
});
afterAll(() => graph.close());

/** A deployment at home elsewhere; closed after its test. */
let elsewhere: MockGraph | undefined;
afterEach(async () => {
  await elsewhere?.close();
  elsewhere = undefined;
});
async function atHomeIn(homeZone: string, rows: Partial<Rows>): Promise<MockGraph> {
  elsewhere = await startGraph({ sources: 'mock', gateway: false, homeZone, rows });
  return elsewhere;
}

async function calendar(user: string, from: string, to: string, timeZone?: string): Promise<ShownCalendar> {
  const { body } = await graph.query<Mine>(user, MINE, { from, to, timeZone });
  expect(body.errors).toBeUndefined();
  const shown = body.data.viewer.calendar;
  expect(shown.completeness).toBe('COMPLETE');
  expect(isOrdered(shown.events)).toBe(true);
  expect(drawn(shown.events)).toEqual(expected(graph.rows, user, { from, to }));
  return shown;
}

describe('the edges of a window', () => {
  test('include from and exclude to', async () => {
    const { events } = await calendar('student-1', '2026-03-10T09:00:00+09:00', '2026-03-10T12:00:00+09:00');
    expect(events.map((event) => event.title)).toEqual([
      'lasts a quarter of a year around it',
      'is under way as it begins',
      'has no length and stands at its first instant',
      'starts a millisecond in',
      'is under way as it ends',
    ]);
  });

  test('let two adjacent windows show an event without length once', async () => {
    const before = await calendar('student-1', '2026-03-10T09:00:00+09:00', '2026-03-10T12:00:00+09:00');
    const after = await calendar('student-1', '2026-03-10T12:00:00+09:00', '2026-03-10T13:00:00+09:00');
    const moments = [...before.events, ...after.events].filter((event) => event.title.includes('no length'));
    expect(moments.map((event) => event.title)).toEqual([
      'has no length and stands at its first instant',
      'has no length and stands at its end',
    ]);
  });

  test('let a window of one millisecond show events in progress', async () => {
    const { events } = await calendar('student-1', '2026-03-10T09:15:00+09:00', '2026-03-10T09:15:00.001+09:00');
    expect(events.map((event) => event.title)).toEqual([
      'lasts a quarter of a year around it',
      'is under way as it begins',
    ]);
  });

  test('make from = to an empty window: COMPLETE without a call', async () => {
    const calls = () => Object.values(graph.calls).map((log) => log.length);
    const before = calls();
    const shown = await calendar('student-9', '2026-03-10T09:00:00+09:00', '2026-03-10T09:00:00+09:00');
    expect(shown.events).toEqual([]);
    expect(shown.sources.map(({ kind, status, count }) => ({ kind, status, count }))).toEqual([
      { kind: 'LECTURE', status: 'FRESH', count: 0 },
      { kind: 'ATTENDANCE', status: 'FRESH', count: 0 },
      { kind: 'ASSIGNMENT', status: 'FRESH', count: 0 },
    ]);
    expect(calls()).toEqual(before);
  });
});

describe('a window over several months', () => {
  test('shows an event that spans three months once', async () => {
    const { events } = await calendar('student-1', '2026-01-15T00:00:00+09:00', '2026-06-15T00:00:00+09:00');
    expect(events.filter((event) => event.title === 'lasts a quarter of a year around it')).toHaveLength(1);
  });

  test.each([
    ['one month of Seoul', '2026-02-01T00:00:00+09:00', '2026-03-01T00:00:00+09:00'],
    ['a week over the end of a month', '2026-02-26T00:00:00+09:00', '2026-03-05T00:00:00+09:00'],
    ['a hundred days', '2026-01-20T00:00:00+09:00', '2026-04-30T00:00:00+09:00'],
    ['the hours in which UTC and Seoul are in different months', '2026-02-28T15:00:00Z', '2026-03-01T00:00:00Z'],
    ['400 days', '2025-06-01T00:00:00+09:00', '2026-07-06T00:00:00+09:00'],
  ])('%s shows exactly the events of the rows', async (_, from, to) => {
    await calendar('student-2', from, to);
  });

  test('equals the adjacent windows of its months', async () => {
    const cuts = [
      '2026-02-01T00:00:00+09:00',
      '2026-02-13T05:30:00+09:00',
      '2026-02-20T12:00:00+09:00',
      '2026-03-01T00:00:00+09:00',
    ];
    const whole = await calendar('student-2', cuts[0] as string, cuts[3] as string);
    const parts = await Promise.all(
      [0, 1, 2].map((i) => calendar('student-2', cuts[i] as string, cuts[i + 1] as string)),
    );
    const erns = new Set(parts.flatMap((part) => part.events.map((event) => event.ern)));
    expect([...erns].sort()).toEqual(whole.events.map((event) => event.ern).sort());
  });
});

test.each([
  [
    'Asia/Seoul',
    '2026-03-31T14:59:59Z',
    '2026-03-31T15:00:01Z',
    ['2026-02-28T15:00', '2026-03-31T15:00', '2026-04-30T15:00'],
  ],
  ['America/New_York', '2026-03-10T00:00:00Z', '2026-03-11T00:00:00Z', ['2026-03-01T05:00', '2026-04-01T04:00']],
  [
    'Pacific/Apia',
    '2011-12-29T00:00:00Z',
    '2011-12-31T11:00:00Z',
    ['2011-12-01T10:00', '2011-12-31T10:00', '2012-01-31T10:00'],
  ],
  ['Australia/Lord_Howe', '2026-04-05T00:00:00Z', '2026-04-06T00:00:00Z', ['2026-03-31T13:00', '2026-04-30T13:30']],
])('a source is asked for whole adjacent months of %s', async (homeZone, from, to, edges) => {
  const home = await atHomeIn(homeZone, { enrollments: { 'student-1': [1] } });
  await home.query('student-1', MINE, { from, to });
  const slices = home.calls.lecture.flatMap((call) => call.representations).filter((one) => one.from !== undefined);
  expect(slices.map((one) => [one.from, one.to])).toEqual(
    edges.slice(1).map((edge, i) => [`${edges[i]}:00.000Z`, `${edge}:00.000Z`]),
  );
});

describe('zones with clock changes', () => {
  /** The offsets an answer's instants are written with, in order. */
  const offsets = ({ events }: ShownCalendar) => [...new Set(events.map((event) => event.startsAt.slice(-6)))];

  test.each([
    [
      'New York loses an hour on 2026-03-08',
      'student-3',
      'America/New_York',
      '2026-03-08T00:00:00-05:00',
      '2026-03-09T00:00:00-04:00',
      23,
      ['-05:00', '-04:00'],
    ],
    [
      'New York gains an hour on 2026-11-01',
      'student-3',
      'America/New_York',
      '2026-11-01T00:00:00-04:00',
      '2026-11-02T00:00:00-05:00',
      25,
      ['-04:00', '-05:00'],
    ],
    [
      'Apia has no 2011-12-30',
      'student-4',
      'Pacific/Apia',
      '2011-12-29T00:00:00-10:00',
      '2012-01-01T00:00:00+14:00',
      48,
      ['-10:00', '+14:00'],
    ],
    [
      'Lord Howe gains half an hour on 2026-04-05',
      'student-5',
      'Australia/Lord_Howe',
      '2026-04-05T00:00:00+11:00',
      '2026-04-06T00:00:00+10:30',
      24.5,
      ['+11:00', '+10:30'],
    ],
    [
      'Lord Howe loses half an hour on 2026-10-04',
      'student-5',
      'Australia/Lord_Howe',
      '2026-10-04T00:00:00+10:30',
      '2026-10-05T00:00:00+11:00',
      23.5,
      ['+10:30', '+11:00'],
    ],
  ])('%s', async (_, user, zone, from, to, hours, expectedOffsets) => {
    expect(Date.parse(to) - Date.parse(from)).toBe(hours * HOUR);
    const shown = await calendar(user, from, to, zone);
    expect(shown).toMatchObject({ from, to, timeZone: zone });
    expect(shown.events.length).toBeGreaterThan(6);
    expect(offsets(shown)).toEqual(expectedOffsets);
  });

  test('show no instant on the day that Apia skipped', async () => {
    const { events } = await calendar('student-4', '2011-12-27T00:00:00Z', '2012-01-03T00:00:00Z', 'Pacific/Apia');
    expect(events.length).toBeGreaterThan(60);
    for (const { startsAt, endsAt } of events) expect(`${startsAt} ${endsAt}`).not.toContain('2011-12-30');
  });

  test('do not apply without a zone: the calendar uses its home zone', async () => {
    const shown = await calendar('student-3', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z');
    expect(shown).toMatchObject({
      timeZone: 'Asia/Seoul',
      from: '2026-03-08T14:00:00+09:00',
      now: '2026-03-02T09:00:00+09:00',
    });
    expect(offsets(shown)).toEqual(['+09:00']);
  });
});

test.each(['America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe'])(
  'a deployment with home zone %s uses that zone’s months and loses no event',
  async (homeZone) => {
    const items = [...everySevenHours(2, '2011-12-25T00:00Z', 12), ...everySevenHours(2, '2026-02-25T00:00Z', 50)];
    const home = await atHomeIn(homeZone, { enrollments: { 'student-2': [2] }, items });
    for (const [from, to] of [
      ['2011-12-28T00:00:00Z', '2012-01-02T00:00:00Z'],
      ['2026-03-01T00:00:00Z', '2026-04-10T00:00:00Z'],
    ] as const) {
      const { body } = await home.query<Mine>('student-2', MINE, { from, to });
      expect(drawn(body.data.viewer.calendar.events)).toEqual(expected(home.rows, 'student-2', { from, to }));
    }
  },
);
