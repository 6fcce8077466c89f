// The batch protocol: one request for many queries, results matched by key and never by position.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'graphql';
import type { Item } from '../../../src/calendar/model/event.ts';
import type { Slice } from '../../../src/calendar/model/slice.ts';
import {
  MAX_AUDIENCES,
  MAX_SLICE_ITEMS,
  operationsOf,
  parseResults,
  requestOf,
  type SourceQuery,
} from '../../../src/calendar/sources/entities.ts';
import { SOURCE_ADAPTERS } from '../../../src/calendar/sources/kinds.ts';
import { COURSE, OWN, USER } from '../examples.ts';

const { ASSIGNMENT, ATTENDANCE, LECTURE } = SOURCE_ADAPTERS;

const at = (text: string) => Date.parse(text);
const NOVEMBER = { name: '2026-11', from: at('2026-10-31T15:00:00Z'), to: at('2026-11-30T15:00:00Z') };
const course = (number: number) => `ern:lms:course/${number}`;

const slice = (audience: string = COURSE.ern, month = NOVEMBER): SourceQuery => ({ ask: 'slice', audience, month });
const audiences = (userId: string = USER): SourceQuery => ({ ask: 'audiences', userId });
const relations = (userId: string = USER): SourceQuery => ({ ask: 'relations', userId });
const item = (number: number, audience: string = COURSE.ern): SourceQuery => ({
  ask: 'item',
  ern: `${COURSE.ern}/lecture/${number}`,
  audience,
});

/** An item of the audience as the lecture service sends it; its title tells whose it is. */
const sentItem = (audience: string, number = 1) => ({
  ern: `${audience}/lecture/${number}`,
  audience,
  title: `of ${audience}`,
  startsAt: '2026-11-22T09:00:00+09:00',
  endsAt: '2026-11-22T10:00:00+09:00',
  course: { ern: audience, title: audience, color: '#336699' },
  room: null,
  updatedAt: '2026-11-01T00:00:00Z',
  hidden: false,
});

/**
 * What an obedient service answers: its months written with another offset than they were asked
 * with.
 */
function entityFor(query: SourceQuery): Record<string, unknown> {
  switch (query.ask) {
    case 'audiences':
    case 'relations':
      return { __typename: 'User', id: query.userId, lectureAudiences: [COURSE.ern], teaches: [], observes: [] };
    case 'slice': {
      const [from, to] = [query.month.from, query.month.to].map((instant) =>
        new Date(instant + 9 * 3_600_000).toISOString().replace('.000Z', '+09:00'),
      );
      return {
        __typename: 'LectureSlice',
        audience: query.audience,
        from,
        to,
        items: [sentItem(query.audience)],
      };
    }
    case 'item':
      return { __typename: 'LectureItem', ...sentItem(query.audience), ern: query.ern };
  }
}

const body = (entities: readonly unknown[], errors?: unknown) =>
  JSON.stringify({ data: { _entities: entities }, errors });
const answers = (queries: readonly SourceQuery[], entities: readonly unknown[], errors?: unknown) =>
  parseResults(LECTURE, queries, body(entities, errors));
const failed = (text: string): unknown =>
  expect.objectContaining({ reason: 'BAD_RESPONSE', message: expect.stringContaining(text) });

