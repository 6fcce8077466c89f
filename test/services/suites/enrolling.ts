// Enrollments in the lecture service reach the other services: at once if they answer, later if
// they were away.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listen } from '../../../src/diagnostics.ts';
import { eventually } from '../../harness/eventually.ts';
import type { Services } from '../harness.ts';

const COURSE = 'ern:lms:course/1';

/** Registers the suite; `services` is asked when the tests run. */
export function describeEnrolling(services: () => Services): void {
  describe('an enrollment', () => {
    const set = (field: 'enroll' | 'withdraw', user = 'student-3') =>
      services().ask(
        'lecture',
        'teacher-1',
        `mutation { ${field}(course: "${COURSE}", user: "${user}") { user enrolled course { enrollmentCount } } }`,
      );
    const pending = () =>
      services().database.query('SELECT subscriber, enrolled, revision FROM lecture.delivery ORDER BY subscriber');
    const received = (name: 'attendance' | 'assignment') =>
      services().subscribers[name].received.map(({ enrolled, revision }) => ({ enrolled, revision }));

    // A held delivery would hold up all later ones.
    afterEach(() => services().subscribers.assignment.release());
    beforeEach(() => services().reset());

    test('is stored by both subscribers when the mutation answers', async () => {
      expect(await set('enroll')).toEqual({
        enroll: { user: 'student-3', enrolled: true, course: { enrollmentCount: 3 } },
      });
      const membership = {
        course: COURSE,
        user: 'student-3',
        enrolled: true,
        revision: 1,
        since: '2026-03-02T00:00:00.000Z',
      };
      expect(services().subscribers.attendance.received).toEqual([membership]);
      expect(services().subscribers.assignment.received).toEqual([membership]);
      expect(await pending()).toEqual([]);
    });

    test('has a revision that grows with every change; repeating it is no change', async () => {
      await set('enroll');
      await set('enroll');
      await set('withdraw');
      await set('withdraw');
      await set('enroll');
      expect(await set('withdraw', 'student-9')).toEqual({
        withdraw: { user: 'student-9', enrolled: false, course: { enrollmentCount: 3 } },
      });
      expect(received('attendance')).toEqual([
        { enrolled: true, revision: 1 },
        { enrolled: false, revision: 2 },
        { enrolled: true, revision: 3 },
      ]);
    });

    test('reaches a subscriber that was away later, in its newest revision, and the other at once', async () => {
      services().subscribers.assignment.answer = 'no';
      await set('enroll');
      await set('withdraw');
      expect(await pending()).toEqual([{ subscriber: 'assignment', enrolled: false, revision: 2 }]);
      expect(received('attendance')).toHaveLength(2);
      services().subscribers.assignment.answer = 'yes';
      services().subscribers.assignment.received.length = 0;
      await eventually('the redelivery', async () => {
        await services().clock.advance(5_000);
        return (await pending()).length === 0;
      });
      expect(received('assignment')).toEqual([{ enrolled: false, revision: 2 }]);
    });

    test('that nobody attempted, because its process ended, is found within ten seconds', async () => {
      await services().database.script(
        `INSERT INTO lecture.delivery (subscriber, course, user_id, enrolled, revision)
         VALUES ('attendance', '${COURSE}', 'student-3', true, 1)`,
      );
      await eventually('the delivery', async () => {
        await services().clock.advance(10_000);
        return (await pending()).length === 0;
      });
      expect(received('attendance')).toEqual([{ enrolled: true, revision: 1 }]);
    });

    test('that a subscriber refuses ten times is set aside and reported, until the next change of the same user', async () => {
      const reported: string[] = [];
      const stop = listen('calendar:error', ({ error }) => void reported.push(String(error)));
      services().subscribers.assignment.answer = 'refused';
      await set('enroll');
      await eventually('a report', async () => {
        await services().clock.advance(30_000);
        return reported.some((text) => text.includes('set aside'));
      });
      stop();
      await services().clock.advance(60_000);
      expect(received('assignment')).toHaveLength(10);
      expect(await pending()).toHaveLength(1);
      services().subscribers.assignment.answer = 'yes';
      await set('withdraw');
      await eventually('the next change', async () => (await pending()).length === 0);
    });

    test('waits at most 300 ms for a subscriber that hangs', async () => {
      services().subscribers.assignment.answer = 'held';
      const answer = set('enroll');
      await eventually('the try', () => services().subscribers.assignment.received.length === 1);
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
      // The other one confirms in its own time.
      await eventually('its delivery alone', async () => {
        const rows = await pending();
        return rows.length === 1 && rows.every((row) => 'subscriber' in row && row.subscriber === 'assignment');
      });
      services().subscribers.assignment.release();
      await eventually('its answer', async () => (await pending()).length === 0);
    });
  });
}
