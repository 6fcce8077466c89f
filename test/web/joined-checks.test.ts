// One class, one chip: which events are shown, and what a lecture says of its checks.
import { describe, expect, test } from '@jest/globals';
import { stateOf, titleShown } from '../../src/web/page/event-mark.ts';
import type { ScheduleEvent } from '../../src/web/page/graph-types.ts';
import { joinChecks, mainCheck } from '../../src/web/page/joined-checks.ts';
import { MESSAGES } from '../../src/web/page/messages.ts';

const event = (kind: ScheduleEvent['kind'], id: string, more: Partial<ScheduleEvent> = {}) =>
  ({
    kind,
    id,
    ern: `ern:${id}`,
    completion: 'NOT_REQUIRED',
    phase: 'CLOSED',
    dateOverride: null,
    ...more,
  }) as ScheduleEvent;
const check = (id: string, lecture: string | null, more: Partial<ScheduleEvent> = {}) =>
  event('ATTENDANCE', id, {
    completion: 'PENDING',
    lecture: lecture === null ? null : { ern: `ern:${lecture}` },
    ...more,
  });
const shown = (events: readonly ScheduleEvent[]) =>
  joinChecks(events).map(({ id, checks }) => [id, ...(checks ?? []).map((one) => one.id)]);

describe('a check', () => {
  test('is shown with its lecture, in the order of the calendar', () => {
    const events = [
      event('LECTURE', 'l1'),
      check('c1', 'l1'),
      event('ASSIGNMENT', 'a1'),
      event('LECTURE', 'l2'),
      check('c2', 'l2'),
    ];
    expect(shown(events)).toEqual([['l1', 'c1'], ['a1'], ['l2', 'c2']]);
  });

  test('stands alone when it names no lecture, or one that is not shown', () => {
    expect(shown([check('c1', null), check('c2', 'l9'), event('LECTURE', 'l1')])).toEqual([['c1'], ['c2'], ['l1']]);
  });

  test('is one of several of its lecture, which shows the one that says most', () => {
    const open = check('open', 'l', { phase: 'OPEN' });
    const missed = check('missed', 'l', { completion: 'MISSED' });
    const done = check('done', 'l', { completion: 'COMPLETED' });
    expect(shown([event('LECTURE', 'l'), done, missed, open])).toEqual([['l', 'done', 'missed', 'open']]);
    expect(mainCheck({ checks: [done, missed, open] })).toBe(open);
    expect(mainCheck({ checks: [done, missed] })).toBe(missed);
    expect(mainCheck({ checks: [done] })).toBe(done);
    expect(mainCheck({})).toBeUndefined();
  });
});

test('a lecture says the state of its check, and that one can check in now', () => {
  const text = (more: Partial<ScheduleEvent>) =>
    stateOf(event('LECTURE', 'l', { checks: [check('c', 'l', more)] }), MESSAGES.en)?.text;
  expect(text({ phase: 'OPEN' })).toBe('Attendance: check in now');
  expect(text({ completion: 'MISSED' })).toBe(`Attendance: ${MESSAGES.en.completion.MISSED}`);
  expect(text({ completion: 'COMPLETED' })).toBe(`Attendance: ${MESSAGES.en.completion.COMPLETED}`);
  expect(text({ phase: 'UPCOMING' })).toBeUndefined();
});

test.each([
  ['자료구조', '자료구조 12주차 1강', '자료구조 12주차 1강'],
  ['Data Structures (01)', 'Homework 3', 'Data Structures Homework 3'],
  ['Data Structures (01)', 'Data Structures (01): Homework 3', 'Data Structures Homework 3'],
  ['Data Structures (01)', 'Homework 3 - Data Structures', 'Data Structures Homework 3 -'],
  ['운영체제', '운영체제', '운영체제'],
  ['(seminar)', 'Talk', '(seminar) Talk'],
])('of the course %s, %s is shown as %s', (course, title, expected) => {
  expect(titleShown({ title, course: { ern: 'ern:1', title: course, color: '#000000' } })).toBe(expected);
});
