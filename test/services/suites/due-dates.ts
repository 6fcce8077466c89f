// Which due date counts for one student, and what follows from it: whether work is taken, whether
// it is late, and what the student's calendar lists.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { CALENDAR, type Services } from '../harness.ts';

const C1 = 'ern:lms:course/1';
const A1 = `${C1}/assignment/1`;
const OWN = `query ($r: [_Any!]!) { _entities(representations: $r) {
  ... on AssignmentSlice { items { endsAt closesAt submission originalEndsAt overrideReason } } } }`;

interface OwnItem {
  readonly endsAt: string | null;
  readonly closesAt: string | null;
  readonly submission: string | null;
  readonly originalEndsAt: string | null;
  readonly overrideReason: string | null;
}

/** Registers the suite; `services` is asked when the tests run. */
export function describeDueDates(services: () => Services): void {
  describe('due dates', () => {
    const run = (sql: string) => services().database.script(sql);
    const mutate = async (who: string, field: string) =>
      (await services().ask<{ result: unknown }>('assignment', who, `mutation { result: ${field} }`)).result;
    const refused = (who: string, field: string) =>
      services().refusal('assignment', who, `mutation { result: ${field} }`);
    const submit = (who = 'student-1') => mutate(who, `submitAssignment(ern: "${A1}") { state submittedAt url }`);
    const update = (input: string) =>
      mutate('teacher-1', `updateAssignment(ern: "${A1}", input: { ${input} }) { ern }`);
    const extend = (endsAt: string) =>
      mutate(
        'teacher-1',
        `grantExtension(ern: "${A1}", user: "student-1", endsAt: "${endsAt}", reason: "병결") { endsAt }`,
      );
    /** The student's own item in the slice of [from, to). */
    const own = async (from = '2026-03-01T00:00:00Z', to = '2026-04-01T00:00:00Z') => {
      const r = [{ __typename: 'AssignmentSlice', audience: 'ern:lms:user/student-1', from, to }];
      const answer = await services().ask<{ _entities: { items: OwnItem[] }[] }>('assignment', CALENDAR, OWN, { r });
      return answer._entities[0]?.items;
    };
    const at = (instant: string) => services().clock.set(Date.parse(instant));

    afterAll(() => at('2026-03-02T00:00:00Z'));
    beforeEach(async () => {
      await services().reset();
      at('2026-03-02T00:00:00Z');
      await run(`INSERT INTO assignment.item (ern, course, title, starts_at, ends_at)
        VALUES ('${A1}', '${C1}', '과제', '2026-03-01T00:00Z', '2026-03-04T00:00Z')`);
    });

    test('an extension that a later due date has overtaken changes nothing: neither the calendar nor what is accepted', async () => {
      await extend('2026-03-06T00:00:00Z');
      await update('endsAt: "2026-03-12T00:00:00Z"');
      expect(await own()).toEqual([
        { endsAt: null, closesAt: null, submission: null, originalEndsAt: null, overrideReason: null },
      ]);
      at('2026-03-11T00:00:00Z');
      expect(await submit()).toMatchObject({ state: 'SUBMITTED' });
    });

    test('an assignment that starts after its extension ends is listed by the dates of the course', async () => {
      await extend('2026-03-06T00:00:00Z');
      await update('startsAt: "2026-05-10T00:00:00Z", endsAt: "2026-05-12T00:00:00Z"');
      expect(await own('2026-05-01T00:00:00Z', '2026-06-01T00:00:00Z')).toMatchObject([{ endsAt: null }]);
      expect(await own()).toEqual([]);
    });

    test('an extension counts again when the due date of the course moves back before it', async () => {
      await extend('2026-03-06T00:00:00Z');
      await update('endsAt: "2026-03-12T00:00:00Z"');
      await update('endsAt: "2026-03-05T00:00:00Z"');
      expect(await own()).toMatchObject([
        { endsAt: '2026-03-06T00:00:00.000Z', originalEndsAt: '2026-03-05T00:00:00.000Z', overrideReason: '병결' },
      ]);
    });

    test('late work becomes work in time when an extension is granted, or the due date moves for all, and late again when it moves back', async () => {
      await update('closesAt: "2026-03-20T00:00:00Z"');
      at('2026-03-05T00:00:00Z');
      expect(await submit()).toMatchObject({ state: 'LATE' });
      expect(await own()).toMatchObject([{ submission: 'LATE' }]);
      await extend('2026-03-06T00:00:00Z');
      expect(await own()).toMatchObject([{ submission: 'SUBMITTED' }]);
      await run('UPDATE assignment.override SET ends_at = null');
      expect(await own()).toMatchObject([{ submission: 'LATE' }]);
      await update('endsAt: "2026-03-08T00:00:00Z"');
      expect(await own()).toMatchObject([{ submission: 'SUBMITTED' }]);
      await update('endsAt: "2026-03-04T00:00:00Z"');
      expect(await own()).toMatchObject([{ submission: 'LATE' }]);
    });

    test('a due date that reads 23:59 accepts work until 23:59:59, one with seconds until the end of its second', async () => {
      await update('endsAt: "2026-03-04T23:59:00Z"');
      at('2026-03-04T23:59:59.999Z');
      expect(await submit()).toMatchObject({ state: 'SUBMITTED' });
      expect(await own()).toMatchObject([{ submission: 'SUBMITTED' }]);
      at('2026-03-05T00:00:00Z');
      expect(await refused('student-2', `submitAssignment(ern: "${A1}") { state }`)).toBe(
        'CONFLICT: submitAssignment: expected a time from 2026-03-01T00:00:00.000Z before 2026-03-05T00:00:00.000Z, given 2026-03-05T00:00:00.000Z',
      );
      await update('endsAt: "2026-03-05T00:00:30Z", closesAt: "2026-03-05T00:01:00Z"');
      at('2026-03-05T00:00:30.999Z');
      expect(await submit()).toMatchObject({ state: 'SUBMITTED' });
      at('2026-03-05T00:00:31Z');
      expect(await submit()).toMatchObject({ state: 'LATE' });
      expect(await own()).toMatchObject([{ submission: 'LATE' }]);
      at('2026-03-05T00:01:59.999Z');
      expect(await submit()).toMatchObject({ state: 'LATE' });
      at('2026-03-05T00:02:00Z');
      expect(await refused('student-1', `submitAssignment(ern: "${A1}") { state }`)).toMatch(/^CONFLICT/);
    });

    test('of two submissions the later one by time is kept, and the other is told what is stored', async () => {
      await run(`INSERT INTO assignment.override (ern, user_id, submission, submitted_at, url)
        VALUES ('${A1}', 'student-1', 'SUBMITTED', '2026-03-02T00:00:01Z', 'https://files.example/later')`);
      const later = {
        state: 'SUBMITTED',
        submittedAt: '2026-03-02T00:00:01.000Z',
        url: 'https://files.example/later',
      };
      expect(await submit()).toEqual(later);
      at('2026-03-02T00:00:02Z');
      expect(await submit()).toEqual({ state: 'SUBMITTED', submittedAt: '2026-03-02T00:00:02.000Z', url: null });
    });
  });
}

