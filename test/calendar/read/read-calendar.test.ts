// Reading a calendar over real caches: which sources are called, what a failure affects, and the
// statuses.

import { describe, expect, test } from '@jest/globals';
import type { Item } from '../../../src/calendar/model/event.ts';
import type { Slice } from '../../../src/calendar/model/slice.ts';
import { type CalendarRequest, readCalendar } from '../../../src/calendar/read/read-calendar.ts';
import { SourceError } from '../../../src/errors.ts';
import { COURSE, correction, item, OWN, slice, USER } from '../examples.ts';
import { type Answers, stubCaches } from '../stub-caches.ts';

const at = (text: string) => Date.parse(`${text}+09:00`);
const NOVEMBER = { from: at('2026-11-01T00:00:00'), to: at('2026-12-01T00:00:00') };
const DECEMBER = { from: NOVEMBER.to, to: at('2027-01-01T00:00:00') };
const OTHER = 'ern:lms:course/1';

const request = (given: Partial<CalendarRequest> = {}): CalendarRequest => ({
  userId: USER,
  window: NOVEMBER,
  kinds: ['LECTURE'],
  sight: 'ALL',
  keep: () => true,
  readOptions: {},
  ...given,
});
const lecture = (given: Partial<Item> = {}) =>
  item({ startsAt: at('2026-11-22T09:00:00'), endsAt: at('2026-11-22T10:00:00'), ...given });
const down = () => {
  throw new SourceError('UNREACHABLE', 'lecture.internal:4101');
};

/** Reads once over these answers; `asked` is what that cost. */
async function reading(answers: Answers, given: Partial<CalendarRequest> = {}) {
  const { caches, asked } = stubCaches(answers);
  const result = await readCalendar(caches, request(given));
  return { ...result, asked, erns: result.events.map((event) => event.ern), status: result.sources[0] };
}

describe('reading a calendar loads', () => {
  test('the user’s audiences, then each of them in each month, once for each kind', async () => {
    const { asked } = await reading(
      { audiences: () => [COURSE.ern, OWN] },
      { kinds: ['LECTURE', 'ASSIGNMENT'], window: { from: NOVEMBER.to - 1, to: NOVEMBER.to + 1 } },
    );
    const months = (kind: string) =>
      [COURSE.ern, OWN].flatMap((audience) => ['2026-11', '2026-12'].map((month) => `${kind} ${audience} ${month}`));
    expect([...asked].sort()).toEqual(
      [
        `LECTURE audiences of ${USER}`,
        `ASSIGNMENT audiences of ${USER}`,
        ...months('LECTURE'),
        ...months('ASSIGNMENT'),
      ].sort(),
    );
  });

  test('nothing for an empty window or no kind, which is COMPLETE', async () => {
    for (const given of [{ window: { from: NOVEMBER.from, to: NOVEMBER.from } }, { kinds: [] }]) {
      const { asked, events, completeness } = await reading({ audiences: down }, given);
      expect([asked, events, completeness]).toEqual([[], [], 'COMPLETE']);
    }
  });

  test('nothing when everything is fresh, without starting the deadline', async () => {
    const { caches, asked } = stubCaches({ audiences: () => [COURSE.ern] });
    await readCalendar(caches, request());
    const before = asked.length;
    const impatient = {
      ...request(),
      readOptions: {
        get deadline(): Promise<unknown> {
          throw new Error('somebody waited');
        },
      },
    };
    expect((await readCalendar(caches, impatient)).completeness).toBe('COMPLETE');
    expect(asked).toHaveLength(before);
  });

  test('everything again with maxAge 0', async () => {
    const { caches, asked } = stubCaches({ audiences: () => [COURSE.ern] });
    await readCalendar(caches, request());
    await readCalendar(caches, request({ readOptions: { maxAge: 0 } }));
    expect(asked).toHaveLength(4);
    expect(asked.slice(2)).toEqual(asked.slice(0, 2));
  });
});

