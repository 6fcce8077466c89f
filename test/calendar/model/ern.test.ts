// Resource names: syntax, parents, and audiences of one user.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  belongsToUser,
  isErn,
  isUserAudience,
  MAX_ERN_BYTES,
  parentOf,
  userAudience,
} from '../../../src/calendar/model/ern.ts';

const segment = fc.stringMatching(/^[A-Za-z0-9._~@-]{1,8}$/);
const pairs = fc.array(fc.tuple(segment, segment), { minLength: 1, maxLength: 4 });
const nameOf = (tenant: string, path: readonly (readonly [string, string])[]) =>
  `ern:${tenant}:${path.map(([type, id]) => `${type}/${id}`).join('/')}`;

describe('a resource name', () => {
  test.each(['ern:lms:course/42', 'ern:lms:course/42/lecture/123', 'ern:a.b:user/kim@example.org', 'ern:t:x/_~-.@'])(
    'can be %s',
    (text) => expect(isErn(text)).toBe(true),
  );

  test.each([
    ['', 'nothing'],
    ['ern:lms:course', 'a type without an id'],
    ['ern:lms:course/', 'an empty id'],
    ['ern:lms:course/42/lecture', 'half a pair'],
    ['ern:lms:course//42', 'an empty segment'],
    ['ern::course/42', 'no tenant'],
    ['ERN:lms:course/42', 'another scheme'],
    ['ern:lms:course/42\n', 'a line end'],
    [' ern:lms:course/42', 'a space'],
    ['ern:lms:course/한국', 'letters beyond ASCII'],
    ['ern:lms:course/42!', 'the separator of event ids'],
    ['ern:lms:course/42?x=1', 'a query'],
  ])('cannot be %j: %s', (text) => expect(isErn(text)).toBe(false));

  test.each([null, undefined, 42, {}, ['ern:lms:course/42'], { toString: () => 'ern:lms:course/42' }])(
    'is never %j, which is not a text',
    (value) => expect(isErn(value)).toBe(false),
  );

  test('has at most 256 bytes', () => {
    const longest = `ern:lms:course/${'x'.repeat(MAX_ERN_BYTES - 'ern:lms:course/'.length)}`;
    expect(isErn(longest)).toBe(true);
    expect(isErn(`${longest}x`)).toBe(false);
  });

  test('of a megabyte is refused without scanning it', () => {
    expect(isErn(`ern:lms:${'a/'.repeat(500_000)}`)).toBe(false);
  });
});

describe('the parent', () => {
  test('is the name without its last pair; a name with one pair has none', () => {
    fc.assert(
      fc.property(segment, pairs, (tenant, path) => {
        const expected = path.length === 1 ? null : nameOf(tenant, path.slice(0, -1));
        expect(isErn(nameOf(tenant, path))).toBe(true);
        expect(parentOf(nameOf(tenant, path))).toBe(expected);
      }),
    );
  });
});

describe('the audience of one user', () => {
  test('is distinguished from every other audience', () => {
    fc.assert(
      fc.property(segment, segment, (tenant, user) => expect(isUserAudience(userAudience(tenant, user))).toBe(true)),
    );
    for (const other of ['ern:lms:course/42', 'ern:lms:course/42/user/7', 'ern:lms:user/7/note/1', 'ern:lms:users/7']) {
      expect(isUserAudience(other)).toBe(false);
    }
  });
});

test('resources below a user belong to that user; resources below a course do not', () => {
  for (const theirs of ['ern:lms:user/7', 'ern:lms:user/7/note/1']) expect(belongsToUser(theirs)).toBe(true);
  for (const shared of ['ern:lms:course/42/lecture/1', 'ern:lms:course/42/user/7', 'ern:lms:users/7/note/1']) {
    expect(belongsToUser(shared)).toBe(false);
  }
});
