// A membership changes in the lecture service and reaches the others, at once when they answer,
// later when they were away.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import type { Services } from '../harness.ts';

const COURSE = 'ern:lms:course/1';

/** Registers the suite; `services` is asked when the tests run. */
export function describeEnrolling(services: () => Services): void {
  describe('enrolling', () => {
    const set = (field: 'enroll' | 'withdraw', user = 'student-3') =>
      services().ask(
        'lecture',
        'teacher-1',
        `mutation { ${field}(course: "${COURSE}", user: "${user}") { user enrolled course { enrollmentCount } } }`,
      );
    const pending = () =>
      services().database.query('SELECT subscriber, enrolled, revision FROM lecture.delivery ORDER BY subscriber');
    const told = (name: 'attendance' | 'assignment') =>
      services().subscribers[name].told.map(({ enrolled, revision }) => ({ enrolled, revision }));

    beforeEach(() => services().reset());

    test('both subscribers have it when the mutation answers', async () => {
      expect(await set('enroll')).toEqual({
        enroll: { user: 'student-3', enrolled: true, course: { enrollmentCount: 3 } },
      });
      const membership = { course: COURSE, user: 'student-3', enrolled: true, revision: 1 };
      expect(services().subscribers.attendance.told).toEqual([membership]);
      expect(services().subscribers.assignment.told).toEqual([membership]);
      expect(await pending()).toEqual([]);
    });

    test('the revision grows with every change, and what is so already is no change', async () => {
      await set('enroll');
      await set('enroll');
      await set('withdraw');
      await set('withdraw');
      await set('enroll');
      expect(await set('withdraw', 'student-9')).toEqual({
        withdraw: { user: 'student-9', enrolled: false, course: { enrollmentCount: 3 } },
      });
      expect(told('attendance')).toEqual([
        { enrolled: true, revision: 1 },
        { enrolled: false, revision: 2 },
        { enrolled: true, revision: 3 },
      ]);
    });

    test('a subscriber that is away gets it later, only the newest, while the other has it at once', async () => {
      services().subscribers.assignment.answer = 'no';
      await set('enroll');
      await set('withdraw');
      expect(await pending()).toEqual([{ subscriber: 'assignment', enrolled: false, revision: 2 }]);
      expect(told('attendance')).toHaveLength(2);
      services().subscribers.assignment.answer = 'yes';
      services().subscribers.assignment.told.length = 0;
      await eventually('the redelivery', async () => {
        await services().clock.advance(5_000);
        return (await pending()).length === 0;
      });
      expect(told('assignment')).toEqual([{ enrolled: false, revision: 2 }]);
    });

    test('one that hangs holds the mutation up for 300 ms and no longer', async () => {
      services().subscribers.assignment.answer = 'held';
      const answer = set('enroll');
      await eventually('the try', () => services().subscribers.assignment.told.length === 1);
      await services().clock.advance(299);
      expect(
        await Promise.race([
          answer.then(() => 'answered'),
          services()
            .ask('lecture', 'admin-1', '{ __typename }')
            .then(() => 'waits'),
        ]),
      ).toBe('waits');
      await services().clock.advance(1);
      expect(await answer).toMatchObject({ enroll: { enrolled: true } });
      expect(await pending()).toMatchObject([{ subscriber: 'assignment' }]);
      services().subscribers.assignment.release();
      await eventually('its answer', async () => (await pending()).length === 0);
    });
  });
}