describe('a request', () => {
  const requested = (queries: readonly SourceQuery[], adapter = LECTURE) =>
    JSON.parse(requestOf(adapter, operationsOf(adapter), queries));

  test('is one operation with the same text for all queries', () => {
    expect(requested([slice()]).query).toBe(requested([audiences(), item(1)]).query);
    for (const adapter of [LECTURE, ATTENDANCE, ASSIGNMENT])
      for (const text of Object.values(operationsOf(adapter))) expect(parse(text).definitions).toHaveLength(1);
  });

  test('contains the keys of its queries, with instants in UTC', () => {
    expect(requested([audiences(), slice(), item(1)]).variables.representations).toEqual([
      { __typename: 'User', id: USER },
      {
        __typename: 'LectureSlice',
        audience: COURSE.ern,
        from: '2026-10-31T15:00:00.000Z',
        to: '2026-11-30T15:00:00.000Z',
      },
      { __typename: 'LectureItem', ern: `${COURSE.ern}/lecture/1`, audience: COURSE.ern },
    ]);
  });

  test('contains each query once', () => {
    const queries = [slice(), slice(), audiences(), relations(), audiences(), item(1), item(1), item(1, OWN)];
    expect(requested(queries).variables.representations).toHaveLength(4);
  });

  test('asks for relationships only when they are needed, and only the source that has them', () => {
    expect(requested([audiences(), slice(), item(1)]).query).not.toMatch(/teaches|observes/);
    expect(requested([audiences('other'), relations()]).query).toMatch(/ teaches observes /);
  });
});

describe('an answer', () => {
  test('is assigned to every query it answers, also with two queries of one user', () => {
    const [first, second, third] = answers([audiences(), relations(), audiences()], [entityFor(audiences())]);
    const audience = { all: [COURSE.ern], taught: [] };
    expect([first, second, third]).toEqual([audience, { teaches: [], observes: [] }, audience]);
  });

  test('lists an audience once', () => {
    const twice = { ...entityFor(audiences()), lectureAudiences: [COURSE.ern, OWN, COURSE.ern] };
    expect(answers([audiences()], [twice])).toEqual([{ all: [COURSE.ern, OWN], taught: [] }]);
  });

  test('says which of the audiences the user teaches; a source without teachers may give null', () => {
    const taught = (lectureTaught: unknown) => answers([audiences()], [{ ...entityFor(audiences()), lectureTaught }]);
    expect(taught([COURSE.ern, 'ern:lms:course/other'])).toEqual([{ all: [COURSE.ern], taught: [COURSE.ern] }]);
    expect(taught(null)).toEqual([{ all: [COURSE.ern], taught: [] }]);
    for (const wrong of ['42', [7], {}]) expect(taught(wrong)).toEqual([failed('lectureTaught')]);
  });

  test('knows of no teachers and observers where it gives null', () => {
    const none = { ...entityFor(relations()), teaches: null, observes: null };
    expect(answers([relations()], [none])).toEqual([{ teaches: [], observes: [] }]);
  });

  test('leaves out malformed items and counts them', () => {
    const items = [sentItem(COURSE.ern), { ...sentItem(COURSE.ern, 2), updatedAt: 'x' }, null, 7, sentItem(course(4))];
    const [given] = answers([slice()], [{ ...entityFor(slice()), items }]) as [Slice];
    expect([given.items.length, given.dropped, given.truncated]).toEqual([1, 4, false]);
  });

  test('is cut at the maximum size of a slice, and marked as truncated', () => {
    const items = Array.from({ length: MAX_SLICE_ITEMS + 1 }, (_, index) => sentItem(COURSE.ern, index));
    const [cut, whole] = [items, items.slice(1)].map(
      (these) => answers([slice()], [{ ...entityFor(slice()), items: these }])[0] as Slice,
    );
    expect([cut?.items.length, cut?.truncated]).toEqual([MAX_SLICE_ITEMS, true]);
    expect([whole?.items.length, whole?.truncated]).toEqual([MAX_SLICE_ITEMS, false]);
  });

  test('is recognised in the first and the last accepted month', () => {
    for (const edge of ['1969-12-31T15:00:00Z', '2199-12-31T15:00:00Z']) {
      const query = slice(COURSE.ern, { name: 'edge', from: at(edge), to: at(edge) + 31 * 86_400_000 });
      expect(answers([query], [{ ...entityFor(query), items: [] }])).toEqual([
        { items: [], dropped: 0, truncated: false, droppedErns: [], revision: null },
      ]);
    }
  });
});

