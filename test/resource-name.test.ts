// User ids and resource names have one grammar in all parts, and an id survives standing in a name.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeId, encodeId, isErn, isUserId } from '../src/resource-name.ts';

const LONE = String.fromCharCode(0xd800);

describe('a user id', () => {
  test.each([
    'student-1',
    'auth0|64a9f0',
    'kim@example.com',
    '김철수',
    'samlp|uni|o=x,cn=Müller',
    '학'.repeat(128),
    "a!'()*",
  ])('can be %s', (id) => {
    expect(isUserId(id)).toBe(true);
    expect(isErn(`ern:lms:user/${encodeId(id)}`)).toBe(true);
    expect(isErn(`ern:lms:user/${encodeId(id)}/note/1`)).toBe(true);
    expect(decodeId(encodeId(id))).toBe(id);
  });

  test.each([
    ['', 'empty'],
    ['x\0', 'with a control character'],
    [`x${LONE}`, 'with an unpaired surrogate'],
    ['x\u202ey', 'with a direction mark'],
    ['a b', 'with a space'],
    ['x'.repeat(129), 'longer than 128'],
    ['..', 'a step in a path'],
    ['../x', 'with a step in a path'],
    ['x\u202fy', 'with a narrow space'],
  ])('cannot be %j: %s', (id) => expect(isUserId(id)).toBe(false));

  test('that is encoded has plain characters only, and one name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 128 }), (id) => {
        fc.pre(isUserId(id));
        expect(encodeId(id)).toMatch(/^(?:[A-Za-z0-9._~@-]|%[0-9A-F]{2})+$/);
        expect(decodeId(encodeId(id))).toBe(id);
        expect(isErn(`ern:lms:user/${encodeId(id)}`)).toBe(true);
      }),
    );
  });
});

test.each([
  ['ern:lms:user/auth0%7c1', 'small letters'],
  ['ern:lms:user/%41', 'a letter that need not be encoded'],
  ['ern:lms:user/%00', 'an encoded control character'],
  ['ern:lms:user/%FF', 'bytes that are not UTF-8'],
  ['ern:lms:user/%7', 'half an escape'],
  ['ern:lms:user/auth0|1', 'a character that is not encoded'],
  [`ern:lms:user/${'%ED%95%99'.repeat(250)}`, 'more than 256 characters'],
])('a resource name cannot be %s: %s', (name) => expect(isErn(name)).toBe(false));
