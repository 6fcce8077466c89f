// Looking up access: nothing is loaded without need, and a failed look-up is never a permission.
import { describe, expect, test } from '@jest/globals';
import type { Principal, Role } from '../../../src/auth/principal.ts';
import { READ_ANY } from '../../../src/auth/rights.ts';
import type { Relations } from '../../../src/calendar/model/relations.ts';
import { findAccess } from '../../../src/calendar/read/find-access.ts';
import { SourceError } from '../../../src/errors.ts';
import { settled } from '../../harness/clock.ts';
import { COURSE } from '../examples.ts';
import { stubCaches } from '../stub-caches.ts';

const viewer = (...roles: Role[]): Principal => ({ id: 'viewer', roles, scopes: [READ_ANY] });
const down = () => {
  throw new SourceError('UNREACHABLE', 'lecture.internal:4101');
};

describe('nothing is looked up', () => {
  test.each([
    ['for oneself', viewer(), 'viewer', 'ALL'],
    ['for a student', viewer('student'), 'other', null],
  ])('%s', async (_, who, userId, access) => {
    const { caches, asked } = stubCaches({ relations: down, audiences: down });
    expect(await findAccess(caches, who, userId)).toBe(access);
    expect(asked).toEqual([]);
  });
});

describe('an administrator reads', () => {
  const ask = (answers: Parameters<typeof stubCaches>[0]) =>
    findAccess(stubCaches(answers).caches, viewer('admin'), 'other');

  test('everybody whom a source knows by a course, as staff or as an observer', async () => {
    expect(await ask({ audiences: ({ kind }) => (kind === 'ASSIGNMENT' ? [COURSE.ern] : []) })).toBe('ALL');
    expect(await ask({ relations: () => ({ teaches: [], observes: ['child'] }) })).toBe('ALL');
  });

  test('everybody while a source does not answer', async () => {
    expect(await ask({ audiences: down })).toBe('ALL');
    expect(await ask({ relations: down })).toBe('ALL');
  });

  test('no user whom no source knows', async () => {
    expect(await ask({})).toBeNull();
  });
});

describe('the user’s audiences are looked up', () => {
  const relations = () => ({ teaches: [COURSE.ern], observes: ['child'] });
  const audiences = () => [COURSE.ern, 'ern:lms:course/1'];

  test('when the viewer teaches, and give access to the common courses', async () => {
    const { caches, asked } = stubCaches({ relations, audiences });
    expect(await findAccess(caches, viewer('teacher'), 'other')).toEqual(new Set([COURSE.ern]));
    expect(asked).toEqual(['relations of viewer', 'memberships of other']);
  });

  test('not when the viewer observes the user', async () => {
    const { caches, asked } = stubCaches({ relations, audiences });
    expect(await findAccess(caches, viewer('teacher', 'observer'), 'child')).toBe('ALL');
    expect(asked).toEqual(['relations of viewer']);
  });

  test('not for a teacher of whom it is known that there are no courses', async () => {
    const { caches, asked } = stubCaches({ relations: () => ({ teaches: [], observes: [] }), audiences });
    await caches.relations.read('viewer');
    expect(await findAccess(caches, viewer('teacher'), 'other')).toBeNull();
    expect(asked).toEqual(['relations of viewer']);
  });

  test('together with the viewer’s when those are not known, so that both take the time of one call', async () => {
    let answer: (found: Relations) => void = () => {};
    const waiting = new Promise<Relations>((resolve) => {
      answer = resolve;
    });
    const { caches, asked } = stubCaches({ relations: () => waiting, audiences });
    const found = findAccess(caches, viewer('teacher'), 'other');
    await settled();
    expect(asked).toEqual(['relations of viewer', 'memberships of other']);
    answer(relations());
    expect(await found).toEqual(new Set([COURSE.ern]));
  });
});

describe('access that cannot be looked up', () => {
  test.each([
    ['relations', { relations: down }],
    ['audiences', { relations: () => ({ teaches: [COURSE.ern], observes: [] }), audiences: down }],
  ])('of %s is UNAVAILABLE, without the internal reason', async (_, answers) => {
    const found = findAccess(stubCaches(answers).caches, viewer('teacher'), 'other');
    await expect(found).rejects.toMatchObject({
      message: 'Your permissions cannot be looked up at the moment.',
      extensions: { code: 'UNAVAILABLE' },
    });
  });
});
