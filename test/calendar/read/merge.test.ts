// Slices to events: equal to a naive reading of the rows, however the rows are cut into slices.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Item, overlaps, type ScheduleEvent } from '../../../src/calendar/model/event.ts';
import { inOrder, mergeSource, movedIntoWindow, toEvent } from '../../../src/calendar/read/merge.ts';
import { COURSE, correction, event, item, OWN, slice, USER } from '../examples.ts';

const LECTURE = { kind: 'LECTURE', taught: [] } as const;
const EVER = { from: 0, to: 10_000 };
const merge = (shared: readonly Item[], own: readonly Item[], window = EVER) =>
  mergeSource(
    { kind: 'ASSIGNMENT', shared: [slice(...shared)], own: [slice(...own)], unknownMonths: [], taught: [] },
    USER,
    window,
  );
const only = (shared: readonly Item[], own: readonly Item[]): ScheduleEvent | undefined => merge(shared, own).events[0];

describe('an event', () => {
  test('is the course’s item when there is no override', () => {
    expect(merge([item()], []).events).toEqual([event({ kind: 'ASSIGNMENT' })]);
  });

  test('takes every value of its override, and keeps the others', () => {
    const given = {
      title: '보충',
      location: '302',
      startsAt: 1_100,
      endsAt: 2_200,
      lateLimit: 2_300,
      lecture: 'ern:lms:course/7/lecture/2',
      done: 'DONE',
      allDay: true,
    } as const;
    for (const [field, value] of Object.entries(given)) {
      expect(only([item({ location: '101', lateLimit: 9, done: 'NONE' })], [correction({ [field]: value })])).toEqual({
        ...event({ kind: 'ASSIGNMENT', location: '101', lateLimit: 9, done: 'NONE' }),
        [field]: value,
        dateOverride: field.endsWith('sAt') ? { startsAt: 1_000, endsAt: 2_000, reason: null } : null,
      });
    }
  });

  test('has the later updatedAt of item and override', () => {
    expect(only([item({ updatedAt: 5 })], [correction({ updatedAt: 3 })])?.updatedAt).toBe(5);
    expect(only([item({ updatedAt: 5 })], [correction({ updatedAt: 8 })])?.updatedAt).toBe(8);
  });

  test('is absent when the course or the override hides it', () => {
    expect(merge([item({ hidden: true })], [])).toEqual({ events: [], dropped: 0 });
    expect(merge([item()], [correction({ hidden: true })])).toEqual({ events: [], dropped: 0 });
    expect(merge([], [correction({ hidden: true, endsAt: 5 })])).toEqual({ events: [], dropped: 0 });
  });

  test('has no date override when the override has the same dates', () => {
    expect(
      only([item()], [correction({ startsAt: 1_000, endsAt: 2_000, overrideReason: '?' })])?.dateOverride,
    ).toBeNull();
  });

  test('of the user’s own audience alone is shown, with the original dates it names', () => {
    const own = item({ audience: OWN, original: { startsAt: 500, endsAt: 600 }, overrideReason: '병가' });
    expect(only([], [own])?.dateOverride).toEqual({ startsAt: 500, endsAt: 600, reason: '병가' });
  });

  test('of what the user teaches requires nothing, by the audience or by the course', () => {
    const section = `${COURSE.ern}/section/1`;
    const slices = { kind: 'ASSIGNMENT', own: [slice(correction({ done: 'LATE' }))], unknownMonths: [] } as const;
    const doneFor = (taught: readonly string[], audience: string) =>
      mergeSource({ ...slices, shared: [slice(item({ audience }))], taught }, USER, EVER).events[0]?.done;
    expect(doneFor([section], section)).toBe('NOT_ASKED');
    expect(doneFor([COURSE.ern], section)).toBe('NOT_ASKED');
    expect(doneFor([section], COURSE.ern)).toBe('LATE');
    expect(doneFor([], COURSE.ern)).toBe('LATE');
  });

  test('that would end before it starts is left out and counted as dropped', () => {
    expect(merge([item()], [correction({ startsAt: 3_000 })])).toEqual({ events: [], dropped: 1 });
  });

  test('has a different id for each user', () => {
    expect(toEvent(LECTURE, 'other', item(), undefined)?.id).not.toBe(toEvent(LECTURE, USER, item(), undefined)?.id);
  });
});

describe('an override of a missing item', () => {
  test('is ignored when it has no dates', () => {
    expect(merge([], [correction({ done: 'DONE', title: '제목' })])).toEqual({ events: [], dropped: 0 });
  });

  test('is counted as dropped when it has dates, because an event is missing', () => {
    expect(merge([], [correction({ endsAt: 5_000 })])).toEqual({ events: [], dropped: 1 });
  });
});

describe('an item in several slices', () => {
  test('is one event, from its newest copy, in any order', () => {
    const copies = [item({ title: 'old', updatedAt: 1 }), item({ title: 'new', updatedAt: 2 })];
    for (const order of [copies, [...copies].reverse()]) {
      const shared = order.map((copy) => slice(copy));
      const { events } = mergeSource({ kind: 'LECTURE', shared, own: [], unknownMonths: [], taught: [] }, USER, EVER);
      expect(events.map(({ title }) => title)).toEqual(['new']);
    }
  });

  test('of equal age is taken from the first, so that answers are repeatable', () => {
    expect(only([item({ title: 'first' }), item({ title: 'second' })], [])?.title).toBe('first');
  });
});

