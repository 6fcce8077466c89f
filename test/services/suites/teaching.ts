// Who teaches is one list: the lecture service's, which the others are told.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { CALENDAR, LECTURE, type Services } from '../harness.ts';

const C1 = 'ern:lms:course/1';

/** Registers the suite; `services` is asked when the tests run. */
export function describeTeaching(services: () => Services): void {
  describe('who teaches', () => {
    const set = (field: 'assignTeacher' | 'removeTeacher', user = 'teacher-2', who = 'teacher-1') =>
      services().ask(
        'lecture',
        who,
        `mutation { ${field}(course: "${C1}", user: "${user}") { user teaches course { title } } }`,
      );
    const received = (name: 'attendance' | 'assignment') =>
      services().subscribers[name].teaching.map(({ teaches, revision }) => [teaches, revision]);
    const pending = () => services().database.query('SELECT subscriber, revision FROM lecture.staff_delivery');

    beforeEach(() => services().reset());

    test('is changed by teachers of the course and administrators, and told to both services with growing revisions', async () => {
      expect(await set('assignTeacher')).toEqual({
        assignTeacher: { user: 'teacher-2', teaches: true, course: { title: '자료구조' } },
      });
      await set('assignTeacher');
      expect(await set('removeTeacher', 'teacher-2', 'admin-1')).toMatchObject({ removeTeacher: { teaches: false } });
      await set('removeTeacher');
      for (const name of ['attendance', 'assignment'] as const) {
        expect(received(name)).toEqual([
          [true, 1],
          [false, 2],
        ]);
      }
      expect(await pending()).toEqual([]);
      await expect(set('assignTeacher', 'student-1', 'student-1')).rejects.toThrow('FORBIDDEN');
      await expect(set('assignTeacher', 'a b')).rejects.toThrow('user: expected a user id');
      await set('removeTeacher', 'teacher-1');
      await expect(set('assignTeacher', 'teacher-1')).rejects.toThrow('FORBIDDEN');
    });

    test('reaches a service that was away later, as it is then', async () => {
      services().subscribers.assignment.answer = 'no';
      await set('assignTeacher');
      await set('removeTeacher');
      expect(await pending()).toEqual([{ subscriber: 'assignment', revision: 2 }]);
      Object.assign(services().subscribers.assignment, { answer: 'yes', teaching: [] });
      await eventually('the redelivery', async () => {
        await services().clock.advance(5_000);
        return (await pending()).length === 0;
      });
      expect(received('assignment')).toEqual([[false, 2]]);
    });

    test('decides what may be written in the services that are told, once and never by an older revision', async () => {
      await services().database.script(`INSERT INTO assignment.item (ern, course, title, starts_at, ends_at)
        VALUES ('${C1}/assignment/1', '${C1}', '과제', '2026-03-01T00:00Z', '2026-03-04T00:00Z')`);
      const record = (teaches: boolean, revision: number, who = LECTURE) =>
        services().ask(
          'assignment',
          who,
          `mutation { recordAssignmentTeaching(course: "${C1}", user: "teacher-1", teaches: ${teaches}, revision: ${revision}) }`,
        );
      const extend = () =>
        services().ask(
          'assignment',
          'teacher-1',
          `mutation { grantExtension(ern: "${C1}/assignment/1", user: "student-1", endsAt: "2026-03-20T00:00:00Z") { endsAt } }`,
        );
      await extend();
      await record(false, 2);
      await record(true, 1);
      await expect(extend()).rejects.toThrow('FORBIDDEN');
      const r = [{ __typename: 'User', id: 'teacher-1' }];
      const document =
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { assignmentAudiences } } }';
      expect(await services().ask('assignment', CALENDAR, document, { r })).toEqual({
        _entities: [{ assignmentAudiences: [] }],
      });
      await record(true, 3);
      await extend();
      for (const who of ['admin-1', 'teacher-1', CALENDAR])
        await expect(record(false, 9, who)).rejects.toThrow('FORBIDDEN');
    });

    test('and who observes is set by administrators', async () => {
      const observe = (observes: boolean, who = 'admin-1') =>
        services().ask(
          'lecture',
          who,
          `mutation { setObserver(observer: "parent|7", student: "student-1", observes: ${observes}) { observer student observes } }`,
        );
      const observed = async () => {
        const r = [{ __typename: 'User', id: 'parent|7' }];
        const document = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { observes } } }';
        return (await services().ask<{ _entities: { observes: string[] }[] }>('lecture', CALENDAR, document, { r }))
          ._entities[0]?.observes;
      };
      expect(await observe(true)).toEqual({
        setObserver: { observer: 'parent|7', student: 'student-1', observes: true },
      });
      await observe(true);
      expect(await observed()).toEqual(['student-1']);
      await observe(false);
      expect(await observed()).toEqual([]);
      for (const who of ['teacher-1', 'student-1', 'observer-1'])
        await expect(observe(true, who)).rejects.toThrow('FORBIDDEN');
    });

    test('and an observer observes from a start until an end, each of which may be left out', async () => {
      const { clock } = services();
      const at = (days: number) => new Date(clock.now() + days * 86_400_000).toISOString();
      const set = (times: string, observes = true) => {
        const args = `observer: "parent-3", student: "student-1", observes: ${observes}${times}`;
        return services().ask('lecture', 'admin-1', `mutation { setObserver(${args}) { from until } }`);
      };
      const observed = async () => {
        const r = [{ __typename: 'User', id: 'parent-3' }];
        const document = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { observes } } }';
        return (await services().ask<{ _entities: { observes: string[] }[] }>('lecture', CALENDAR, document, { r }))
          ._entities[0]?.observes;
      };
      for (const [times, isNow] of [
        [`, from: "${at(-1)}", until: "${at(1)}"`, true],
        [`, from: "${at(1)}"`, false],
        [`, from: "${at(0)}"`, true],
        [`, until: "${at(0)}"`, false],
        [`, until: "${at(0.001)}"`, true],
        ['', true],
      ] as const) {
        await set(times);
        expect([times, await observed()]).toEqual([times, isNow ? ['student-1'] : []]);
      }
      const soon = at(0.0001);
      expect(await set(`, until: "${soon}"`)).toEqual({ setObserver: { from: null, until: soon } });
      await clock.advance(10_000);
      expect(await observed()).toEqual([]);
      await expect(set(`, from: "${at(1)}", until: "${at(1)}"`)).rejects.toThrow('until: expected an instant after');
      await expect(set(`, until: "${at(1)}"`, false)).rejects.toThrow('observes: expected true with from or until');
    });
  });
}
