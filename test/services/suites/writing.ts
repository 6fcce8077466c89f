// Every mutation: its effect, its permissions, and its errors.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { CALENDAR, LECTURE, type ServiceName, type Services } from '../harness.ts';

const C1 = 'ern:lms:course/1';

/** The clock stands at 2026-03-02T00:00Z: all of this is open. */
const OPEN = `'2026-03-01T23:55Z', '2026-03-02T00:15Z'`;
const fixture = `
  INSERT INTO lecture.item (ern, course, title, starts_at, ends_at)
    SELECT '${C1}/lecture/' || n, '${C1}', '강의', ${OPEN} FROM generate_series(900, 901) n;
  INSERT INTO attendance.item (ern, course, title, starts_at, ends_at, late_at)
    VALUES ('${C1}/check/900', '${C1}', '출석', ${OPEN}, '2026-03-02T00:05Z');
  INSERT INTO assignment.item (ern, course, title, starts_at, ends_at, closes_at)
    SELECT '${C1}/assignment/' || n, '${C1}', '과제', ${OPEN}, '2026-03-02T00:30Z' FROM generate_series(900, 901) n`;

/** The mutations of those who teach, on items that are there. */
const TEACHING: readonly (readonly [ServiceName, string])[] = [
  [
    'lecture',
    `createLecture(input: { course: "${C1}", title: "강의", startsAt: "2026-03-05T00:00:00Z", endsAt: "2026-03-05T01:00:00Z" }) { ern }`,
  ],
  [
    'lecture',
    `rescheduleLecture(ern: "${C1}/lecture/900", startsAt: "2026-03-05T00:00:00Z", endsAt: "2026-03-05T01:00:00Z") { ern }`,
  ],
  ['lecture', `cancelLecture(ern: "${C1}/lecture/901")`],
  ['lecture', `setLectureHidden(ern: "${C1}/lecture/900", user: "student-1", hidden: true) { ern }`],
  ['lecture', `enroll(course: "${C1}", user: "student-3") { enrolled }`],
  ['lecture', `withdraw(course: "${C1}", user: "student-2") { enrolled }`],
  [
    'attendance',
    `openAttendanceCheck(input: { course: "${C1}", title: "출석", startsAt: "2026-03-05T00:00:00Z", endsAt: "2026-03-05T01:00:00Z" }) { ern }`,
  ],
  [
    'assignment',
    `createAssignment(input: { course: "${C1}", title: "과제", startsAt: "2026-03-05T00:00:00Z", endsAt: "2026-03-06T00:00:00Z" }) { ern }`,
  ],
  ['assignment', `updateAssignment(ern: "${C1}/assignment/900", input: { title: "다른 과제" }) { ern }`],
  ['assignment', `deleteAssignment(ern: "${C1}/assignment/901")`],
  [
    'assignment',
    `grantExtension(ern: "${C1}/assignment/900", user: "student-1", endsAt: "2026-03-20T00:00:00Z") { endsAt }`,
  ],
];

