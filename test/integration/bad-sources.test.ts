// Promise: for every answer of a source, no data reaches another user, a malformed item or slice
// affects only itself, and nothing malformed is cached.

import { afterEach, describe, expect, test } from '@jest/globals';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { MARCH, MINE, type Mine, type ShownCalendar } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import type { Fault } from '../harness/mock-source.ts';
import { drawn, expected } from '../harness/oracle.ts';
import { assignment, check, courseErn, type ItemRow, lecture, own, ownErn, type Rows } from '../harness/rows.ts';
import {
  long,
  nullFor,
  nulls,
  onlyErrors,
  short,
  shuffled,
  swapped,
  withItems,
  withoutEntities,
} from '../harness/wrong-answers.ts';

const LECTURES = { ...MARCH, filter: { kinds: ['LECTURE'] } };
const good = lecture({ course: 1, at: '2026-03-10T09:00+09:00' });

let clock: ManualClock;
let graph: MockGraph;
afterEach(() => graph.close());

async function start(rows: Partial<Rows>, gateway = true) {
  clock = manualClock();
  graph = await startGraph({ sources: 'mock', clock, rows, gateway });
}
async function read(user = 'student-1', variables: Record<string, unknown> = MARCH): Promise<ShownCalendar> {
  const { body } = await graph.query<Mine>(user, MINE, variables);
  expect(body.errors).toBeUndefined();
  return body.data.viewer.calendar;
}
const status = ({ sources }: ShownCalendar) => [sources[0]?.status, sources[0]?.reason];

// What is checked of items and bodies is the calendar's own affair: no gateway stands in front of
// it here.
describe('a malformed item is dropped and counted, and the others are shown', () => {
  const bad = (given: Partial<ItemRow>): ItemRow => ({
    ...lecture({ course: 1, at: '2026-03-20T09:00+09:00' }),
    ...given,
  });
  test.each<[string, ItemRow]>([
    ['ends before it starts', bad({ endsAt: '2026-03-19T00:00:00Z' })],
    ['starts on a day that does not exist', bad({ startsAt: '2026-02-30T00:00:00Z' })],
    ['starts without an offset', bad({ startsAt: '2026-03-20T09:00:00' })],
    ['ends in the year 9999', bad({ endsAt: '9999-12-31T00:00:00Z' })],
    ['has no title', bad({ title: null })],
    ['has a title of a megabyte', bad({ title: 'x'.repeat(500_000) })],
    ['has no course', bad({ course: null })],
    ['has a name that is none', bad({ ern: 'lecture 7' })],
    ['is of another course', bad({ ern: `${courseErn(2)}/lecture/7` })],
    ['was changed on no day', bad({ updatedAt: 'yesterday' })],
  ])('%s', async (_, row) => {
    await start({ enrollments: { 'student-1': [1] }, items: [good, row] }, false);
    const calendar = await read('student-1', LECTURES);
    expect(calendar.events.map((event) => event.ern)).toEqual([good.ern]);
    expect(calendar.sources).toMatchObject([{ status: 'FRESH', count: 1, dropped: 1 }]);
  });

  test.each<[string, (item: Readonly<Record<string, unknown>>) => unknown]>([
    ['is null', () => null],
    ['is a text', () => 'lecture'],
    ['says it is another audience’s', (item) => ({ ...item, audience: ownErn('student-2') })],
    [
      'lies outside of its slice',
      (item) => ({ ...item, startsAt: '2025-01-01T00:00:00Z', endsAt: '2025-01-01T01:00:00Z' }),
    ],
    ['is hidden neither yes nor no', (item) => ({ ...item, hidden: 'no' })],
    ['has a course for a text', (item) => ({ ...item, course: 'course 1' })],
    ['has the names of prototypes for fields', () => JSON.parse('{"__proto__": {"ern": "x"}, "constructor": 1}')],
  ])('%s', async (_, change) => {
    await start(
      {
        enrollments: { 'student-1': [1] },
        items: [good, lecture({ course: 1, at: '2026-03-20T09:00+09:00' })],
      },
      false,
    );
    await graph.sources.lecture.fault({
      answer: withItems(([first, ...rest]) => [first, ...rest.map((item) => change(item))]),
    });
    const calendar = await read('student-1', LECTURES);
    expect(calendar.events.map((event) => event.ern)).toEqual([good.ern]);
    expect(calendar.sources).toMatchObject([{ status: 'FRESH', count: 1, dropped: 1 }]);
  });

  test('with an unknown outcome or submission', async () => {
    const roll = check({ course: 1, at: '2026-03-10T09:00+09:00' });
    await start(
      {
        enrollments: { 'student-1': [1] },
        items: [good, roll, assignment({ course: 1, at: '2026-03-10T09:00+09:00' })],
      },
      false,
    );
    const odd = (field: string) => withItems((items) => items.map((item) => ({ ...item, [field]: '__proto__' })));
    await graph.sources.attendance.fault({ answer: odd('outcome') });
    await graph.sources.assignment.fault({ answer: odd('submission') });
    const calendar = await read();
    expect(calendar.events.map((event) => event.ern)).toEqual([good.ern]);
    expect(calendar.sources.map((source) => [source.count, source.dropped])).toEqual([
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
  });
});

test('an item without length is valid', async () => {
  await start(
    {
      enrollments: { 'student-1': [1] },
      items: [lecture({ course: 1, at: '2026-03-20T09:00+09:00', lasts: 0 })],
    },
    false,
  );
  expect((await read('student-1', LECTURES)).sources).toMatchObject([{ count: 1, dropped: 0 }]);
});

test('an item that is twice in a slice is one event, the newer one', async () => {
  await start({ enrollments: { 'student-1': [1] }, items: [good] }, false);
  const twice = withItems((items) =>
    items.flatMap((item) => [
      { ...item, title: 'newest', updatedAt: '2026-02-02T00:00:00Z' },
      { ...item, title: 'older', updatedAt: '2026-01-01T00:00:00Z' },
    ]),
  );
  await graph.sources.lecture.fault({ answer: twice });
  const { events } = await read('student-1', LECTURES);
  expect(events.map((event) => event.title)).toEqual(['newest']);
});

describe('an answer that is malformed as a whole', () => {
  test.each<[string, Fault]>([
    ['has no _entities', { answer: withoutEntities }],
    ['is data: null with errors', { answer: onlyErrors('boom') }],
    ['is null in every slot', { answer: nulls }],
    ['is cut off', { answer: (answer) => JSON.stringify(answer).slice(0, -20) }],
    ['is empty', { answer: () => '' }],
    ['is an array', { answer: () => [] }],
    ['is a page', { answer: () => '<html>', headers: { 'content-type': 'text/html' } }],
    ['is text by its media type', { headers: { 'content-type': 'text/plain' } }],
    ['is larger than we read', { answer: (answer) => ({ ...answer, padding: 'x'.repeat(2 ** 21) }) }],
    ['says it is compressed', { headers: { 'content-encoding': 'gzip' } }],
    ['sends us elsewhere', { status: 302, headers: { location: 'http://localhost:1/graphql' } }],
  ])('%s: UNAVAILABLE with BAD_RESPONSE, the other sources complete, and loaded again later', async (_, fault) => {
    const rest = [
      check({ course: 1, at: '2026-03-10T09:00+09:00' }),
      assignment({ course: 1, at: '2026-03-10T09:00+09:00' }),
    ];
    await start({ enrollments: { 'student-1': [1] }, items: [good, ...rest] }, false);
    await graph.sources.lecture.fault(fault);
    const calendar = await read();
    expect(calendar.sources.map((source) => [source.status, source.reason])).toEqual([
      ['UNAVAILABLE', 'BAD_RESPONSE'],
      ['FRESH', null],
      ['FRESH', null],
    ]);
    expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH, ['ATTENDANCE', 'ASSIGNMENT']));
    await graph.sources.lecture.heal();
    await clock.advance(5_000);
    expect(drawn((await read()).events)).toEqual(expected(graph.rows, 'student-1', MARCH));
  });
});

