// The loaded data of the page: changes, the first window, and the texts of statuses and of an empty
// calendar.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Changes, ScheduleEvent, SourceStatus } from '../../src/web/page/graph-types.ts';
import { MESSAGES } from '../../src/web/page/messages.ts';
import { dayListed, type filtered, firstWindow, hoursOf, type Loaded, withChanges } from '../../src/web/page/model.ts';
import { emptyText, statusText } from '../../src/web/page/status.ts';
import { dayOf, instantOf, monthGrid } from '../../src/web/page/zone.ts';

const COURSE = { ern: 'ern:lms:course/1', title: '자료구조', color: '#1969c8' };
const AT = '2026-11-23T09:00:00+09:00';

const eventOf = (id: string, startsAt = AT): ScheduleEvent => ({
  id,
  ern: `ern:lms:course/1/lecture/${id}`,
  kind: 'LECTURE',
  title: id,
  course: COURSE,
  startsAt,
  endsAt: startsAt,
  timing: 'INTERVAL',
  phase: 'UPCOMING',
  completion: 'NOT_REQUIRED',
  isOverdue: false,
  location: null,
  dateOverride: null,
});

const NOTHING = { nodes: [], completeness: 'COMPLETE' } as const;
const LOADED: Loaded = {
  userId: 'student-1',
  window: { from: AT, to: AT },
  timeZone: 'Asia/Seoul',
  clockOffset: 0,
  completeness: 'COMPLETE',
  syncToken: 'first',
  sources: [],
  conflicts: [],
  events: [eventOf('a'), eventOf('b', '2026-11-24T09:00:00+09:00')],
  toDo: { upcoming: NOTHING, overdue: NOTHING },
};

const changes = (upserted: ScheduleEvent[], removed: string[], isFullSync = false): Changes => ({
  viewer: {
    calendarChanges: { upserted, removed, isFullSync, syncToken: 'next', completeness: 'COMPLETE', sources: [] },
    calendar: { conflicts: [] },
    upcoming: NOTHING,
    overdue: NOTHING,
  },
});
const idsAfter = (...args: Parameters<typeof changes>) =>
  withChanges(LOADED, changes(...args), 0).events.map(({ id }) => id);

describe('changes', () => {
  test('replace, add and remove events, in the order of the calendar', () => {
    expect(idsAfter([eventOf('c', '2026-11-23T10:00:00+09:00')], [])).toEqual(['a', 'c', 'b']);
    expect(idsAfter([eventOf('a', '2026-11-25T09:00:00+09:00')], [])).toEqual(['b', 'a']);
    expect(idsAfter([], ['a'])).toEqual(['b']);
  });

  test('of a full sync replace all events', () => {
    expect(idsAfter([eventOf('c')], [], true)).toEqual(['c']);
  });

  test('keep everything else of the loaded data', () => {
    const { window, timeZone, syncToken } = withChanges(LOADED, changes([], []), 0);
    expect({ window, timeZone, syncToken }).toEqual({
      window: LOADED.window,
      timeZone: 'Asia/Seoul',
      syncToken: 'next',
    });
  });
});

test('the first window contains the current month in every home zone', () => {
  const instants = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });
  fc.assert(
    fc.property(
      instants,
      fc.constantFrom('Asia/Seoul', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC'),
      (now, zone) => {
        const { from, to } = firstWindow(now);
        const grid = monthGrid(dayOf(now, zone));
        expect(Date.parse(from)).toBeLessThanOrEqual(instantOf(`${grid.from}T00:00:00`, zone));
        expect(Date.parse(to)).toBeGreaterThanOrEqual(instantOf(`${grid.to}T00:00:00`, zone));
      },
    ),
    { numRuns: 1_000 },
  );
});

