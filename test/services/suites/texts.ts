// What mutations say to texts that cannot be stored, and that nothing of them is logged.
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ServiceName, Services } from '../harness.ts';

const C1 = 'ern:lms:course/1';
const dates = 'startsAt: "2026-03-05T00:00:00Z", endsAt: "2026-03-06T00:00:00Z"';
const NUL = String.raw`x\u0000`;

/** Registers the suite; `services` is asked when the tests run. */
export function describeTexts(services: () => Services): void {
  describe('texts', () => {
    beforeEach(async () => {
      await services().reset();
      await services().database.script(`
        INSERT INTO lecture.item (ern, course, title, starts_at, ends_at, room)
          VALUES ('${C1}/lecture/1', '${C1}', '강의', '2026-03-05T00:00Z', '2026-03-05T01:00Z', '201호');
        INSERT INTO assignment.item (ern, course, title, starts_at, ends_at)
          VALUES ('${C1}/assignment/1', '${C1}', '과제', '2026-03-01T00:00Z', '2026-03-05T01:00Z')`);
    });

    test.each<[ServiceName, string]>([
      ['lecture', `createLecture(input: { course: "${C1}", title: "${NUL}", ${dates} }) { ern }`],
      ['lecture', `createLecture(input: { course: "${C1}", title: "x", room: "${NUL}", ${dates} }) { ern }`],
      ['lecture', `rescheduleLecture(ern: "${C1}/lecture/1", room: "${NUL}", ${dates}) { ern }`],
      ['lecture', `rescheduleLecture(ern: "${C1}/lecture/${NUL}", ${dates}) { ern }`],
      ['lecture', `setLectureHidden(ern: "${C1}/lecture/1", user: "${NUL}", hidden: true) { ern }`],
      ['lecture', `enroll(course: "${C1}", user: "${NUL}") { user }`],
      ['lecture', `withdraw(course: "${C1}", user: "${NUL}") { user }`],
      ['attendance', `openAttendanceCheck(input: { course: "${C1}", title: "${NUL}", ${dates} }) { ern }`],
      ['assignment', `createAssignment(input: { course: "${C1}", title: "${NUL}", ${dates} }) { ern }`],
      [
        'assignment',
        `createAssignment(input: { course: "${C1}", title: "x", description: "${NUL}", ${dates} }) { ern }`,
      ],
      ['assignment', `updateAssignment(ern: "${C1}/assignment/1", input: { title: "${NUL}" }) { ern }`],
      [
        'assignment',
        `grantExtension(ern: "${C1}/assignment/1", user: "student-1", endsAt: "2026-03-20T00:00:00Z", reason: "${NUL}") { endsAt }`,
      ],
      ['assignment', `submitAssignment(ern: "${C1}/assignment/1", url: "https://x.example/${NUL}") { state }`],
    ])('%s refuses NUL as bad input: %s', async (service, field) => {
      const who = field.startsWith('submit') ? 'student-1' : 'teacher-1';
      expect(await services().refusal(service, who, `mutation { ${field} }`)).toMatch(
        /^BAD_USER_INPUT: .*expected .*given /,
      );
    });

    test('a room is removed with null, and stays without an argument', async () => {
      const move = (more: string) =>
        services().ask(
          'lecture',
          'teacher-1',
          `mutation { rescheduleLecture(ern: "${C1}/lecture/1", ${dates}${more}) { room } }`,
        );
      expect(await move('')).toEqual({ rescheduleLecture: { room: '201호' } });
      expect(await move(', room: null')).toEqual({ rescheduleLecture: { room: null } });
      expect(await move(', room: "202호"')).toEqual({ rescheduleLecture: { room: '202호' } });
    });
  });
}