/** Registers the suite; `services` is asked when the tests run. */
export function describeWriting(services: () => Services): void {
  describe('a mutation', () => {
    const run = (sql: string) => services().database.script(sql);
    const mutate = <T>(service: ServiceName, who: string, field: string) =>
      services().ask<T>(service, who, `mutation { result: ${field} }`);
    const refused = (service: ServiceName, who: string, field: string) =>
      services().refusal(service, who, `mutation { result: ${field} }`);

    beforeEach(async () => {
      await services().reset();
      await run(fixture);
    });

    test('is allowed to teachers in their own courses and to administrators, and to nobody else', async () => {
      for (const [service, field] of TEACHING) {
        for (const who of ['teacher-2', 'student-1', 'observer-1', CALENDAR]) {
          expect([field, await refused(service, who, field)]).toEqual([
            field,
            expect.stringMatching(/^FORBIDDEN: Expected /),
          ]);
        }
      }
      for (const who of ['teacher-1', 'admin-1']) {
        await services().reset();
        await run(fixture);
        for (const [service, field] of TEACHING) await expect(mutate(service, who, field)).resolves.toBeDefined();
      }
    });

    test('is NOT_FOUND for an unknown resource', async () => {
      for (const [service, field] of TEACHING) {
        const elsewhere = field.replace('course/1', 'course/77');
        expect([field, await refused(service, 'admin-1', elsewhere)]).toEqual([
          field,
          expect.stringMatching(/^NOT_FOUND: \w+: expected one that exists, given "ern:lms:course\/77/),
        ]);
      }
      expect(await refused('attendance', 'student-1', `checkIn(ern: "${C1}/check/1") { outcome }`)).toMatch(
        /^NOT_FOUND/,
      );
      expect(await refused('assignment', 'student-1', `submitAssignment(ern: "${C1}/assignment/1") { state }`)).toMatch(
        /^NOT_FOUND/,
      );
    });

    test('accepts only valid RFC 3339 instants', async () => {
      for (const bad of [
        '2026-02-30T00:00:00Z',
        '2026-03-05T00:00:00',
        '2026-03-05',
        '2026-03-05T24:00:00Z',
        'tomorrow',
        '0000-01-01T00:00:00Z',
      ]) {
        const field = `rescheduleLecture(ern: "${C1}/lecture/900", startsAt: "${bad}", endsAt: "2026-03-05T01:00:00Z") { ern }`;
        expect(await refused('lecture', 'teacher-1', field)).toContain(
          `DateTime: expected an RFC 3339 instant with an offset (2026-11-22T09:00:00+09:00), given "${bad}"`,
        );
      }
    });

    test('no mutation stores a date that no calendar shows', async () => {
      for (const bad of ['1969-12-31T23:59:59Z', '2200-01-01T00:00:00Z', '9999-12-31T23:59:59Z']) {
        const dates = `startsAt: "${bad}", endsAt: "${bad}"`;
        const writes: readonly (readonly [ServiceName, string])[] = [
          ['lecture', `createLecture(input: { course: "${C1}", title: "강의", ${dates} }) { ern }`],
          ['lecture', `rescheduleLecture(ern: "${C1}/lecture/900", ${dates}) { ern }`],
          ['attendance', `openAttendanceCheck(input: { course: "${C1}", title: "출석", ${dates} }) { ern }`],
          ['assignment', `createAssignment(input: { course: "${C1}", title: "과제", ${dates} }) { ern }`],
          ['assignment', `updateAssignment(ern: "${C1}/assignment/900", input: { closesAt: "${bad}" }) { ern }`],
          ['assignment', `grantExtension(ern: "${C1}/assignment/900", user: "student-1", endsAt: "${bad}") { endsAt }`],
        ];
        for (const [service, field] of writes) {
          expect(await refused(service, 'teacher-1', field)).toContain(
            `DateTime: expected an instant from 1970-01-01T00:00:00.000Z and before 2200-01-01T00:00:00.000Z, given "${bad}"`,
          );
        }
      }
    });

    test('refuses dates out of order, texts of a wrong length and users who are not enrolled, naming the argument', async () => {
      const dates = (startsAt: string, endsAt: string, more = '') =>
        `course: "${C1}", title: "x", startsAt: "${startsAt}", endsAt: "${endsAt}"${more}`;
      const [early, late] = ['2026-03-05T00:00:00Z', '2026-03-06T00:00:00+09:00'];
      const cases: readonly (readonly [ServiceName, string, string])[] = [
        [
          'lecture',
          `createLecture(input: { ${dates(late, early)} }) { ern }`,
          'endsAt: expected an instant not before 2026-03-05T15:00:00.000Z, given "2026-03-05T00:00:00.000Z"',
        ],
        [
          'lecture',
          `createLecture(input: { ${dates(early, late).replace('"x"', '"  "')} }) { ern }`,
          'title: expected 1 to 200 characters, given "  "',
        ],
        [
          'lecture',
          `rescheduleLecture(ern: "${C1}/lecture/900", startsAt: "${late}", endsAt: "${early}") { ern }`,
          'endsAt: expected',
        ],
        [
          'lecture',
          `setLectureHidden(ern: "${C1}/lecture/900", user: "student-3", hidden: true) { ern }`,
          'user: expected a student enrolled in ern:lms:course/1, given "student-3"',
        ],
        ['lecture', `enroll(course: "${C1}", user: "a b") { enrolled }`, 'user: expected a user id'],
        [
          'attendance',
          `openAttendanceCheck(input: { ${dates(early, late, `, lateAt: "2026-03-07T00:00:00Z"`)} }) { ern }`,
          'endsAt: expected an instant not before 2026-03-07',
        ],
        [
          'attendance',
          `openAttendanceCheck(input: { ${dates(early, late, `, lecture: "ern:lms:course/2/lecture/1"`)} }) { ern }`,
          'lecture: expected a lecture of ern:lms:course/1',
        ],
        [
          'attendance',
          `openAttendanceCheck(input: { ${dates(early, late, `, lateAt: "2026-03-04T00:00:00Z"`)} }) { ern }`,
          'lateAt: expected an instant not before 2026-03-05',
        ],
        [
          'assignment',
          `createAssignment(input: { ${dates(early, late, `, closesAt: "${early}"`)} }) { ern }`,
          'closesAt: expected an instant not before',
        ],
        [
          'assignment',
          `createAssignment(input: { ${dates(early, late, ', points: -1')} }) { ern }`,
          'points: expected 0 to 100000, given -1',
        ],
        [
          'assignment',
          `updateAssignment(ern: "${C1}/assignment/900", input: { endsAt: "2026-03-09T00:00:00Z" }) { ern }`,
          'closesAt: expected an instant not before 2026-03-09',
        ],
        [
          'assignment',
          `grantExtension(ern: "${C1}/assignment/900", user: "student-1", endsAt: "2026-03-02T00:15:00Z") { endsAt }`,
          'endsAt: expected an instant after the due date 2026-03-02T00:15:00.000Z',
        ],
        [
          'assignment',
          `grantExtension(ern: "${C1}/assignment/900", user: "student-3", endsAt: "2026-03-09T00:00:00Z") { endsAt }`,
          'user: expected a student enrolled',
        ],
      ];
      for (const [service, field, message] of cases) {
        expect(await refused(service, 'teacher-1', field)).toContain(`BAD_USER_INPUT: ${message}`);
      }
      expect(
        await refused(
          'assignment',
          'student-1',
          `submitAssignment(ern: "${C1}/assignment/900", url: "javascript:alert(1)") { state }`,
        ),
      ).toContain('URL: expected an absolute http(s) address');
    });

    test('creates, moves, hides, shows and cancels a lecture', async () => {
      const made = await mutate<{ result: Record<string, unknown> }>(
        'lecture',
        'teacher-1',
        `createLecture(input: { course: "${C1}", title: " 보강 ", startsAt: "2026-03-05T09:00:00+09:00", endsAt: "2026-03-05T10:00:00+09:00", room: "201호" }) {
          ern title room lecturer startsAt endsAt course { title enrollmentCount } }`,
      );
      expect(made.result).toMatchObject({
        title: '보강',
        room: '201호',
        lecturer: '담당 교수 1',
        startsAt: '2026-03-05T00:00:00.000Z',
        course: { title: '자료구조', enrollmentCount: 2 },
      });
      const ern = String(made.result.ern);
      expect(ern).toMatch(/^ern:lms:course\/1\/lecture\/\d+$/);
      const moved = await mutate(
        'lecture',
        'teacher-1',
        `rescheduleLecture(ern: "${ern}", startsAt: "2026-03-06T00:00:00Z", endsAt: "2026-03-06T01:00:00Z") { startsAt room }`,
      );
      expect(moved).toEqual({ result: { startsAt: '2026-03-06T00:00:00.000Z', room: '201호' } });
      const hidden = () =>
        services().database.query('SELECT user_id, hidden FROM lecture.override WHERE ern = $1', [ern]);
      await mutate('lecture', 'teacher-1', `setLectureHidden(ern: "${ern}", user: "student-1", hidden: true) { ern }`);
      expect(await hidden()).toEqual([{ user_id: 'student-1', hidden: true }]);
      await mutate('lecture', 'teacher-1', `setLectureHidden(ern: "${ern}", user: "student-1", hidden: false) { ern }`);
      expect(await hidden()).toEqual([]);
      await mutate('lecture', 'teacher-1', `setLectureHidden(ern: "${ern}", user: "student-1", hidden: true) { ern }`);
      expect(await mutate('lecture', 'teacher-1', `cancelLecture(ern: "${ern}")`)).toEqual({ result: ern });
      expect(await services().ask('lecture', 'student-1', `{ lecture(ern: "${ern}") { title } }`)).toEqual({
        lecture: null,
      });
    });

    test('checks in as PRESENT until lateAt, LATE until the end, and is refused before, after and to others', async () => {
      const checkIn = `checkIn(ern: "${C1}/check/900") { user outcome checkedInAt attendanceCheck { title } }`;
      const result = {
        user: 'student-1',
        outcome: 'PRESENT',
        checkedInAt: '2026-03-02T00:00:00.000Z',
        attendanceCheck: { title: '출석' },
      };
      expect(await mutate('attendance', 'student-1', checkIn)).toEqual({ result });
      expect(await refused('attendance', 'student-3', checkIn)).toBe(
        `FORBIDDEN: Expected a student enrolled in ${C1}, given "student-3"`,
      );
      expect(await refused('attendance', 'teacher-1', checkIn)).toMatch(/^FORBIDDEN/);
      expect(await refused('attendance', CALENDAR, checkIn)).toMatch(/^FORBIDDEN/);
      await run(`UPDATE attendance.item SET late_at = '2026-03-02T00:00Z'`);
      expect(await mutate('attendance', 'student-1', checkIn)).toEqual({ result });
      expect(await mutate('attendance', 'student-2', checkIn)).toMatchObject({ result: { outcome: 'LATE' } });
      await run(
        `DELETE FROM attendance.override; UPDATE attendance.item SET late_at = null, ends_at = '2026-03-02T00:00Z'`,
      );
      expect(await refused('attendance', 'student-1', checkIn)).toBe(
        'CONFLICT: checkIn: expected a time from 2026-03-01T23:55:00.000Z until 2026-03-02T00:00:00.000Z, given 2026-03-02T00:00:00.000Z',
      );
      await run(`UPDATE attendance.item SET starts_at = '2026-03-02T00:00:00.001Z', ends_at = '2026-03-03T00:00Z'`);
      expect(await refused('attendance', 'student-1', checkIn)).toMatch(/^CONFLICT/);
    });

    test('hands in as SUBMITTED until the due date, LATE until the close, and is refused before, after, when excused and to others', async () => {
      const submit = (url = '') =>
        `submitAssignment(ern: "${C1}/assignment/900"${url}) { user state submittedAt url assignment { title } }`;
      const result = {
        user: 'student-1',
        state: 'SUBMITTED',
        submittedAt: '2026-03-02T00:00:00.000Z',
        url: 'https://files.example/1',
        assignment: { title: '과제' },
      };
      expect(await mutate('assignment', 'student-1', submit(', url: "https://files.example/1"'))).toEqual({ result });
      expect(await refused('assignment', 'student-3', submit())).toMatch(/^FORBIDDEN/);
      await run(`UPDATE assignment.item SET ends_at = '2026-03-01T23:59Z'`);
      expect(await mutate('assignment', 'student-2', submit())).toMatchObject({ result: { state: 'LATE', url: null } });
      expect(
        await mutate(
          'assignment',
          'teacher-1',
          `grantExtension(ern: "${C1}/assignment/900", user: "student-2", endsAt: "2026-03-02T12:00:00+09:00", reason: "병결") { user endsAt reason assignment { title } }`,
        ),
      ).toEqual({
        result: {
          user: 'student-2',
          endsAt: '2026-03-02T03:00:00.000Z',
          reason: '병결',
          assignment: { title: '과제' },
        },
      });
      expect(await mutate('assignment', 'student-2', submit())).toMatchObject({ result: { state: 'SUBMITTED' } });
      await run(`UPDATE assignment.item SET closes_at = null`);
      expect(await refused('assignment', 'student-1', submit())).toBe(
        'CONFLICT: submitAssignment: expected a time from 2026-03-01T23:55:00.000Z before 2026-03-02T00:00:00.000Z, given 2026-03-02T00:00:00.000Z',
      );
      await run(`UPDATE assignment.override SET submission = 'EXCUSED'`);
      expect(await refused('assignment', 'student-2', submit())).toMatch(/^CONFLICT: .*excused/);
      await run(
        `DELETE FROM assignment.override; UPDATE assignment.item SET starts_at = '2026-03-03', ends_at = '2026-03-04'`,
      );
      expect(await refused('assignment', 'student-1', submit())).toMatch(/^CONFLICT/);
    });

    test('creates an assignment, changes it in part, and deletes it with its submissions', async () => {
      const made = await mutate<{ result: Record<string, unknown> }>(
        'assignment',
        'teacher-1',
        `createAssignment(input: { course: "${C1}", title: "과제", startsAt: "2026-03-05T00:00:00Z", endsAt: "2026-03-06T00:00:00Z", description: "설명" }) { ern points description closesAt submissionUrl }`,
      );
      expect(made.result).toMatchObject({ points: 100, description: '설명', closesAt: null, submissionUrl: null });
      const ern = String(made.result.ern);
      const update = (input: string) =>
        mutate(
          'assignment',
          'teacher-1',
          `updateAssignment(ern: "${ern}", input: { ${input} }) { title points description startsAt endsAt closesAt }`,
        );
      const whole = {
        title: '새 과제',
        points: 100,
        description: '설명',
        startsAt: '2026-03-05T00:00:00.000Z',
        endsAt: '2026-03-06T00:00:00.000Z',
        closesAt: null,
      };
      expect(await update('title: "새 과제", points: null')).toEqual({ result: whole });
      expect(await update('points: 30, endsAt: "2026-03-07T00:00:00Z", closesAt: "2026-03-08T00:00:00Z"')).toEqual({
        result: { ...whole, points: 30, endsAt: '2026-03-07T00:00:00.000Z', closesAt: '2026-03-08T00:00:00.000Z' },
      });
      expect(await update('closesAt: null, description: null')).toEqual({
        result: { ...whole, points: 30, endsAt: '2026-03-07T00:00:00.000Z', description: null },
      });
      await run(
        `INSERT INTO assignment.override (ern, user_id, submission) VALUES ('${ern}', 'student-1', 'SUBMITTED')`,
      );
      expect(await mutate('assignment', 'admin-1', `deleteAssignment(ern: "${ern}")`)).toEqual({ result: ern });
      expect(await services().database.query('SELECT FROM assignment.override WHERE ern = $1', [ern])).toEqual([]);
    });

    test('stores a membership from its owner only, once, and never after a newer one', async () => {
      const record = (enrolled: boolean, revision: number, course = C1) =>
        `recordAttendanceEnrollment(course: "${course}", user: "student-3", enrolled: ${enrolled}, revision: ${revision})`;
      const enrolled = () =>
        services().database.query(`SELECT enrolled, revision FROM attendance.enrollment WHERE user_id = 'student-3'`);
      for (const change of [record(true, 1), record(true, 1), record(false, 3), record(true, 2)]) {
        expect(await mutate('attendance', LECTURE, change)).toEqual({ result: true });
      }
      expect(await enrolled()).toEqual([{ enrolled: false, revision: 3 }]);
      for (const who of ['admin-1', 'student-3', CALENDAR])
        expect(await refused('attendance', who, record(true, 9))).toMatch(/^FORBIDDEN/);
      expect(await refused('attendance', LECTURE, record(true, 9, 'ern:lms:course/77'))).toMatch(/^NOT_FOUND/);
      expect(await refused('attendance', LECTURE, record(true, 0))).toMatch(/^BAD_USER_INPUT: revision/);
    });
  });
}
