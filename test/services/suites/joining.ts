// A student who is enrolled in mid-term has missed nothing of what ended before.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CALENDAR, LECTURE, type Services } from '../harness.ts';

const C1 = 'ern:lms:course/1';
const OWN = 'ern:lms:user/student-3';
const MARCH = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };

/** Registers the suite; `services` is asked when the tests run. */
export function describeJoining(services: () => Services): void {
  describe('a student who joins in mid-term', () => {
    const at = (instant: string) => services().clock.set(Date.parse(instant));
    const run = (sql: string) => services().database.script(sql);
    const record = async (since: string | null) => {
      for (const [service, name] of [
        ['attendance', 'Attendance'],
        ['assignment', 'Assignment'],
      ] as const) {
        await services().ask(
          service,
          LECTURE,
          `mutation ($since: DateTime) { record${name}Enrollment(course: "${C1}", user: "student-3", enrolled: true, revision: 1, since: $since) }`,
          { since },
        );
      }
    };
    /** The state of each own item of the month, by the last part of its name. */
    const own = async (service: 'attendance' | 'assignment') => {
      const [type, field] = service === 'attendance' ? ['Attendance', 'outcome'] : ['Assignment', 'submission'];
      const r = [{ __typename: `${type}Slice`, audience: OWN, ...MARCH }];
      const document = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type}Slice { items { ern hidden state: ${field} title endsAt } } } }`;
      const answer = await services().ask<{
        _entities: { items: { ern: string; state: string | null; title: null; endsAt: string | null }[] }[];
      }>(service, CALENDAR, document, { r });
      return Object.fromEntries(
        (answer._entities[0]?.items ?? []).map(({ ern, state }) => [ern.split('/').at(-1), state]),
      );
    };

    afterAll(() => at('2026-03-02T00:00:00Z'));
    beforeEach(async () => {
      await services().reset();
      await run(`
        INSERT INTO assignment.item (ern, course, title, starts_at, ends_at, closes_at) VALUES
          ('${C1}/assignment/1', '${C1}', '과제', '2026-03-01T00:00Z', '2026-03-05T00:00Z', '2026-03-20T00:00Z'),
          ('${C1}/assignment/2', '${C1}', '과제', '2026-03-01T00:00Z', '2026-03-15T00:00Z', null);
        INSERT INTO attendance.item (ern, course, title, starts_at, ends_at) VALUES
          ('${C1}/check/1', '${C1}', '출석', '2026-03-03T00:00Z', '2026-03-03T00:20Z'),
          ('${C1}/check/2', '${C1}', '출석', '2026-03-13T00:00Z', '2026-03-13T00:20Z')`);
    });

    test('owes nothing that ended before, and everything after', async () => {
      await record('2026-03-10T00:00:00Z');
      expect(await own('assignment')).toEqual({ 1: 'NOT_REQUIRED' });
      expect(await own('attendance')).toEqual({ 1: 'NOT_REQUIRED' });
      const document = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { assignmentAudiences } ... on AssignmentItem { submission } } }`;
      const r = [
        { __typename: 'User', id: 'student-3' },
        { __typename: 'AssignmentItem', ern: `${C1}/assignment/1`, audience: OWN },
        { __typename: 'AssignmentItem', ern: `${C1}/assignment/2`, audience: OWN },
      ];
      expect(await services().ask('assignment', CALENDAR, document, { r })).toEqual({
        _entities: [{ assignmentAudiences: [C1, OWN] }, { submission: 'NOT_REQUIRED' }, null],
      });
    });

    test('owes everything when the enrollment has no date', async () => {
      await record(null);
      expect(await own('assignment')).toEqual({});
      expect(await own('attendance')).toEqual({});
    });

    test('keeps what was done or decided, and owes what an extension makes due after', async () => {
      await record('2026-03-10T00:00:00Z');
      await run(
        `INSERT INTO attendance.override (ern, user_id, outcome) VALUES ('${C1}/check/1', 'student-3', 'ABSENT')`,
      );
      expect(await own('attendance')).toEqual({ 1: 'NOT_REQUIRED' });
      await run(`UPDATE attendance.override SET outcome = 'PRESENT'`);
      expect(await own('attendance')).toEqual({ 1: 'PRESENT' });
      at('2026-03-11T00:00:00Z');
      await services().ask(
        'assignment',
        'teacher-1',
        `mutation { grantExtension(ern: "${C1}/assignment/1", user: "student-3", endsAt: "2026-03-12T00:00:00Z") { endsAt } }`,
      );
      expect(await own('assignment')).toEqual({ 1: null });
      await services().ask(
        'assignment',
        'student-3',
        `mutation { submitAssignment(ern: "${C1}/assignment/1") { state } }`,
      );
      expect(await own('assignment')).toEqual({ 1: 'SUBMITTED' });
    });

    test('has a date that the other services are told, and a new one when enrolled again', async () => {
      const enroll = (field: string) =>
        services().ask('lecture', 'teacher-1', `mutation { ${field}(course: "${C1}", user: "student-3") { user } }`);
      at('2026-03-10T00:00:00Z');
      await enroll('enroll');
      await enroll('withdraw');
      at('2026-03-12T00:00:00Z');
      await enroll('enroll');
      expect(services().subscribers.assignment.received.map(({ revision, since }) => [revision, since])).toEqual([
        [1, '2026-03-10T00:00:00.000Z'],
        [2, '2026-03-10T00:00:00.000Z'],
        [3, '2026-03-12T00:00:00.000Z'],
      ]);
    });
  });
}
