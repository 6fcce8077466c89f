// Who wrote a row, and when, is kept with it.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { LECTURE, type ServiceName, type Services } from '../harness.ts';

const COURSE = 'ern:lms:course/1';

/** Registers the suite; `services` is asked when the tests run. */
export function describeAudit(services: () => Services): void {
  describe('a row', () => {
    beforeEach(() => services().reset());
    const writers = async (table: string, user: string) =>
      services().database.query(
        `SELECT written_by AS by, written_at IS NOT NULL AS at FROM ${table} WHERE user_id = $1 AND course = '${COURSE}'`,
        [user],
      );
    const ask = (service: ServiceName, who: string, mutation: string) =>
      services().ask(service, who, `mutation { ${mutation} }`);

    test('of an item says who wrote it last, and when', async () => {
      const { createLecture } = (await ask(
        'lecture',
        'teacher-1',
        `createLecture(input: { course: "${COURSE}", title: "A", startsAt: "2026-03-09T00:00:00Z", endsAt: "2026-03-09T01:00:00Z" }) { ern }`,
      )) as { createLecture: { ern: string } };
      const writer = async () =>
        services().database.query('SELECT written_by AS by FROM lecture.item WHERE ern = $1', [createLecture.ern]);
      expect(await writer()).toEqual([{ by: 'teacher-1' }]);
      await ask(
        'lecture',
        'admin-1',
        `setLectureHidden(ern: "${createLecture.ern}", user: "student-1", hidden: true) { ern }`,
      );
      expect(await services().database.query('SELECT written_by AS by FROM lecture.override')).toEqual([
        { by: 'admin-1' },
      ]);
      expect(await writer()).toEqual([{ by: 'teacher-1' }]);
    });

    test('of an enrollment or of who teaches says so too, also after it has ended', async () => {
      await ask('lecture', 'teacher-1', `withdraw(course: "${COURSE}", user: "student-1") { enrolled }`);
      await ask('lecture', 'admin-1', `assignTeacher(course: "${COURSE}", user: "teacher-9") { teaches }`);
      expect(await writers('lecture.enrollment', 'student-1')).toEqual([{ by: 'teacher-1', at: true }]);
      expect(await writers('lecture.staff', 'teacher-9')).toEqual([{ by: 'admin-1', at: true }]);
      await ask('lecture', 'teacher-1', `removeTeacher(course: "${COURSE}", user: "teacher-9") { teaches }`);
      expect(await writers('lecture.staff_revision', 'teacher-9')).toEqual([{ by: 'teacher-1', at: true }]);
    });

    test('of an observer says so too', async () => {
      await ask(
        'lecture',
        'admin-1',
        'setObserver(observer: "parent-9", student: "student-1", observes: true) { observes }',
      );
      const sql = `SELECT written_by AS by, written_at IS NOT NULL AS at FROM lecture.observer WHERE observer = 'parent-9'`;
      expect(await services().database.query(sql)).toEqual([{ by: 'admin-1', at: true }]);
    });

    test('that another service delivered names that service', async () => {
      await ask(
        'attendance',
        LECTURE,
        `recordAttendanceEnrollment(course: "${COURSE}", user: "student-8", enrolled: true, revision: 1)`,
      );
      expect(await writers('attendance.enrollment', 'student-8')).toEqual([{ by: 'service lecture', at: true }]);
    });
  });
}