describe('a failure', () => {
  const audiences = () => [COURSE.ern, OTHER];

  test('of one source affects its events only', async () => {
    const { events, sources, completeness } = await reading(
      { audiences: ({ kind }) => (kind === 'ATTENDANCE' ? down() : [COURSE.ern]), slice: () => slice(lecture()) },
      { kinds: ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'] },
    );
    expect(events.map(({ kind }) => kind)).toEqual(['ASSIGNMENT', 'LECTURE']);
    expect(completeness).toBe('PARTIAL');
    expect(sources.map(({ kind, status, reason, count }) => [kind, status, reason, count])).toEqual([
      ['LECTURE', 'FRESH', null, 1],
      ['ATTENDANCE', 'UNAVAILABLE', 'UNREACHABLE', 0],
      ['ASSIGNMENT', 'FRESH', null, 1],
    ]);
  });

  test('of the audiences loads no slices', async () => {
    expect((await reading({ audiences: down })).asked).toEqual([`LECTURE audiences of ${USER}`]);
  });

  test('of one slice shows the others, with the status', async () => {
    const slices = ({ audience }: { audience: string }) => (audience === OTHER ? down() : slice(lecture()));
    const { erns, status, completeness } = await reading({ audiences, slice: slices });
    expect(erns).toEqual([lecture().ern]);
    expect(status).toMatchObject({ status: 'UNAVAILABLE', reason: 'UNREACHABLE', count: 1 });
    expect(completeness).toBe('UNAVAILABLE');
  });

  test('of any kind gives an answer, never a rejection', async () => {
    for (const thrown of [new TypeError('x is not a function'), 'text', undefined]) {
      const rejecting = () => Promise.reject(thrown);
      expect((await reading({ audiences: rejecting })).status).toMatchObject({ reason: 'BAD_RESPONSE' });
    }
  });

  test('to answer in time has the reason TIMEOUT', async () => {
    const never = new Promise<never>(() => {});
    const { status } = await reading({ audiences: () => never }, { readOptions: { deadline: Promise.resolve() } });
    expect(status).toMatchObject({ status: 'UNAVAILABLE', reason: 'TIMEOUT', fetchedAt: null });
  });
});

describe('a source’s status', () => {
  test('adds up the dropped items of its slices and of merging', async () => {
    const own = correction({ startsAt: at('2026-11-23T00:00:00') });
    const { status, events } = await reading({
      audiences: () => [COURSE.ern, OWN],
      slice: ({ audience }) => ({
        items: [audience === OWN ? own : lecture()],
        dropped: 2,
        revision: null,
        droppedErns: audience === OWN ? [`${COURSE.ern}/lecture/8`, `${COURSE.ern}/lecture/9`] : [],
        truncated: audience !== OWN,
      }),
    });
    expect(events).toEqual([]);
    expect(status).toMatchObject({ count: 0, dropped: 5, truncated: true });
  });

  test('counts the events that match the filter', async () => {
    const items = slice(lecture(), lecture({ ern: `${COURSE.ern}/lecture/2` }));
    const { status, erns } = await reading(
      { audiences: () => [COURSE.ern], slice: () => items },
      { keep: ({ ern }) => ern.endsWith('/2') },
    );
    expect([status?.count, erns]).toEqual([1, [`${COURSE.ern}/lecture/2`]]);
  });

  test('has the load time of the oldest value used', async () => {
    const { caches, clock } = stubCaches({ audiences: () => [COURSE.ern] });
    const began = clock.now();
    await readCalendar(caches, request());
    await clock.advance(10_000);
    const { sources } = await readCalendar(caches, request({ window: { from: NOVEMBER.from, to: DECEMBER.to } }));
    expect(sources[0]).toMatchObject({ status: 'FRESH', fetchedAt: began });
  });
});

describe('an override that was dropped hides its item, because it may be hidden from the user', () => {
  const [first, second] = [lecture(), lecture({ ern: `${COURSE.ern}/lecture/2` })];
  const readingWith = (own: Partial<Slice>) =>
    reading({
      audiences: () => [COURSE.ern, OWN],
      slice: ({ audience }) => (audience === OWN ? { ...slice(), ...own } : slice(first, second)),
    });

  test('and no other item, if it says which item it is of', async () => {
    const { erns, status } = await readingWith({ dropped: 1, droppedErns: [first.ern] });
    expect([erns, status?.dropped]).toEqual([[second.ern], 1]);
  });

  test('or every item of its month, if it does not', async () => {
    expect((await readingWith({ dropped: 1 })).erns).toEqual([]);
    expect((await readingWith({ truncated: true })).erns).toEqual([]);
  });
});

describe('a due date that an override moved into another month', () => {
  const due = lecture({ title: '과제 1', endsAt: at('2026-11-25T00:00:00') });
  const extension = correction({
    endsAt: at('2026-12-03T00:00:00'),
    original: { startsAt: due.startsAt ?? 0, endsAt: due.endsAt ?? 0 },
  });
  const audiences = () => [OTHER, COURSE.ern, OWN];
  const slices: NonNullable<Answers['slice']> = ({ audience, month }) =>
    slice(...(audience === OWN ? [extension] : audience === COURSE.ern && month.name === '2026-11' ? [due] : []));

  test('is shown there, with the values of the course’s slice of the original month', async () => {
    const { events, status, asked } = await reading({ audiences, slice: slices }, { window: DECEMBER });
    expect(events).toMatchObject([{ title: '과제 1', startsAt: due.startsAt, endsAt: extension.endsAt }]);
    expect(events[0]?.dateOverride).toMatchObject({ startsAt: due.startsAt, endsAt: due.endsAt });
    expect(status).toMatchObject({ status: 'FRESH', count: 1, dropped: 0 });
    expect(asked.filter((line) => line.endsWith('2026-11'))).toEqual([
      `LECTURE ${OTHER} 2026-11`,
      `LECTURE ${COURSE.ern} 2026-11`,
    ]);
  });

  test('makes the source not fresh when that slice cannot be loaded', async () => {
    const failing: typeof slices = (key) => (key.month.name === '2026-11' ? down() : slices(key));
    const { events, status } = await reading({ audiences, slice: failing }, { window: DECEMBER });
    expect(events).toEqual([]);
    expect(status).toMatchObject({ status: 'UNAVAILABLE', reason: 'UNREACHABLE' });
  });

  test('is shown there also when a section, not the course, lists the item', async () => {
    const section = `${COURSE.ern}/section/2`;
    const listed: typeof slices = ({ audience, month }) =>
      slice(...(audience === OWN ? [extension] : audience === section && month.name === '2026-11' ? [due] : []));
    const { events } = await reading({ audiences: () => [section, OWN], slice: listed }, { window: DECEMBER });
    expect(events).toMatchObject([{ title: '과제 1', endsAt: extension.endsAt }]);
  });

  test('is no event, and counts as nothing, when none of the user’s audiences has the item any more', async () => {
    const gone: typeof slices = ({ audience }) => slice(...(audience === OWN ? [extension] : []));
    for (const window of [NOVEMBER, DECEMBER]) {
      const { events, status } = await reading({ audiences, slice: gone }, { window });
      expect([events, status?.dropped]).toEqual([[], 0]);
    }
  });

  test('is not loaded from an audience that is not the user’s', async () => {
    const { events, asked } = await reading({ audiences: () => [OWN], slice: slices }, { window: DECEMBER });
    expect(events).toEqual([]);
    expect(asked).toEqual([`LECTURE audiences of ${USER}`, `LECTURE ${OWN} 2026-12`]);
  });
});
