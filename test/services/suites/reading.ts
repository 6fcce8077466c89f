// The source contract: audiences, slices and items, in few statements.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { CALENDAR, NOBODY, type Services, statementsOf } from '../harness.ts';

const ITEM =
  'ern audience title startsAt endsAt course { ern title color } room hidden originalStartsAt originalEndsAt overrideReason';
const ENTITIES = `query ($r: [_Any!]!) { _entities(representations: $r) {
  ... on User { id assignmentAudiences assignmentTaught }
  ... on AssignmentSlice { audience from to revision items { ${ITEM} closesAt submission } }
  ... on AssignmentItem { ${ITEM} closesAt submission }
} }`;

interface Answer {
  readonly _entities: readonly (Record<string, unknown> & { items: Record<string, unknown>[] })[];
}

const march = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };
const slice = (audience: string, span = march) => ({ __typename: 'AssignmentSlice', audience, ...span });

/** Registers the suite; `services` is asked when the tests run. */
export function describeReading(services: () => Services): void {
  describe('the source contract', () => {
    const run = (sql: string) => services().database.script(sql);
    const entities = async (...r: object[]) =>
      (await services().ask<Answer>('assignment', CALENDAR, ENTITIES, { r }))._entities;
    const names = async (audience: string, span = march) =>
      (await entities(slice(audience, span)))[0]?.items.map((item) => String(item.ern).split('/').at(-1));
    const addItem = (id: number, startsAt: string, endsAt: string, course = 1) =>
      run(`INSERT INTO assignment.item (ern, course, title, starts_at, ends_at)
        VALUES ('ern:lms:course/${course}/assignment/${id}', 'ern:lms:course/${course}', '과제 ${id}', '${startsAt}', '${endsAt}')`);

    beforeEach(() => services().reset());

    test('a course’s slice has complete items, in UTC, in order, with the requested key', async () => {
      await addItem(2, '2026-03-10T09:00:00+09:00', '2026-03-12T23:59:00+09:00');
      await addItem(1, '2026-03-10T09:00:00+09:00', '2026-03-11T23:59:00+09:00');
      await addItem(3, '2026-03-02T09:00:00+09:00', '2026-03-02T23:59:00+09:00');
      const asked = { from: '2026-03-01T00:00:00+09:00', to: '2026-04-01T00:00:00+09:00' };
      const [answer] = await entities(slice('ern:lms:course/1', asked));
      expect(answer).toMatchObject({ audience: 'ern:lms:course/1', ...asked });
      expect(answer?.items.map((item) => item.title)).toEqual(['과제 3', '과제 1', '과제 2']);
      expect(answer?.items[0]).toEqual({
        ern: 'ern:lms:course/1/assignment/3',
        audience: 'ern:lms:course/1',
        title: '과제 3',
        startsAt: '2026-03-02T00:00:00.000Z',
        endsAt: '2026-03-02T14:59:00.000Z',
        course: { ern: 'ern:lms:course/1', title: '자료구조', color: '#1969c8' },
        room: null,
        hidden: false,
        originalStartsAt: null,
        originalEndsAt: null,
        overrideReason: null,
        closesAt: null,
        submission: null,
      });
    });

    test('a slice’s revision is that of its audience, and differs after a move over a month’s end', async () => {
      const COURSE = 'ern:lms:course/1';
      const revision = async (audience = COURSE, span = march) => (await entities(slice(audience, span)))[0]?.revision;
      const move = (startsAt: string) =>
        run(`UPDATE assignment.item SET starts_at = '${startsAt}' WHERE ern = '${COURSE}/assignment/1'`);
      const april = { from: march.to, to: '2026-05-01T00:00:00Z' };
      await addItem(1, '2026-04-02T00:00Z', '2026-04-10T00:00Z');
      const first = await revision();
      expect(await revision(COURSE, april)).toBe(first);
      await run(`UPDATE assignment.item SET title = 'another' WHERE ern = '${COURSE}/assignment/1'`);
      await addItem(2, '2026-04-02T00:00Z', '2026-04-10T00:00Z');
      expect(await revision()).toBe(first);
      await move('2026-03-02T00:00Z');
      const second = await revision();
      expect(second).not.toBe(first);
      await move('2026-04-02T00:00Z');
      expect([first, second]).not.toContain(await revision());
      expect(await revision('ern:lms:course/2')).toBe(first);
    });

    test('a slice’s revision differs after every move that is over a month’s end in some time zone, and after no other', async () => {
      const revision = async () => (await entities(slice('ern:lms:course/1')))[0]?.revision;
      const differsAfterMove = async (from: [string, string], to: [string, string]) => {
        await run('DELETE FROM assignment.item');
        await addItem(1, ...from);
        const before = await revision();
        await run(`UPDATE assignment.item SET starts_at = '${to[0]}', ends_at = '${to[1]}'`);
        return (await revision()) !== before;
      };
      const marchDays = ['2026-03-03T00:00Z', '2026-03-10T00:00Z'] as [string, string];
      const intoApril = ['2026-03-20T00:00Z', '2026-04-10T00:00Z'] as [string, string];
      expect(await differsAfterMove(marchDays, ['2026-03-29T00:00Z', '2026-03-30T00:00Z'])).toBe(false);
      expect(await differsAfterMove(intoApril, ['2026-03-03T00:00Z', '2026-04-29T00:00Z'])).toBe(false);
      expect(await differsAfterMove(marchDays, marchDays)).toBe(false);
      expect(await differsAfterMove(marchDays, [marchDays[0], intoApril[1]])).toBe(true);
      expect(await differsAfterMove(intoApril, marchDays)).toBe(true);
      expect(await differsAfterMove(intoApril, ['2026-02-20T00:00Z', intoApril[1]])).toBe(true);
      // April already in Kiritimati (UTC+14), and still March in Baker Island (UTC-12).
      expect(await differsAfterMove(marchDays, ['2026-03-31T10:30Z', '2026-03-31T11:00Z'])).toBe(true);
      expect(
        await differsAfterMove(['2026-04-03T00:00Z', '2026-04-03T01:00Z'], ['2026-04-01T11:00Z', '2026-04-01T11:30Z']),
      ).toBe(true);
    });

    test('the revision of a user’s own slice differs when an override or an item of a course is moved', async () => {
      const revision = async () => (await entities(slice('ern:lms:user/student-1')))[0]?.revision;
      const seen = [await revision()];
      const expectAnother = async () => {
        const given = await revision();
        expect(seen).not.toContain(given);
        seen.push(given);
      };
      await addItem(1, '2026-04-02T00:00Z', '2026-04-10T00:00Z');
      await run(`INSERT INTO assignment.override (ern, user_id, ends_at)
        VALUES ('ern:lms:course/1/assignment/1', 'student-1', '2026-04-12T00:00Z')`);
      expect(await revision()).toBe(seen[0]);
      await run(`UPDATE assignment.override SET ends_at = '2026-04-20T00:00Z'`);
      expect(await revision()).toBe(seen[0]);
      await run(`UPDATE assignment.override SET ends_at = '2026-05-20T00:00Z'`);
      await expectAnother();
      await run(`UPDATE assignment.override SET ends_at = null`);
      await expectAnother();
      await run(`UPDATE assignment.item SET starts_at = '2026-03-02T00:00Z'`);
      await expectAnother();
      await run('DELETE FROM assignment.override');
      await expectAnother();
    });

    test('a slice is half-open: an item that ends at its start or starts at its end is outside', async () => {
      await addItem(1, '2026-02-01T00:00Z', '2026-03-01T00:00Z');
      await addItem(2, '2026-02-01T00:00Z', '2026-03-01T00:00:00.001Z');
      await addItem(3, '2026-03-31T23:59:59.999Z', '2026-05-01T00:00Z');
      await addItem(4, '2026-04-01T00:00Z', '2026-05-01T00:00Z');
      await addItem(5, '2026-03-01T00:00Z', '2026-03-01T00:00Z');
      await addItem(6, '2026-04-01T00:00Z', '2026-04-01T00:00Z');
      await addItem(7, '2026-01-01T00:00Z', '2026-06-01T00:00Z');
      expect(await names('ern:lms:course/1')).toEqual(['7', '2', '5', '3']);
    });

    test('an own audience has only overrides, with the course’s dates', async () => {
      await addItem(1, '2026-03-02T00:00Z', '2026-03-10T00:00Z');
      await addItem(2, '2026-03-03T00:00Z', '2026-03-11T00:00Z');
      await run(`UPDATE assignment.item SET closes_at = '2026-03-12T00:00Z';
        INSERT INTO assignment.override (ern, user_id, ends_at, reason)
          VALUES ('ern:lms:course/1/assignment/1', 'student-1', '2026-03-15T00:00Z', '병결');
        INSERT INTO assignment.override (ern, user_id, hidden, submission, reason)
          VALUES ('ern:lms:course/1/assignment/2', 'student-1', true, 'SUBMITTED', '사유')`);
      const [own, other] = await entities(slice('ern:lms:user/student-1'), slice('ern:lms:user/student-2'));
      const rest = { audience: 'ern:lms:user/student-1', title: null, startsAt: null, course: null, room: null };
      expect(own?.items).toEqual(
        expect.arrayContaining([
          {
            ...rest,
            ern: 'ern:lms:course/1/assignment/1',
            endsAt: '2026-03-15T00:00:00.000Z',
            closesAt: '2026-03-15T00:00:00.000Z',
            hidden: false,
            submission: null,
            originalStartsAt: '2026-03-02T00:00:00.000Z',
            originalEndsAt: '2026-03-10T00:00:00.000Z',
            overrideReason: '병결',
          },
          {
            ...rest,
            ern: 'ern:lms:course/1/assignment/2',
            endsAt: null,
            closesAt: null,
            hidden: true,
            submission: 'SUBMITTED',
            originalStartsAt: null,
            originalEndsAt: null,
            overrideReason: null,
          },
        ]),
      );
      expect(own?.items).toHaveLength(2);
      expect(other?.items).toEqual([]);
    });

    test('an override is listed by its own dates and by the course’s', async () => {
      await addItem(1, '2026-02-20T00:00Z', '2026-02-27T00:00Z');
      await run(`INSERT INTO assignment.override (ern, user_id, ends_at)
        VALUES ('ern:lms:course/1/assignment/1', 'student-1', '2026-04-02T00:00Z')`);
      const month = (from: string, to: string) =>
        names('ern:lms:user/student-1', { from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` });
      expect(await month('2026-02-01', '2026-03-01')).toEqual(['1']);
      expect(await month('2026-03-01', '2026-04-01')).toEqual(['1']);
      expect(await month('2026-04-01', '2026-05-01')).toEqual(['1']);
      expect(await month('2026-05-01', '2026-06-01')).toEqual([]);
      await run(`UPDATE assignment.override SET starts_at = '2026-04-01T00:00Z'`);
      expect(await month('2026-02-01', '2026-03-01')).toEqual(['1']);
      expect(await month('2026-03-01', '2026-04-01')).toEqual([]);
    });

    test('overrides are not listed after the user has left the course', async () => {
      await addItem(1, '2026-03-02T00:00Z', '2026-03-10T00:00Z');
      await run(
        `INSERT INTO assignment.override (ern, user_id, hidden) VALUES ('ern:lms:course/1/assignment/1', 'student-1', true)`,
      );
      expect(await names('ern:lms:user/student-1')).toEqual(['1']);
      await run(`UPDATE assignment.enrollment SET enrolled = false WHERE course = 'ern:lms:course/1'`);
      expect(await names('ern:lms:user/student-1')).toEqual([]);
    });

    test('a user’s audiences are the courses attended and taught, and the own audience if there are overrides', async () => {
      const audiences = async (id: string) => (await entities({ __typename: 'User', id }))[0]?.assignmentAudiences;
      await addItem(1, '2026-03-02T00:00Z', '2026-03-10T00:00Z');
      expect(await audiences('student-1')).toEqual(['ern:lms:course/1', 'ern:lms:course/2']);
      expect(await audiences('teacher-2')).toEqual(['ern:lms:course/2']);
      const taught = async (id: string) => (await entities({ __typename: 'User', id }))[0]?.assignmentTaught;
      expect([await taught('teacher-2'), await taught('student-1')]).toEqual([['ern:lms:course/2'], []]);
      await run(`INSERT INTO assignment.staff (course, user_id) VALUES ('ern:lms:course/1', 'student-1')`);
      expect([await audiences('student-1'), await taught('student-1')]).toEqual([
        ['ern:lms:course/1', 'ern:lms:course/2'],
        ['ern:lms:course/1'],
      ]);
      expect(await audiences('nobody')).toEqual([]);
      await run(
        `INSERT INTO assignment.override (ern, user_id, hidden) VALUES ('ern:lms:course/1/assignment/1', 'student-2', true)`,
      );
      expect(await audiences('student-2')).toEqual(['ern:lms:course/1', 'ern:lms:user/student-2']);
    });

    test('an item can be read in its course, in a user’s own audience, or is null', async () => {
      await addItem(1, '2026-03-02T00:00Z', '2026-03-10T00:00Z');
      await run(`INSERT INTO assignment.override (ern, user_id, submission)
        VALUES ('ern:lms:course/1/assignment/1', 'student-1', 'LATE')`);
      const item = (audience: string) => ({
        __typename: 'AssignmentItem',
        ern: 'ern:lms:course/1/assignment/1',
        audience,
      });
      const answers = await entities(
        item('ern:lms:course/1'),
        item('ern:lms:user/student-1'),
        item('ern:lms:user/student-2'),
        item('ern:lms:course/2'),
        item('ern:other:user/student-1'),
      );
      expect(answers.map((answer) => answer && [answer.title, answer.submission])).toEqual([
        ['과제 1', null],
        [null, 'LATE'],
        null,
        null,
        null,
      ]);
    });

    test('two hundred representations cost one statement for each type', async () => {
      await addItem(1, '2026-03-02T00:00Z', '2026-03-10T00:00Z');
      const representations = Array.from({ length: 200 }, (_, n) => {
        if (n % 4 === 0) return { __typename: 'User', id: `student-${n}` };
        if (n % 4 === 1) return slice(`ern:lms:user/student-${n}`);
        if (n % 4 === 2)
          return slice('ern:lms:course/1', { ...march, to: new Date(Date.UTC(2026, 3, n)).toISOString() });
        return { __typename: 'AssignmentItem', ern: 'ern:lms:course/1/assignment/1', audience: `ern:lms:course/${n}` };
      });
      let answers: unknown[] = [];
      const statements = await statementsOf(async () => {
        answers = [...(await entities(...representations))];
      });
      expect(answers).toHaveLength(200);
      expect(statements).toHaveLength(3);
    });

    test('a malformed representation fails alone, with what was expected', async () => {
      const bad = [
        slice('ern:lms:course/1', { from: '2026-02-30T00:00:00Z', to: march.to }),
        slice('ern:lms:course/1', { from: march.to, to: march.from }),
        slice('course 1'),
        { __typename: 'User', id: 7 },
      ];
      for (const one of bad) {
        expect(await services().refusal('assignment', CALENDAR, ENTITIES, { r: [one] })).toMatch(
          /^BAD_USER_INPUT: \w+: expected .*, given /,
        );
      }
    });

    test('schedules need a service with the scope; entities by name also a member or staff of the course, or an administrator', async () => {
      await addItem(1, '2026-03-02T00:00Z', '2026-03-10T00:00Z');
      const ern = 'ern:lms:course/1/assignment/1';
      for (const who of ['student-1', 'admin-1', NOBODY]) {
        for (const r of [
          [slice('ern:lms:course/1')],
          [{ __typename: 'User', id: 'student-1' }],
          [{ __typename: 'AssignmentItem', ern, audience: 'ern:lms:course/1' }],
        ]) {
          expect(await services().refusal('assignment', who, ENTITIES, { r })).toMatch(/^FORBIDDEN: /);
        }
        expect(await services().refusal('assignment', who, '{ assignmentChanges { cursor } }')).toMatch(/^FORBIDDEN: /);
      }
      const publicly = `{ assignment(ern: "${ern}") { title points course { title } startsAt } }`;
      const expected = {
        title: '과제 1',
        points: 100,
        course: { title: '자료구조' },
        startsAt: '2026-03-02T00:00:00.000Z',
      };
      for (const who of ['student-1', 'teacher-1', 'admin-1', CALENDAR])
        expect(await services().ask('assignment', who, publicly)).toEqual({ assignment: expected });
      for (const who of ['student-9', 'teacher-2', 'observer-1'])
        expect(await services().ask('assignment', who, publicly)).toEqual({ assignment: null });
      expect(await services().ask('assignment', CALENDAR, publicly)).toEqual({ assignment: expected });
      expect(await services().refusal('assignment', NOBODY, publicly)).toMatch(/^FORBIDDEN: /);
      const reference =
        '{ _entities(representations: [{ __typename: "Assignment", ern: "ern:lms:course/1/assignment/1" }]) { __typename } }';
      expect(await services().ask('assignment', 'student-9', reference)).toEqual({ _entities: [null] });
      expect(await services().ask('assignment', 'student-1', reference)).toEqual({
        _entities: [{ __typename: 'Assignment' }],
      });
    });

    test('the lecture service knows teachers, observers and the number of members', async () => {
      await run(`INSERT INTO lecture.observer VALUES ('observer-1', 'student-2'), ('observer-1', 'student-1');
        UPDATE lecture.enrollment SET enrolled = false WHERE user_id = 'student-2'`);
      const r = [
        { __typename: 'User', id: 'teacher-1' },
        { __typename: 'User', id: 'observer-1' },
        { __typename: 'Course', ern: 'ern:lms:course/1' },
        { __typename: 'Course', ern: 'ern:lms:course/9' },
      ];
      const document = `query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on User { teaches observes lectureAudiences lectureTaught } ... on Course { title teacher enrollmentCount } } }`;
      let answer: unknown;
      const statements = await statementsOf(async () => {
        answer = await services().ask('lecture', CALENDAR, document, { r });
      });
      expect(answer).toEqual({
        _entities: [
          {
            teaches: ['ern:lms:course/1'],
            observes: [],
            lectureAudiences: ['ern:lms:course/1'],
            lectureTaught: ['ern:lms:course/1'],
          },
          { teaches: [], observes: ['student-1', 'student-2'], lectureAudiences: [], lectureTaught: [] },
          { title: '자료구조', teacher: '담당 교수 1', enrollmentCount: 1 },
          null,
        ],
      });
      expect(statements).toHaveLength(4);
    });

    test('the attendance service has the late limit for all and the outcome for each user', async () => {
      await run(`INSERT INTO attendance.item (ern, course, title, starts_at, late_at, ends_at) VALUES
          ('ern:lms:course/1/check/1', 'ern:lms:course/1', '출석', '2026-03-02T00:00Z', '2026-03-02T00:10Z', '2026-03-02T00:20Z');
        INSERT INTO attendance.override (ern, user_id, outcome) VALUES ('ern:lms:course/1/check/1', 'student-1', 'EXCUSED')`);
      const document = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on AttendanceSlice { items { lateAt outcome } } } }`;
      const r = ['ern:lms:course/1', 'ern:lms:user/student-1'].map((audience) => ({
        __typename: 'AttendanceSlice',
        audience,
        ...march,
      }));
      expect(await services().ask('attendance', CALENDAR, document, { r })).toEqual({
        _entities: [
          { items: [{ lateAt: '2026-03-02T00:10:00.000Z', outcome: null }] },
          { items: [{ lateAt: null, outcome: 'EXCUSED' }] },
        ],
      });
    });
  });
}
