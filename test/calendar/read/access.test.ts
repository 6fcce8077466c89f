// Who may see whose calendar: decided by the token or by relationships, and nothing by default.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Principal, Role } from '../../../src/auth/principal.ts';
import { READ_ANY } from '../../../src/auth/rights.ts';
import { accessByRelationships, accessByToken } from '../../../src/calendar/read/access.ts';

const viewer = (...roles: Role[]): Principal => ({ id: 'viewer', roles, scopes: [] });
const [A, B] = ['ern:lms:course/1', 'ern:lms:course/2'];
const none = { teaches: [], observes: [], audiences: [] };

describe('by the token alone', () => {
  test('users see all of their own calendar', () => {
    for (const roles of [[], ['student'], ['teacher'], ['observer'], ['admin']] as Role[][]) {
      expect(accessByToken(viewer(...roles), 'viewer')).toBe('ALL');
    }
  });

  test('an administrator sees everyone with role and scope together, and nobody with one of them', () => {
    expect(accessByToken({ ...viewer('admin'), scopes: [READ_ANY] }, 'other')).toBe('ALL');
    expect(accessByToken(viewer('admin'), 'other')).toBeNull();
    expect(accessByToken({ ...viewer('student'), scopes: [READ_ANY] }, 'other')).toBeNull();
  });

  test('students see nobody else, without a look-up', () => {
    expect(accessByToken(viewer('student'), 'other')).toBeNull();
    expect(accessByToken(viewer(), 'other')).toBeNull();
  });

  test('teachers and observers need a look-up', () => {
    expect(accessByToken(viewer('teacher'), 'other')).toBeUndefined();
    expect(accessByToken(viewer('student', 'observer'), 'other')).toBeUndefined();
  });
});

describe('by relationships', () => {
  test('an observer sees the users they observe and nobody else', () => {
    const relationships = { ...none, observes: ['child'] };
    expect(accessByRelationships(viewer('observer'), 'child', relationships)).toBe('ALL');
    expect(accessByRelationships(viewer('observer'), 'other', relationships)).toBeNull();
  });

  test('a teacher sees the taught courses of their students', () => {
    const relationships = { ...none, teaches: [A, B], audiences: [B, 'ern:lms:course/3'] };
    expect(accessByRelationships(viewer('teacher'), 'other', relationships)).toEqual(new Set([B]));
    expect(accessByRelationships(viewer('teacher'), 'other', { ...relationships, audiences: [] })).toBeNull();
  });

  test('a teacher of a course sees it for members of its sections, and no course with a similar name', () => {
    const relationships = { ...none, teaches: [A], audiences: [`${A}/section/2`] };
    expect(accessByRelationships(viewer('teacher'), 'other', relationships)).toEqual(new Set([A]));
    expect(
      accessByRelationships(viewer('teacher'), 'other', { ...relationships, audiences: [`${A}0`, `${A}0/section/2`] }),
    ).toBeNull();
  });

  test('count only with the role they belong to', () => {
    expect(accessByRelationships(viewer('teacher'), 'child', { ...none, observes: ['child'] })).toBeNull();
    expect(accessByRelationships(viewer('observer'), 'child', { ...none, teaches: [A], audiences: [A] })).toBeNull();
  });

  test('never show a course that is not both taught by the viewer and attended by the user', () => {
    const courses = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(courses, courses, (teaches, audiences) => {
        const shown = accessByRelationships(viewer('teacher'), 'other', { teaches, audiences, observes: [] });
        const common = teaches.filter((course) => audiences.includes(course));
        expect(shown).toEqual(common.length === 0 ? null : new Set(common));
      }),
    );
  });
});