describe('texts', () => {
  const source = (status: SourceStatus['status'], kind: SourceStatus['kind'] = 'ATTENDANCE'): SourceStatus => ({
    kind,
    status,
    fetchedAt: AT,
    dropped: 0,
    truncated: false,
    reason: null,
  });
  const threeMinutesLater = Date.parse(AT) + 3 * 60_000 + 10_000;

  test.each([
    ['ko', source('FRESH'), '출석: 최신'],
    ['ko', source('STALE'), '출석: 3분 전 자료'],
    ['ko', source('UNAVAILABLE', 'ASSIGNMENT'), '과제를 불러오지 못했습니다'],
    ['en', source('STALE'), 'Attendance: from 3 min ago'],
    ['en', { ...source('FRESH'), dropped: 2 }, 'Attendance: 2 could not be read and are missing'],
    ['ko', { ...source('STALE'), dropped: 2 }, '출석: 2개를 읽지 못해 빠졌습니다'],
    ['en', { ...source('FRESH'), truncated: true }, 'Attendance: too many, only some are shown'],
    ['en', source('UNAVAILABLE', 'LECTURE'), 'Lectures could not be loaded'],
  ] as const)('%s: %j', (language, status, text) => {
    expect(statusText(status, MESSAGES[language], threeMinutesLater, true)).toBe(text);
  });

  test('call nothing up to date after a failure', () => {
    expect(statusText(source('FRESH'), MESSAGES.en, threeMinutesLater, false)).toBe('Attendance: from 3 min ago');
  });

  const all = { kinds: new Set<never>(), courses: new Set<never>() };

  test('say whether an empty calendar is empty, not loaded, or filtered', () => {
    const empty = (
      events: ScheduleEvent[],
      completeness: Loaded['completeness'],
      filters: Parameters<typeof filtered>[1] = all,
    ) => emptyText({ events, completeness }, filters, MESSAGES.en);
    expect(empty([eventOf('a')], 'PARTIAL')).toBeNull();
    expect(empty([], 'COMPLETE')).toBe('Nothing is scheduled in this period.');
    expect(empty([], 'STALE')).toBe('Nothing is scheduled in this period.');
    expect(empty([], 'PARTIAL')).toBe('Some data could not be loaded.');
    expect(empty([eventOf('a')], 'COMPLETE', { ...all, courses: new Set([COURSE.ern]) })).toBe(
      'No events of the chosen kinds and courses.',
    );
  });
});

describe('the hours of a week', () => {
  const hours = (...events: readonly (readonly [startsAt: string, endsAt: string])[]) =>
    hoursOf(
      events.map(([startsAt, endsAt]) => ({ ...eventOf('a', startsAt), endsAt })),
      '2026-11-25',
      'Asia/Seoul',
    );

  test('are those of a working day, and more where an event needs them', () => {
    expect(hours()).toEqual({ from: 8, to: 22 });
    expect(hours(['2026-11-23T07:00:00+09:00', '2026-11-23T08:15:00+09:00'])).toEqual({ from: 7, to: 22 });
    expect(hours(['2026-11-23T21:00:00+09:00', '2026-11-23T23:00:00+09:00'])).toEqual({ from: 8, to: 23 });
    expect(hours(['2026-11-23T22:30:00+09:00', '2026-11-24T00:00:00+09:00'])).toEqual({ from: 8, to: 24 });
    expect(hours(['2026-11-23T22:00:00+09:00', '2026-11-23T22:00:00+09:00'])).toEqual({ from: 8, to: 23 });
  });

  test('are the whole day for an event over midnight, also one that began in the week before', () => {
    expect(hours(['2026-11-23T23:00:00+09:00', '2026-11-24T00:30:00+09:00'])).toEqual({ from: 0, to: 24 });
    expect(hours(['2026-11-20T09:00:00+09:00', '2026-11-22T10:00:00+09:00'])).toEqual({ from: 0, to: 24 });
  });

  test('do not follow events of other weeks, nor deadlines', () => {
    expect(hours(['2026-11-16T05:00:00+09:00', '2026-11-16T06:00:00+09:00'])).toEqual({ from: 8, to: 22 });
    const due = {
      ...eventOf('a', '2026-11-20T09:00:00+09:00'),
      endsAt: '2026-11-24T23:59:00+09:00',
      timing: 'DEADLINE',
    } as const;
    expect(hoursOf([due], '2026-11-25', 'Asia/Seoul')).toEqual({ from: 8, to: 22 });
  });
});

test('a list shows what lasts several days under today while it lasts, and under its first day before and after', () => {
  const long = { ...eventOf('a', '2026-11-23T09:00:00+09:00'), endsAt: '2026-11-26T00:00:00+09:00' };
  const days = ['2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26'];
  expect(days.map((today) => dayListed(long, today, 'Asia/Seoul'))).toEqual([
    '2026-11-23',
    '2026-11-23',
    '2026-11-24',
    '2026-11-25',
    '2026-11-23',
  ]);
  const due = { ...long, timing: 'DEADLINE' } as const;
  expect(dayListed(due, '2026-11-24', 'Asia/Seoul')).toBe('2026-11-25');
});
