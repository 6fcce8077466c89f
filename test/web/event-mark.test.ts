// What My Page says of one event: an extension only where a student may hand in later.
import { expect, test } from '@jest/globals';
import { dateShown, type Locale, stateOf, whenOf } from '../../src/web/page/event-mark.ts';
import type { ScheduleEvent } from '../../src/web/page/graph-types.ts';
import { MESSAGES } from '../../src/web/page/messages.ts';
import { dayShown } from '../../src/web/page/model.ts';
import { hourCycleOf } from '../../src/web/page/preferences.ts';

const [EARLY, LATE] = ['2026-11-23T23:59:00+09:00', '2026-11-24T23:59:00+09:00'];

const stateText = (timing: ScheduleEvent['timing'], endsAt: string, originally: string) =>
  stateOf(
    {
      id: 'a',
      ern: 'ern:lms:course/1/assignment/1',
      kind: timing === 'DEADLINE' ? 'ASSIGNMENT' : 'LECTURE',
      title: 'a',
      course: { ern: 'ern:lms:course/1', title: '자료구조', color: '#1969c8' },
      startsAt: '2026-11-23T09:00:00+09:00',
      endsAt,
      timing,
      phase: 'OPEN',
      completion: 'PENDING',
      isOverdue: false,
      location: null,
      dateOverride: { startsAt: '2026-11-23T08:00:00+09:00', endsAt: originally, reason: null },
    } as ScheduleEvent,
    MESSAGES.en,
  )?.text;

test('the page says extended only when the due date is later than the one of the course', () => {
  expect(stateText('DEADLINE', LATE, EARLY)).toBe('Extended');
  expect(stateText('DEADLINE', EARLY, LATE)).toBe('Moved');
  expect(stateText('INTERVAL', LATE, EARLY)).toBe('Moved');
  // The same instant, written with another offset.
  expect(stateText('DEADLINE', '2026-11-23T14:59:00Z', EARLY)).toBe('Moved');
});

test('a deadline at midnight is shown as 24:00 of the day that ends there', () => {
  const due = { timing: 'DEADLINE', endsAt: '2026-11-27T00:00:00+09:00' } as ScheduleEvent;
  const locale: Locale = { timeZone: 'Asia/Seoul', language: 'en', hourCycle: 'h23', messages: MESSAGES.en };
  expect(dayShown(due, 'Asia/Seoul')).toBe('2026-11-26');
  expect([dateShown(due, locale), whenOf(due, locale)]).toEqual(['Thu, Nov 26', 'due 24:00']);
  const noon = { ...due, endsAt: '2026-11-27T12:30:00+09:00' } as ScheduleEvent;
  expect([dayShown(noon, 'Asia/Seoul'), whenOf(noon, locale)]).toEqual(['2026-11-27', 'due 12:30']);
  const night = { ...due, endsAt: '2026-11-27T00:30:00+09:00' } as ScheduleEvent;
  expect([dayShown(night, 'Asia/Seoul'), whenOf(night, locale)]).toEqual(['2026-11-27', 'due 00:30']);
});

test('a range over several days is shown with its days, one that ends at midnight as 24:00', () => {
  const locale: Locale = { timeZone: 'Asia/Seoul', language: 'en', hourCycle: 'h23', messages: MESSAGES.en };
  const from = (startsAt: string, endsAt: string) =>
    whenOf({ timing: 'INTERVAL', startsAt, endsAt } as ScheduleEvent, locale);
  expect(from('2026-11-23T00:00:00+09:00', '2026-11-26T00:00:00+09:00')).toBe('Mon, Nov 23 00:00 – Wed, Nov 25 24:00');
  expect(from('2026-11-23T22:30:00+09:00', '2026-11-24T00:30:00+09:00')).toBe('Mon, Nov 23 22:30 – Tue, Nov 24 00:30');
  expect(from('2026-11-23T22:00:00+09:00', '2026-11-24T00:00:00+09:00')).toBe('22:00–24:00');
  expect(from('2026-11-23T09:00:00+09:00', '2026-11-23T09:00:00+09:00')).toBe('09:00–09:00');
});

test('whole days are shown as days, without a time', () => {
  const locale: Locale = { timeZone: 'Asia/Seoul', language: 'en', hourCycle: 'h23', messages: MESSAGES.en };
  const from = (startsAt: string, endsAt: string) =>
    whenOf({ timing: 'ALL_DAY', startsAt, endsAt } as ScheduleEvent, locale);
  expect(from('2026-11-23T00:00:00+09:00', '2026-11-26T00:00:00+09:00')).toBe('Mon, Nov 23 – Wed, Nov 25');
  expect(from('2026-11-23T00:00:00+09:00', '2026-11-24T00:00:00+09:00')).toBe('All day');
});

test('a kind that could not be loaded has the particle that its last syllable needs', () => {
  const { notLoaded } = MESSAGES.ko;
  expect(['강의', '출석', '과제', '시험'].map((kind) => notLoaded(kind).split(' ')[0])).toEqual([
    '강의를',
    '출석을',
    '과제를',
    '시험을',
  ]);
});

test('a clock of 12 hours has AM and PM, and calls the end of a day midnight', () => {
  const locale: Locale = { timeZone: 'Asia/Seoul', language: 'en', hourCycle: 'h12', messages: MESSAGES.en };
  const from = (startsAt: string, endsAt: string, timing = 'INTERVAL') =>
    whenOf({ timing, startsAt, endsAt } as ScheduleEvent, locale).replaceAll('\u202f', ' ');
  expect(from('2026-11-23T09:00:00+09:00', '2026-11-23T12:30:00+09:00')).toBe('9:00 AM–12:30 PM');
  expect(from('2026-11-23T22:00:00+09:00', '2026-11-24T00:00:00+09:00')).toBe('10:00 PM–midnight');
  expect(from('2026-11-23T22:00:00+09:00', '2026-11-24T00:00:00+09:00', 'DEADLINE')).toBe('due midnight');
});

test.each([
  ['ko', 'en-US', 'h23'],
  ['en', 'en-US', 'h12'],
  ['en', 'en-GB', 'h23'],
  ['en', 'ko-KR', 'h12'],
] as const)('the clock in %s, in a browser in %s, is %s', (language, browser, hourCycle) => {
  expect(hourCycleOf(language, browser)).toBe(hourCycle);
});
