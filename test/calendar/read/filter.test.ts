// Filters: an absent field does not restrict, all given fields must match.
import { describe, expect, test } from '@jest/globals';
import { EVENT_KINDS } from '../../../src/calendar/model/event.ts';
import type { EventFilter } from '../../../src/calendar/model/event-filter.ts';
import { kindsOf, wantedBy } from '../../../src/calendar/read/filter.ts';
import { COURSE, event } from '../examples.ts';

const NOW = 1_500;
const isWanted = (filter: EventFilter | null | undefined, given: Parameters<typeof event>[0] = {}) =>
  wantedBy(filter, NOW)(event(given));

describe('the kinds', () => {
  test.each([[null], [undefined], [{}], [{ kinds: null }]])('are all kinds for %j', (filter) =>
    expect(kindsOf(filter)).toEqual(EVENT_KINDS),
  );

  test('that are asked for are loaded once each, in the order of answers', () => {
    expect(kindsOf({ kinds: ['ASSIGNMENT', 'LECTURE', 'ASSIGNMENT'] })).toEqual(['LECTURE', 'ASSIGNMENT']);
    expect(kindsOf({ kinds: [] })).toEqual([]);
  });
});

describe('an event', () => {
  test.each([[null], [undefined], [{}], [{ courses: null, completion: null, search: null }], [{ search: '' }]])(
    'matches the filter %j, which restricts nothing',
    (filter) => expect(isWanted(filter)).toBe(true),
  );

  test('matches by its course', () => {
    expect(isWanted({ courses: ['ern:lms:course/1', COURSE.ern] })).toBe(true);
    expect(isWanted({ courses: ['ern:lms:course/4'] })).toBe(false);
    expect(isWanted({ courses: [] })).toBe(false);
  });

  test('matches by its current completion', () => {
    expect(isWanted({ completion: ['PENDING'] }, { kind: 'ASSIGNMENT', endsAt: NOW + 1 })).toBe(true);
    expect(isWanted({ completion: ['PENDING'] }, { kind: 'ASSIGNMENT', endsAt: NOW })).toBe(false);
    expect(isWanted({ completion: [] })).toBe(false);
  });

  test('must match every field of the filter', () => {
    expect(isWanted({ courses: [COURSE.ern], search: '리스트', completion: ['NOT_REQUIRED'] })).toBe(true);
    expect(isWanted({ courses: [COURSE.ern], search: '그래프', completion: ['NOT_REQUIRED'] })).toBe(false);
  });

  test.each([
    ['연결', '연결 리스트'],
    ['연결'.normalize('NFD'), '연결 리스트'],
    ['연결', '연결 리스트'.normalize('NFD')],
    ['LIST', 'Linked lists'],
    ['café', 'Meet at the CAFE\u0301'],
    ['.*', 'what .* means'],
  ])('is found by %j in %j', (search, title) => expect(isWanted({ search }, { title })).toBe(true));

  test('is not found by a regular expression', () =>
    expect(isWanted({ search: '.*' }, { title: 'Linked lists' })).toBe(false));
});

describe('a filter is refused', () => {
  test('for a course that is not a resource name, naming the field', () => {
    expect(() => wantedBy({ courses: [COURSE.ern, '42'] }, NOW)).toThrow(
      'filter.courses: expected course names such as ern:lms:course/42, given "42"',
    );
    expect(() => wantedBy({ courses: [''] }, NOW)).toThrow('filter.courses');
  });

  test('for a search of more than 200 characters', () => {
    expect(() => wantedBy({ search: 'x'.repeat(201) }, NOW)).toThrow('filter.search: expected at most 200 characters');
    expect(isWanted({ search: 'x'.repeat(200) })).toBe(false);
  });
});