describe('an item that was moved into these months', () => {
  const original = { startsAt: 100, endsAt: 200 };
  const moved = correction({ endsAt: 5_000, original });
  const of = (shared: readonly Item[], own: readonly Item[]) =>
    movedIntoWindow({ shared: [slice(...shared)], own: [slice(...own)] });

  test('is an override with dates whose item is in none of the slices', () => {
    expect(of([], [moved])).toEqual([moved]);
    expect(of([item()], [moved])).toEqual([]);
  });

  test('is never a hidden item, a complete one, or one without original dates', () => {
    expect(of([], [{ ...moved, hidden: true }])).toEqual([]);
    expect(of([], [item({ audience: OWN, original })])).toEqual([]);
    expect(of([], [{ ...moved, original: null }])).toEqual([]);
    expect(of([], [correction({ done: 'DONE', original })])).toEqual([]);
  });
});

test('events are ordered by start, then by id', () => {
  const [a, b, c] = [event({ id: 'b', startsAt: 1 }), event({ id: 'a', startsAt: 2 }), event({ id: 'B', startsAt: 1 })];
  expect(inOrder([a, b, c]).map(({ id }) => id)).toEqual(['B', 'b', 'a']);
});

const END = 40;
const instant = fc.integer({ min: 0, max: END - 1 });
const dates = fc.tuple(instant, instant).map(([a, b]) => ({ startsAt: Math.min(a, b), endsAt: Math.max(a, b) }));
const base = fc.record({ dates, hidden: fc.boolean() }, { noNullPrototype: true });
const change = fc.record({
  startsAt: fc.option(instant),
  endsAt: fc.option(instant),
  title: fc.option(fc.constantFrom('mine', '내 것')),
  done: fc.option(fc.constantFrom('NONE', 'DONE') as fc.Arbitrary<'NONE' | 'DONE'>),
  hidden: fc.boolean(),
});
const row = fc.record({ base: fc.option(base), change: fc.option(change), personal: dates });

/**
 * A course's items and one user's corrections of them; what has no course item is the user's alone.
 */
const rows = fc.array(row, { maxLength: 6 }).map((drawn) =>
  drawn.map(({ base: made, change: given, personal }, index) => {
    const name = { ern: `${COURSE.ern}/lecture/${index}` };
    if (made === null) return { shared: undefined, own: item({ ...name, audience: OWN, ...personal }) };
    const shared = item({ ...name, ...made.dates, hidden: made.hidden });
    return {
      shared,
      own: given === null ? undefined : correction({ ...name, ...given, original: originalOf(shared, given) }),
    };
  }),
);

function originalOf(shared: Item, given: { startsAt: number | null; endsAt: number | null }): Item['original'] {
  const { startsAt, endsAt } = { startsAt: shared.startsAt ?? 0, endsAt: shared.endsAt ?? 0 };
  const isSame = (given.startsAt ?? startsAt) === startsAt && (given.endsAt ?? endsAt) === endsAt;
  return isSame ? null : { startsAt, endsAt };
}

describe('merging equals reading the rows one by one', () => {
  test('for any division into slices, and any moves by overrides', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: END - 1 }), { maxLength: 4 });
    const window = fc.tuple(instant, fc.integer({ min: 1, max: END })).map(([from, to]) => ({ from, to: from + to }));
    fc.assert(
      fc.property(rows, cuts, window, (given, at, asked) => {
        const edges = [0, ...at.sort((a, b) => a - b), END];
        const spans = edges.slice(0, -1).map((from, index) => ({ from, to: edges[index + 1] ?? END }));
        const shown = mergeSource(cut(given, spans, asked), USER, asked).events;
        expect(inOrder(shown)).toEqual(inOrder(naive(given, asked)));
      }),
      { numRuns: 2_000 },
    );
  });
});

type Rows = readonly { readonly shared: Item | undefined; readonly own: Item | undefined }[];
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * As a calendar reads: the slices that meet the window, and those that what was moved here comes
 * from.
 */
function cut(given: Rows, spans: readonly Span[], window: Span) {
  const sharedIn = (span: Span) =>
    slice(...given.flatMap(({ shared }) => (meets(shared, {}, span) ? [shared as Item] : [])));
  const ownIn = (span: Span) =>
    slice(
      ...given.flatMap(({ shared, own }) =>
        own && (meets(shared, own, span) || meets(shared, {}, span)) ? [own] : [],
      ),
    );
  const near = spans.filter(({ from, to }) => from < window.to && window.from < to);
  const slices = {
    kind: 'LECTURE',
    shared: near.map(sharedIn),
    own: near.map(ownIn),
    unknownMonths: [],
    taught: [],
  } as const;
  const origins = movedIntoWindow(slices).map(({ original }) =>
    spans.filter(({ from, to }) => from <= original.startsAt && original.startsAt < to),
  );
  return { ...slices, shared: [...slices.shared, ...origins.flat().map(sharedIn)] };
}

const joined = (shared: Item | undefined, own: Partial<Item>) => ({
  startsAt: own.startsAt ?? shared?.startsAt ?? Number.NaN,
  endsAt: own.endsAt ?? shared?.endsAt ?? Number.NaN,
});

function meets(shared: Item | undefined, own: Partial<Item>, { from, to }: Span): boolean {
  const { startsAt, endsAt } = joined(shared, own);
  return overlaps(startsAt, endsAt, from, to);
}

function naive(given: Rows, { from, to }: Span): ScheduleEvent[] {
  return given.flatMap(({ shared, own }) => {
    const { startsAt, endsAt } = joined(shared, own ?? {});
    if (shared?.hidden || own?.hidden || endsAt < startsAt || !overlaps(startsAt, endsAt, from, to)) return [];
    const made = toEvent(LECTURE, USER, (shared ?? own) as Item, shared && own);
    return made === null ? [] : [made];
  });
}
