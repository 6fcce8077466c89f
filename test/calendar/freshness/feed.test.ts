// Changes from the wire: a span that cannot be read never makes a change disappear.
import { describe, expect, test } from '@jest/globals';
import { parseChange, tellChanges } from '../../../src/calendar/freshness/feed.ts';

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

describe('changes that cannot be read', () => {
  const good = { kind: 'LECTURE' as const, raw: { audience } };

  test('are a gap of their source, after the others', () => {
    const bad = { kind: 'ATTENDANCE' as const, raw: { audience: 'no ern' } };
    expect([...tellChanges(['LECTURE', 'ATTENDANCE'], [bad, good, bad])]).toEqual([
      { type: 'CHANGES', changes: [{ kind: 'LECTURE', audience, span: null }], malformed: 2 },
      { type: 'GAP', reason: 'a change that cannot be read', kinds: ['ATTENDANCE'] },
    ]);
  });

  test('are a gap of all sources of the feed when they do not say of which they are', () => {
    const [, gap] = tellChanges(['LECTURE', 'ATTENDANCE'], [{ kind: null, raw: undefined }]);
    expect(gap).toMatchObject({ type: 'GAP', kinds: ['LECTURE', 'ATTENDANCE'] });
  });

  test('are none when all can be read', () => {
    expect([...tellChanges(['LECTURE'], [good])].map(({ type }) => type)).toEqual(['CHANGES']);
  });
});
