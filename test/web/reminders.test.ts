// Reminders: of what is due within the hour and still to be done, once.
import { expect, test } from '@jest/globals';
import type { ScheduleEvent } from '../../src/web/page/graph-types.ts';
import { dueSoon } from '../../src/web/page/reminders.ts';

const NOW = Date.parse('2026-11-23T03:00:00Z');
const due = (minutes: number, more: Partial<ScheduleEvent> = {}) =>
  ({
    id: `in ${minutes}`,
    timing: 'DEADLINE',
    completion: 'PENDING',
    endsAt: new Date(NOW + minutes * 60_000).toISOString(),
    ...more,
  }) as ScheduleEvent;
const remindedOf = (events: readonly ScheduleEvent[], reminded: readonly string[] = []) =>
  dueSoon(events, new Set(reminded), NOW).map(({ id }) => id);

test('a reminder comes in the hour before a deadline that is still to be met', () => {
  expect(remindedOf([due(61), due(60), due(1), due(0), due(-5)])).toEqual(['in 60', 'in 1']);
  expect(remindedOf([due(30, { completion: 'COMPLETED' }), due(30, { timing: 'INTERVAL' })])).toEqual([]);
});

test('a reminder comes once, and again when the deadline has changed', () => {
  const event = due(30);
  expect(remindedOf([event], [`${event.id} ${event.endsAt}`])).toEqual([]);
  expect(remindedOf([due(40, { id: event.id })], [`${event.id} ${event.endsAt}`])).toEqual(['in 30']);
});
