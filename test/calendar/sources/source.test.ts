// One source: many queries in one request, a result or an error for each.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SourceQuery } from '../../../src/calendar/sources/entities.ts';
import { SOURCE_ADAPTERS } from '../../../src/calendar/sources/kinds.ts';
import { createSource } from '../../../src/calendar/sources/source.ts';
import { SourceError } from '../../../src/errors.ts';

const { LECTURE } = SOURCE_ADAPTERS;

const clock = { elapsed: () => 0 };
const users: SourceQuery[] = ['1', '2'].map((userId) => ({ ask: 'audiences', userId }));

describe('a source', () => {
  test('sends one request for all queries and returns results in their order', async () => {
    const sent: string[] = [];
    const source = createSource(
      LECTURE,
      async (body) => {
        sent.push(body);
        const entities = ['2', '1'].map((id) => ({
          __typename: 'User',
          id,
          lectureAudiences: [`ern:lms:course/${id}`],
        }));
        return JSON.stringify({ data: { _entities: entities } });
      },
      clock,
    );
    expect(await source.ask(users)).toEqual([
      { all: ['ern:lms:course/1'], taught: [] },
      { all: ['ern:lms:course/2'], taught: [] },
    ]);
    expect(sent).toHaveLength(1);
    expect(source.kind).toBe('LECTURE');
  });

  test('that fails gives every query the reason', async () => {
    const failure = new SourceError('OVERLOADED', 'busy', { retryAfterMs: 5_000 });
    expect(await createSource(LECTURE, () => Promise.reject(failure), clock).ask(users)).toEqual([failure, failure]);
  });

  test('whose schema has no teachers and observers answers everything else', async () => {
    const source = createSource(
      LECTURE,
      async (body) => {
        if (body.includes('observes')) throw new SourceError('BAD_RESPONSE', 'status 400');
        const { variables } = JSON.parse(body) as { variables: { representations: { id: string }[] } };
        const entities = variables.representations.map(({ id }) => ({ __typename: 'User', id, lectureAudiences: [] }));
        return JSON.stringify({ data: { _entities: entities } });
      },
      clock,
    );
    const none = { all: [], taught: [] };
    const failed = expect.objectContaining({ reason: 'BAD_RESPONSE' });
    expect(await source.ask([...users, { ask: 'relations', userId: '1' }])).toEqual([none, none, failed]);
  });

  test.each([
    ['answers nonsense', () => Promise.resolve('<html>')],
    ['has a transport that breaks', () => Promise.reject(new TypeError('x'))],
    [
      'has a transport that throws at once',
      () => {
        throw new TypeError('x');
      },
    ],
  ])('that %s gives BAD_RESPONSE', async (_, post) => {
    const reasons = (await createSource(LECTURE, post, clock).ask(users)).map(
      (answer) => answer instanceof SourceError && answer.reason,
    );
    expect(reasons).toEqual(['BAD_RESPONSE', 'BAD_RESPONSE']);
  });
});

describe('a request that is refused as a whole', () => {
  const many: SourceQuery[] = Array.from({ length: 200 }, (_, n) => ({ ask: 'audiences', userId: `student-${n}` }));
  /** A source that answers nothing while one of these users is asked for. */
  const refusing = (bad: (id: string) => boolean) => {
    let calls = 0;
    const source = createSource(
      LECTURE,
      async (body) => {
        calls += 1;
        const { variables } = JSON.parse(body) as { variables: { representations: { id: string }[] } };
        const ids = variables.representations.map(({ id }) => id);
        if (ids.some(bad)) return JSON.stringify({ errors: [{ message: 'invalid byte sequence' }], data: null });
        const entities = ids.map((id) => ({ __typename: 'User', id, lectureAudiences: [] }));
        return JSON.stringify({ data: { _entities: entities } });
      },
      clock,
    );
    return { source, calls: () => calls };
  };

  test('is divided until the error is that of one query', async () => {
    for (const place of [0, 1, 77, 199]) {
      const { source } = refusing((id) => id === `student-${place}`);
      const failed = (await source.ask(many)).flatMap((result, index) => (result instanceof Error ? [index] : []));
      expect(failed).toEqual([place]);
    }
  });

  test('keeps the answers of all other queries, whichever few are bad', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(199), { maxLength: 3 }), async (places) => {
        const { source } = refusing((id) => places.includes(Number(id.split('-')[1])));
        const failed = (await source.ask(many)).flatMap((result, index) => (result instanceof Error ? [index] : []));
        expect(failed).toEqual([...places].sort((a, b) => a - b));
      }),
      { numRuns: 100 },
    );
  });

  test('costs a source that refuses everything hardly more calls than one bad query does', async () => {
    const { source, calls } = refusing(() => true);
    expect((await source.ask(many)).every((result) => result instanceof SourceError)).toBe(true);
    expect(calls()).toBeLessThanOrEqual(1 + 2 * 8 + 8);
  });
});