describe('an item that does not exist', () => {
  test('is null, at any position in the answer', () => {
    expect(answers([item(1), slice()], [entityFor(slice()), null])).toEqual([null, expect.anything()]);
  });

  test('is an error when there are fewer nulls than missing answers', () => {
    expect(answers([item(1), item(2)], [null])).toEqual([failed('lecture/1'), failed('lecture/2')]);
    expect(answers([item(1)], [])).toEqual([failed('lecture/1')]);
  });

  test('is an error when an error refers to that null, or has no path', () => {
    expect(answers([item(1)], [null], [{ path: ['_entities', 0] }])).toEqual([failed('no answer')]);
    for (const nowhere of [[{}], [null], [{ path: ['x', 0] }], 'down', {}]) {
      expect(answers([item(1)], [null], nowhere)).toEqual([failed('no answer')]);
    }
  });

  test('is null in spite of an error at another entity', () => {
    const [missing, other] = answers([item(1), slice()], [null, null], [{ path: ['_entities', 1] }]);
    expect([missing, other]).toEqual([failed('no answer'), failed('no answer')]);
    expect(answers([item(1), slice()], [null, entityFor(slice())], [{ path: ['_entities', 1, 'items'] }])).toEqual([
      failed('no answer'),
      failed('no answer'),
    ]);
  });

  test('is an error for a slice or a list of audiences, never an empty one', () => {
    expect(answers([slice()], [null])).toEqual([failed('no answer')]);
    expect(answers([audiences()], [null])).toEqual([failed('no answer')]);
  });
});

describe('a malformed answer fails only the queries it does not answer', () => {
  test.each([
    ['an error lies in it', {}, [{ path: ['_entities', 0, 'items', 0, 'submission'] }]],
    ['its items are null', { items: null }, undefined],
    ['its items are no list', { items: { length: 1 } }, undefined],
    ['it is of another audience', { audience: course(4) }, undefined],
    ['it is of another month', { from: '2026-09-30T15:00:00Z' }, undefined],
    ['it is of another type', { __typename: 'User' }, undefined],
    ['it is of a type of prototypes', { __typename: '__proto__' }, undefined],
    ['its key cannot be made a text', { audience: { toString: 1 } }, undefined],
    ['its key is a list of the right one', { audience: [COURSE.ern] }, undefined],
  ])('when %s', (_, given, errors) => {
    const other = slice(course(1));
    const [bad, good] = answers([slice(), other], [{ ...entityFor(slice()), ...given }, entityFor(other)], errors);
    expect(bad).toBeInstanceOf(Error);
    expect(good).toMatchObject({ items: [{ audience: course(1) }] });
  });

  test.each([
    ['null', null],
    ['no list', COURSE.ern],
    ['not of names', [COURSE.ern, 42]],
    ['longer than anybody’s', Array.from({ length: MAX_AUDIENCES + 1 }, (_, index) => course(index))],
    ['another user’s own among them', [COURSE.ern, 'ern:lms:user/student-8']],
  ])('when audiences are %s', (_, lectureAudiences) => {
    expect(answers([audiences()], [{ ...entityFor(audiences()), lectureAudiences }])).toEqual([
      failed('lectureAudiences'),
    ]);
  });

  test.each([{ observes: [7] }, { teaches: ['42'] }, { teaches: undefined }])('when relations are %j', (given) => {
    expect(answers([relations()], [{ ...entityFor(relations()), ...given }])).toEqual([failed('teaches or observes')]);
  });

  test('when a named item is malformed', () => {
    expect(answers([item(1)], [{ ...entityFor(item(1)), hidden: 'no' }])).toEqual([failed('malformed hidden')]);
  });
});

