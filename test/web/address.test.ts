// The address of the page: what it says is what is shown, and the other way round.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseAddress, type Shown, searchOf } from '../../src/web/page/address.ts';
import { EVENT_KINDS } from '../../src/web/page/graph-types.ts';
import { weekOf } from '../../src/web/page/zone.ts';

const TODAY = '2026-11-23';
const NOTHING: Shown = {
  user: null,
  view: 'month',
  day: null,
  today: TODAY,
  filters: { kinds: new Set(), courses: new Set() },
  event: null,
};

test('an address that was written says what was shown', () => {
  const shown = fc.record({
    user: fc.option(fc.string({ minLength: 1 })),
    view: fc.constantFrom('month' as const, 'week' as const, 'list' as const),
    day: fc.option(
      fc.integer({ min: 0, max: 20_000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
    ),
    kinds: fc.subarray([...EVENT_KINDS]),
    courses: fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 3 }),
    event: fc.option(fc.string({ minLength: 1 })),
  });
  fc.assert(
    fc.property(shown, ({ kinds, courses, ...rest }) => {
      const given = { ...rest, today: TODAY, filters: { kinds: new Set(kinds), courses: new Set(courses) } };
      const { day, problems, ...read } = parseAddress(searchOf(given));
      const period = (of: string) => (given.view === 'week' ? weekOf(of) : of.slice(0, 7));
      expect(problems).toEqual([]);
      expect(read).toEqual({ user: given.user, view: given.view, filters: given.filters, event: given.event });
      expect(period(day ?? TODAY)).toBe(period(given.day ?? TODAY));
    }),
  );
});

describe('an address', () => {
  test('names a month, the days of a week by its first, and neither for the current one', () => {
    expect(searchOf(NOTHING)).toBe('?view=month');
    expect(searchOf({ ...NOTHING, day: '2026-11-01' })).toBe('?view=month');
    expect(searchOf({ ...NOTHING, view: 'list', day: '2026-12-24' })).toBe('?view=list&month=2026-12');
    expect(searchOf({ ...NOTHING, view: 'week', day: '2026-12-24' })).toBe('?view=week&day=2026-12-20');
  });

  test('names the period of an open event also if it is the current one', () => {
    expect(searchOf({ ...NOTHING, event: 'LECTURE!a!ern:x' })).toBe(
      '?view=month&month=2026-11&event=LECTURE%21a%21ern%3Ax',
    );
  });

  test.each([
    'month=2026-13',
    'month=2026-1',
    'month=99999-01',
    'day=2026-02-30',
    'day=0001-01-01',
    'day=yesterday',
    'view=year',
    'hide=lecture,exams',
  ])('with %s names this as what cannot be read, and keeps the rest', (part) => {
    const { problems, user } = parseAddress(`?${part}&user=student-2`);
    expect([problems, user]).toEqual([[part], 'student-2']);
  });

  test('with empty parameters is as one without', () => {
    expect(parseAddress('?user=&view=&month=&hide=&event=&hideCourse=')).toEqual(parseAddress(''));
  });
});