describe('answers and queries', () => {
  /** A class of courses 1 to 4; each has one lecture, titled by its course. */
  const four = {
    enrollments: { 'student-1': [1, 2, 3, 4], 'student-2': [2] },
    items: [1, 2, 3, 4].map((course) => lecture({ course, at: `2026-03-1${course}T09:00+09:00` })),
  };

  test.each([
    ['shuffled', shuffled],
    ['repeated, with a stranger at the end', long],
  ])('answers that are %s are matched by their keys', async (_, answer) => {
    await start(four);
    await graph.sources.lecture.fault({ answer });
    const calendar = await read('student-1', LECTURES);
    expect(status(calendar)).toEqual(['FRESH', null]);
    expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH));
  });

  test('a missing answer fails its own slice: the rest is shown, and the source is not FRESH', async () => {
    await start(four);
    // The audiences are read before: what is short is the answer about slices.
    await read('student-1', { ...LECTURES, from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' });
    await graph.sources.lecture.fault({ answer: short });
    const calendar = await read('student-1', LECTURES);
    expect(status(calendar)).toEqual(['UNAVAILABLE', 'BAD_RESPONSE']);
    expect(calendar.events.map((event) => event.course.ern)).toEqual([1, 2, 3].map(courseErn));
    await graph.sources.lecture.heal();
    await clock.advance(5_000);
    expect((await read('student-1', LECTURES)).completeness).toBe('COMPLETE');
  });

  test('null for an audience fails that slice, and does not count as empty', async () => {
    await start(four);
    await graph.sources.lecture.fault({ answer: nullFor(courseErn(2)) });
    const calendar = await read('student-1', LECTURES);
    expect(status(calendar)).toEqual(['UNAVAILABLE', 'BAD_RESPONSE']);
    expect(calendar.events.map((event) => event.course.ern)).toEqual([1, 3, 4].map(courseErn));
    const theirs = await read('student-2', LECTURES);
    expect([theirs.events, status(theirs)]).toEqual([[], ['UNAVAILABLE', 'BAD_RESPONSE']]);
  });

  test('items of another course are dropped, counted, and shown to nobody', async () => {
    await start(four);
    await graph.sources.lecture.fault({ answer: swapped(courseErn(2), courseErn(3)) });
    const mine = await read('student-1', LECTURES);
    expect(mine.events.map((event) => event.course.ern)).toEqual([1, 3, 4].map(courseErn));
    expect(mine.sources[0]).toMatchObject({ status: 'FRESH', dropped: 1 });
    expect((await read('student-2', LECTURES)).events).toEqual([]);
  });

  test('one student’s own items in another’s slice never reach the other, even in one call', async () => {
    const students = Array.from({ length: 8 }, (_, i) => `student-${i + 1}`);
    const base = lecture({ course: 1, at: '2026-03-10T09:00+09:00' });
    await start({
      enrollments: Object.fromEntries(students.map((id) => [id, [1]])),
      items: [base, ...students.map((id) => own(id, base, { title: `own of ${id}` }))],
    });
    const calendar = `calendar(from: "${MARCH.from}", to: "${MARCH.to}", maxAge: 0) { events { title } sources { kind dropped } }`;
    const everybody = `{ ${students.map((id, i) => `s${i}: user(id: "${id}") { ${calendar} }`).join(' ')} }`;
    for (const [i, id] of students.entries()) {
      // Nobody is left alone because of the answer before.
      await clock.advance(5_000);
      await graph.sources.lecture.fault({ answer: swapped(ownErn(id), ownErn(students[(i + 1) % 8] as string)) });
      const { body } = await graph.query<Record<string, { calendar: ShownCalendar }>>('admin-1', everybody);
      students.forEach((reader, r) => {
        const shown = body.data[`s${r}`]?.calendar;
        // The first has no copy of their own yet; all others keep the one they have.
        const isLeftOut = i === 0 && r === 0;
        expect(shown?.events.map((event) => event.title)).toEqual(isLeftOut ? [] : [`own of ${reader}`]);
        expect(shown?.sources[0]?.dropped).toBe(isLeftOut ? 1 : 0);
      });
    }
  });

  test('a list of audiences with a malformed name is refused as a whole', async () => {
    await start(four);
    await graph.sources.lecture.fault({
      answer: ({ data }) => ({
        data: {
          _entities: data._entities.map((one) =>
            one?.id ? { ...one, lectureAudiences: [courseErn(1), 'course 2'] } : one,
          ),
        },
      }),
    });
    const calendar = await read('student-1', LECTURES);
    expect([calendar.events, status(calendar)]).toEqual([[], ['UNAVAILABLE', 'BAD_RESPONSE']]);
  });
});