test.each([
  ['', 'not JSON'],
  ['<html>', 'not JSON'],
  ['{"data":{"_entities":[', 'not JSON'],
  ['null', 'no _entities'],
  ['[]', 'no _entities'],
  ['{"data":null,"errors":[{"message":"x"}]}', 'no _entities'],
  ['{"data":{"_entities":null}}', 'no _entities'],
  ['{"data":{"_entities":{"0":{}}}}', 'no _entities'],
])('a body that is not an _entities answer is refused as a whole: %s', (text, reason) => {
  expect(() => parseResults(LECTURE, [slice()], text)).toThrow(`BAD_RESPONSE: ${reason}`);
});

describe('a service that answers UNAVAILABLE, as it does without its database, is UNREACHABLE', () => {
  const unavailable = (path?: readonly (string | number)[]) => [
    { message: 'The data cannot be reached.', path, extensions: { code: 'UNAVAILABLE' } },
  ];

  test('for all queries when it answers none', () => {
    const text = JSON.stringify({ data: null, errors: unavailable() });
    expect(() => parseResults(LECTURE, [slice()], text)).toThrow('UNREACHABLE: no _entities');
  });

  test('for the missing entity only', () => {
    const [missing, given] = answers(
      [slice(course(1)), slice(course(2))],
      [null, entityFor(slice(course(2)))],
      unavailable(['_entities', 0, 'items']),
    );
    expect(missing).toMatchObject({ reason: 'UNREACHABLE' });
    expect(given).not.toBeInstanceOf(Error);
  });
});

describe('an answer never reaches another audience’s query', () => {
  const query = fc.oneof(
    fc.integer({ min: 1, max: 6 }).map((number) => slice(course(number))),
    fc.integer({ min: 1, max: 6 }).map((number) => audiences(`student-${number}`)),
    fc.integer({ min: 1, max: 6 }).map((number) => item(number)),
  );
  const foreign = fc.oneof(
    query.map(entityFor),
    fc.constant(null),
    fc.jsonValue(),
    fc.tuple(query, query).map(([one, other]) => ({ ...entityFor(one), ...entityFor(other) })),
    fc
      .tuple(query, fc.integer({ min: 1, max: 6 }))
      .map(([one, number]) => ({ ...entityFor(one), items: [sentItem(course(number))] })),
  );

  test('when answers are shuffled, cut, repeated or mixed with others', () => {
    fc.assert(
      fc.property(
        fc.array(query, { minLength: 1 }),
        fc.array(foreign),
        fc.infiniteStream(fc.nat()),
        (asked, alien, dice) => {
          const roll = () => Number(dice.next().value);
          const kept = [...asked.map(entityFor).filter(() => roll() % 5 > 0), ...alien];
          const shuffled = kept.map((entity) => ({ entity, at: roll() })).sort((a, b) => a.at - b.at);
          const given = answers(
            asked,
            shuffled.map(({ entity }) => entity),
          );
          expect(given).toHaveLength(asked.length);
          asked.forEach((one, index) => {
            expectToBelong(one, given[index]);
          });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('and complete answers in any order all arrive', () => {
    const shuffled = fc
      .uniqueArray(query, { minLength: 1, selector: (one) => JSON.stringify(one) })
      .chain((asked) => fc.tuple(fc.constant(asked), fc.shuffledSubarray(asked, { minLength: asked.length })));
    fc.assert(
      fc.property(shuffled, ([asked, order]) => {
        const given = answers(asked, order.map(entityFor));
        expect(given.filter((answer) => answer instanceof Error || answer === null)).toEqual([]);
      }),
    );
  });
});

/** An error, or exactly what the query is about. */
function expectToBelong(query: SourceQuery, answer: unknown): void {
  if (answer instanceof Error || answer === null) return;
  if (query.ask === 'slice') {
    const { items } = answer as Slice;
    expect(items.filter((one) => one.audience !== query.audience || one.title !== `of ${query.audience}`)).toEqual([]);
  }
  if (query.ask === 'item') expect((answer as Item).ern).toBe(query.ern);
}
