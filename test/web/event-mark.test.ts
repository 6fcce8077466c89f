// What My Page says of one event: an extension only where a student may hand in later.
import { expect, test } from '@jest/globals';
import { stateOf } from '../../src/web/page/event-mark.ts';
import type { ScheduleEvent } from '../../src/web/page/graph-types.ts';
import { MESSAGES } from '../../src/web/page/messages.ts';

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