test('a slice with too many items is cut and marked as truncated', async () => {
  const items = Array.from({ length: 2_001 }, (_, i) =>
    lecture({ course: 1, at: '2026-03-10T09:00+09:00', ern: `${courseErn(1)}/lecture/${i}`, title: 'x' }),
  );
  clock = manualClock();
  graph = await startGraph({
    sources: 'mock',
    clock,
    sourceAnswerBytes: 4 * 2 ** 20,
    rows: { enrollments: { 'student-1': [1] }, items },
  });
  const { body } = await graph.query<Mine>(
    'student-1',
    `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to, filter: { kinds: [LECTURE] }) { events { ern } sources { count truncated } } } }`,
    MARCH,
  );
  expect(body.data.viewer.calendar.events).toHaveLength(2_000);
  expect(body.data.viewer.calendar.sources).toEqual([{ count: 2_000, truncated: true }]);
});

test('a batch whose answer is far too large is asked for in parts, and all of it is answered', async () => {
  const courses = Array.from({ length: 48 }, (_, course) => course + 1);
  const items = courses.flatMap((course) =>
    Array.from({ length: 20 }, (_, i) =>
      lecture({
        course,
        at: '2026-03-10T09:00+09:00',
        ern: `${courseErn(course)}/lecture/${i}`,
        title: 'x'.repeat(200),
      }),
    ),
  );
  clock = manualClock();
  graph = await startGraph({
    sources: 'mock',
    clock,
    // All 48 slices are about sixteen times as large.
    sourceAnswerBytes: 32 * 2 ** 10,
    rows: { enrollments: { 'student-1': courses }, items },
  });
  const calendar = await read('student-1', LECTURES);
  expect([calendar.events.length, status(calendar)]).toEqual([960, ['FRESH', null]]);
});
