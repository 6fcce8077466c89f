// A version is equal exactly when nothing visible has changed.
import { expect, test } from '@jest/globals';
import type { ScheduleEvent } from '../../../src/calendar/model/event.ts';
import { digestOf, versionOf } from '../../../src/calendar/shape/version.ts';
import { COURSE, event } from '../examples.ts';

const override = { startsAt: 1, endsAt: 2, reason: 'illness' };

test.each<[string, Partial<ScheduleEvent>]>([
  ['title', { title: '트리' }],
  ['start', { startsAt: 999 }],
  ['end', { endsAt: 2_001 }],
  ['place', { location: '302' }],
  ['late limit', { lateLimit: 5 }],
  ['what was done', { done: 'DONE' }],
  ['when it was changed', { updatedAt: 1 }],
  ['course’s title', { course: { ...COURSE, title: '알고리즘' } }],
  ['course’s colour', { course: { ...COURSE, color: '#000000' } }],
  ['override', { dateOverride: override }],
  ['resource', { ern: 'ern:lms:course/42/lecture/2' }],
])('a changed %s changes the version', (_, given) => {
  expect(versionOf(event(given))).not.toEqual(versionOf(event()));
  expect(digestOf([event(given)])).not.toBe(digestOf([event()]));
});

test('a changed reason or changed dates of an override change the version', () => {
  const versions = [override, { ...override, reason: null }, { ...override, startsAt: 0 }].map((dateOverride) =>
    versionOf(event({ dateOverride })).toString('hex'),
  );
  expect(new Set(versions).size).toBe(3);
});

test('the same event has the same version in any order of its fields', () => {
  const back = Object.fromEntries(Object.entries(event()).reverse()) as unknown as ScheduleEvent;
  expect(versionOf(back)).toEqual(versionOf(event()));
});

test('a digest depends on order and number of events', () => {
  const [a, b] = [event(), event({ ern: 'ern:lms:course/42/lecture/2' })];
  expect(new Set([[], [a], [b], [a, b], [b, a]].map(digestOf)).size).toBe(5);
});