/** Registers what takes two connections at once to see. */
export function describeSimultaneousStudents(services: () => Services): void {
  const check = `${C1}/check/1`;
  beforeEach(async () => {
    await services().reset();
    await services().database.script(`
      INSERT INTO assignment.item (ern, course, title, starts_at, ends_at)
        VALUES ('${A1}', '${C1}', '과제', now() - interval '1 day', now() + interval '3650 days');
      UPDATE assignment.item SET starts_at = '2026-01-01T00:00Z';
      INSERT INTO attendance.item (ern, course, title, starts_at, ends_at)
        VALUES ('${check}', '${C1}', '출석', '2026-01-01T00:00Z', '2099-01-01T00:00Z')`);
  });
  /**
   * Holds an item for its teacher until `students` wait for it, each a millisecond after the last.
   */
  const whileLocked = async (schema: string, students: readonly (() => Promise<unknown>)[]) => {
    const { database, clock } = services();
    const answers: Promise<unknown>[] = [];
    await database.transaction(async (teacher) => {
      await teacher.query(`SELECT FROM ${schema}.item FOR UPDATE`);
      for (const [index, student] of students.entries()) {
        answers.push(student());
        await eventually('a student that waits', async () => {
          const [row] = await database.query<{ waiting: number }>(
            `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%' || $1 || '.item%'`,
            [schema],
          );
          return row?.waiting === index + 1;
        });
        await clock.advance(1);
      }
    });
    return Promise.all(answers);
  };

  test('the time of a submission is when it arrived, not when a lock was free', async () => {
    const sentAt = new Date(services().clock.now()).toISOString();
    const [first] = await whileLocked('assignment', [
      () => services().ask('assignment', 'student-1', `mutation { submitAssignment(ern: "${A1}") { submittedAt } }`),
    ]);
    expect(first).toEqual({ submitAssignment: { submittedAt: sentAt } });
  });

  test('a double tap on check-in is told one time, the stored one', async () => {
    const tap = () =>
      services().ask('attendance', 'student-1', `mutation { checkIn(ern: "${check}") { outcome checkedInAt } }`);
    for (let round = 0; round < 10; round += 1) {
      await services().database.script('DELETE FROM attendance.override');
      const [first, second] = await whileLocked('attendance', [tap, tap]);
      expect(second).toEqual(first);
      const [stored] = await services().database.query<{ at: string }>(
        `SELECT to_char(checked_in_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at FROM attendance.override`,
      );
      expect(first).toEqual({ checkIn: { outcome: 'PRESENT', checkedInAt: stored?.at } });
    }
  });
}
