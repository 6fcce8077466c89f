// An attendance check that moves: for all, or for one student.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CALENDAR, LECTURE, type Services } from '../harness.ts';

const C1 = 'ern:lms:course/1';
const CHECK = `${C1}/check/1`;

/** Registers the suite; `services` is asked when the tests run. */
export function describeMovedChecks(services: () => Services): void {
  describe('a check that moves', () => {
    const at = (instant: string) => services().clock.set(Date.parse(instant));
    const move = (more = '', who = 'teacher-1') =>
      services().ask<{ moved: object }>(
        'attendance',
        who,
        `mutation { moved: rescheduleAttendanceCheck(ern: "${CHECK}", startsAt: "2026-03-03T01:00:00Z", endsAt: "2026-03-03T01:20:00Z"${more}) { startsAt lateAt endsAt } }`,
      );
    const checkIn = () =>
      services().ask('attendance', 'student-1', `mutation { checkIn(ern: "${CHECK}") { outcome } }`);

    afterAll(() => at('2026-03-02T00:00:00Z'));
    beforeEach(async () => {
      await services().reset();
      at('2026-03-02T00:00:00Z');
      await services().database.script(`INSERT INTO attendance.item (ern, course, title, starts_at, late_at, ends_at)
        VALUES ('${CHECK}', '${C1}', '출석', '2026-03-02T00:00Z', '2026-03-02T00:10Z', '2026-03-02T00:50Z')`);
    });

    test('takes its lateAt along, at most to its end', async () => {
      const moved = { startsAt: '2026-03-03T01:00:00.000Z', endsAt: '2026-03-03T01:20:00.000Z' };
      expect(await move()).toEqual({ moved: { ...moved, lateAt: '2026-03-03T01:10:00.000Z' } });
      await services().database.script(
        `UPDATE attendance.item SET starts_at = '2026-03-02T00:00Z', late_at = '2026-03-02T00:30Z', ends_at = '2026-03-02T00:50Z'`,
      );
      expect(await move()).toEqual({ moved: { ...moved, lateAt: moved.endsAt } });
      expect(await move(', lateAt: "2026-03-03T01:05:00Z"')).toMatchObject({
        moved: { lateAt: '2026-03-03T01:05:00.000Z' },
      });
      expect(await move(', lateAt: null')).toEqual({ moved: { ...moved, lateAt: null } });
      expect(await move()).toEqual({ moved: { ...moved, lateAt: null } });
    });

    test('is moved by teachers of its course only, with dates in order', async () => {
      await expect(move('', 'student-1')).rejects.toThrow('FORBIDDEN');
      await expect(move(', lateAt: "2026-03-03T01:20:01Z"')).rejects.toThrow('endsAt: expected an instant not before');
      await expect(move(', lateAt: "2026-03-03T00:59:59Z"')).rejects.toThrow('lateAt: expected an instant not before');
    });

    test('for one student, is late for that student as long after its start', async () => {
      await services().database.script(`INSERT INTO attendance.override (ern, user_id, starts_at, ends_at)
        VALUES ('${CHECK}', 'student-1', '2026-03-03T05:00Z', '2026-03-03T05:50Z')`);
      const r = [{ __typename: 'AttendanceItem', ern: CHECK, audience: 'ern:lms:user/student-1' }];
      const document = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on AttendanceItem { lateAt } } }';
      expect(await services().ask('attendance', CALENDAR, document, { r })).toEqual({
        _entities: [{ lateAt: '2026-03-03T05:10:00.000Z' }],
      });
      at('2026-03-03T05:09:59Z');
      expect(await checkIn()).toEqual({ checkIn: { outcome: 'PRESENT' } });
      await services().database.script('UPDATE attendance.override SET outcome = null');
      at('2026-03-03T05:10:00Z');
      expect(await checkIn()).toEqual({ checkIn: { outcome: 'LATE' } });
    });

    test('moves with its lecture when the teacher says so, once for each move', async () => {
      await services().database.script(`INSERT INTO lecture.item (ern, course, title, starts_at, ends_at)
        VALUES ('${C1}/lecture/1', '${C1}', '강의', '2026-03-02T00:00Z', '2026-03-02T00:50Z')`);
      const reschedule = (hour: string, more: string) =>
        services().ask(
          'lecture',
          'teacher-1',
          `mutation { rescheduleLecture(ern: "${C1}/lecture/1", startsAt: "2026-03-04T${hour}:00:00Z", endsAt: "2026-03-04T${hour}:50:00Z"${more}) { ern } }`,
        );
      const deliver = (index: number) =>
        services().ask(
          'attendance',
          LECTURE,
          `mutation ($course: ERN!, $lecture: ERN!, $wasStartsAt: DateTime!, $wasEndsAt: DateTime!, $startsAt: DateTime!, $revision: Int!) {
          recordLectureMove(course: $course, lecture: $lecture, wasStartsAt: $wasStartsAt, wasEndsAt: $wasEndsAt, startsAt: $startsAt, revision: $revision) }`,
          { ...moves()[index] },
        );
      const moves = () => services().subscribers.attendance.moves;
      const dates = async (ern = CHECK) =>
        (
          await services().ask<{ attendanceCheck: object }>(
            'attendance',
            'student-1',
            `{ attendanceCheck(ern: "${ern}") { startsAt lateAt endsAt } }`,
          )
        ).attendanceCheck;
      const from = (hour: string) => ({
        startsAt: `2026-03-04T${hour}:00:00.000Z`,
        lateAt: `2026-03-04T${hour}:10:00.000Z`,
        endsAt: `2026-03-04T${hour}:50:00.000Z`,
      });
      await services().database.script(`INSERT INTO attendance.item (ern, course, title, starts_at, ends_at, lecture)
        VALUES ('${C1}/check/2', '${C1}', '다른 강의', '2026-03-02T00:00Z', '2026-03-02T00:50Z', '${C1}/lecture/2')`);
      await services().database.script(`UPDATE attendance.item SET lecture = '${C1}/lecture/1' WHERE ern = '${CHECK}'`);
      await reschedule('05', ', moveChecks: true');
      await reschedule('06', ', moveChecks: true');
      await reschedule('07', '');
      expect(moves()).toHaveLength(2);
      expect(services().subscribers.assignment.moves).toEqual([]);
      await deliver(0);
      expect(await dates()).toEqual(from('05'));
      await deliver(0);
      expect(await dates()).toEqual(from('05'));
      await deliver(1);
      expect(await dates()).toEqual(from('06'));
      await deliver(0);
      expect(await dates()).toEqual(from('06'));
      expect(await dates(`${C1}/check/2`)).toMatchObject({ startsAt: '2026-03-02T00:00:00.000Z' });
    });
  });
}
