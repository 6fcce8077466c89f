// Whatever an identity provider calls a user: enrolled, given items of their own, and told of.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { encodeId } from '../../../src/resource-name.ts';
import { CALENDAR, type Services } from '../harness.ts';

const C1 = 'ern:lms:course/1';
const A1 = `${C1}/assignment/1`;
const MARCH = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };

/** Registers the suite; `services` is asked when the tests run. */
export function describeUserIds(services: () => Services): void {
  describe('user ids', () => {
    beforeEach(() => services().reset());

    test.each(['auth0|64a9f0', 'kim@example.com', '김철수', "o'hara!*()", 'https://idp.example/7', '😀'])(
      'a user called %s has a calendar of their own',
      async (id) => {
        const own = `ern:lms:user/${encodeId(id)}`;
        const { database } = services();
        await services().ask(
          'lecture',
          'teacher-1',
          'mutation ($id: ID!) { enroll(course: "ern:lms:course/1", user: $id) { user } }',
          { id },
        );
        await database.script(`INSERT INTO assignment.item (ern, course, title, starts_at, ends_at)
          VALUES ('${A1}', '${C1}', '과제', '2026-03-01T00:00Z', '2026-03-04T00:00Z')`);
        await database.query(
          'INSERT INTO assignment.enrollment (course, user_id, enrolled, revision) VALUES ($1, $2, true, 1)',
          [C1, id],
        );
        await services().ask('assignment', id, `mutation { submitAssignment(ern: "${A1}") { user } }`);
        const r = [
          { __typename: 'User', id },
          { __typename: 'AssignmentSlice', audience: own, ...MARCH },
          { __typename: 'AssignmentItem', ern: A1, audience: own },
        ];
        const document = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { assignmentAudiences }
          ... on AssignmentSlice { items { audience submission } } ... on AssignmentItem { submission } } }`;
        expect(await services().ask('assignment', CALENDAR, document, { r })).toEqual({
          _entities: [
            { assignmentAudiences: [C1, own] },
            { items: [{ audience: own, submission: 'SUBMITTED' }] },
            { submission: 'SUBMITTED' },
          ],
        });
        const changed = await database.query('SELECT DISTINCT audience FROM assignment.outbox WHERE ern = $1', [A1]);
        expect(changed).toContainEqual({ audience: own });
      },
    );

    test('an id that no user has fails alone, and the others of its call are answered', async () => {
      const r = ['student-1', 'x\0', 'a b', 'y'.repeat(60_000), 'student-2'].map((id) => ({ __typename: 'User', id }));
      const { body } = await services().send(
        'assignment',
        CALENDAR,
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { assignmentAudiences } } }',
        { r },
      );
      expect(body.data).toEqual({
        _entities: [{ assignmentAudiences: [C1, 'ern:lms:course/2'] }, null, null, null, { assignmentAudiences: [C1] }],
      });
      expect(body.errors?.map(({ path }) => path?.[1])).toEqual([1, 2, 3]);
      for (const { message } of body.errors ?? [])
        expect(message).toMatch(/^id: expected a user id \(1 to 128 characters/);
    });
  });
}
