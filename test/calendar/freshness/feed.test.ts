// Changes from the wire: a span that cannot be read never makes a change disappear.
import { describe, expect, test } from '@jest/globals';
import { parseChange } from '../../../src/calendar/freshness/feed.ts';

const audience = 'ern:lms:user/student-1';
const parsed = (from: unknown, to: unknown) => parseChange('ASSIGNMENT', { audience, from, to });
const DUE = '2026-11-27T00:00:00Z';

describe('a change from the wire', () => {
  test('keeps its span', () => {
    const span = { from: Date.parse('2026-11-20T00:00:00Z'), to: Date.parse(DUE) };
    expect(parsed('2026-11-20T00:00:00Z', DUE)).toEqual({ kind: 'ASSIGNMENT', audience, span });
  });

  test.each([
    ['absent', null, null],
    ['half absent', DUE, null],
    ['until the year 9999', DUE, '9999-12-31T23:59:59Z'],
    ['from before 1970', '1969-12-31T23:59:59Z', DUE],
    ['reversed', DUE, '2026-11-20T00:00:00Z'],
    ['infinite', DUE, 'infinity'],
    ['not a text', 7, { at: DUE }],
    ['without an offset', '2026-11-20T00:00:00', DUE],
  ])('with a span that is %s is a change of the whole audience', (_, from, to) => {
    expect(parsed(from, to)).toEqual({ kind: 'ASSIGNMENT', audience, span: null });
  });

  test.each([[null], ['course 7'], [7], [undefined]])('is malformed with the audience %j', (given) => {
    expect(parseChange('ASSIGNMENT', { audience: given, from: DUE, to: DUE })).toBeNull();
  });
});
