// The sample data: one term around today, the same at every start of a day, with enough of
// everything.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ASSIGNMENT_TABLES } from '../../../src/services/assignment/tables.ts';
import { ATTENDANCE_TABLES } from '../../../src/services/attendance/tables.ts';
import { LECTURE_TABLES } from '../../../src/services/lecture/tables.ts';
import { termAround } from '../../../src/services/sample-data/term.ts';
import type { SampleLanguage } from '../../../src/services/sample-data/words.ts';
import { prepareTables } from '../../../src/services/shared/tables.ts';
import type { Database } from '../../../src/services/storage/database.ts';
import { openEmbedded } from '../../../src/services/storage/pglite.ts';

const ALL = [LECTURE_TABLES, ATTENDANCE_TABLES, ASSIGNMENT_TABLES];
/** Saturday 2026-11-21 in Seoul, at two moments of it. */
const MORNING = Date.parse('2026-11-20T15:00:00Z');
const NIGHT = Date.parse('2026-11-21T14:59:59Z');

async function filled(now: number, language: SampleLanguage = 'ko'): Promise<Database> {
  const database = await openEmbedded();
  const term = termAround(now, 'Asia/Seoul', 'lms', language);
  await database.transaction(async (tx) => {
    for (const tables of ALL) await prepareTables(tx, tables, 'lms', term);
  });
  return database;
}

test('the current week, from Monday, is the fifth of the term', () => {
  expect(termAround(MORNING, 'Asia/Seoul', 'lms', 'ko')).toEqual({
    language: 'ko',
    tenant: 'lms',
    zone: 'Asia/Seoul',
    today: '2026-11-21',
    firstDay: '2026-10-19',
  });
  expect(termAround(MORNING, 'America/New_York', 'lms', 'ko').today).toBe('2026-11-20');
  expect(termAround(Date.parse('2026-11-23T00:00:00Z'), 'UTC', 'lms', 'ko').firstDay).toBe('2026-10-26');
  expect(termAround(Date.parse('2026-11-22T23:59:59Z'), 'UTC', 'lms', 'ko').firstDay).toBe('2026-10-19');
});

describe('sample data', () => {
  let database: Database;
  const one = async (sql: string) => (await database.query<Record<string, unknown>>(sql))[0];

  beforeAll(async () => {
    database = await filled(MORNING);
  }, 60_000);
  afterAll(() => database.close());

  test('is the same on every start of the same day', async () => {
    const digest = async (db: Database) => {
      const digests = [];
      for (const { schema } of ALL) {
        for (const table of ['course', 'staff', 'enrollment', 'item', 'override']) {
          digests.push(
            await db.query(
              `SELECT '${schema}.${table}' AS name, count(*)::int, md5(string_agg(t::text, ';' ORDER BY t::text COLLATE "C")) FROM ${schema}.${table} t`,
            ),
          );
        }
      }
      return digests;
    };
    const again = await filled(NIGHT);
    expect(await digest(again)).toEqual(await digest(database));
    await again.close();
  }, 60_000);

  test('has forty courses, and two hundred students with six each', async () => {
    const isCourse = `course NOT LIKE '%/section/%'`;
    for (const { schema } of ALL) {
      expect(
        await one(`SELECT (SELECT count(*)::int FROM ${schema}.course WHERE ern NOT LIKE '%/section/%') AS courses,
          (SELECT count(*)::int FROM ${schema}.staff WHERE ${isCourse}) AS staff,
          count(*)::int AS students, min(n)::int AS fewest, max(n)::int AS most
          FROM (SELECT count(*) AS n FROM ${schema}.enrollment WHERE ${isCourse} GROUP BY user_id) AS student`),
      ).toEqual({ courses: 40, staff: 40, students: 200, fewest: 6, most: 6 });
    }
    expect(await database.query('SELECT observer, student FROM lecture.observer ORDER BY student')).toEqual([
      { observer: 'observer-1', student: 'student-1' },
      { observer: 'observer-1', student: 'student-2' },
    ]);
  });

  test('has two or three lectures with a check each and one assignment for each week and course', async () => {
    const perWeek = (table: string) =>
      one(`SELECT min(n)::int AS fewest, max(n)::int AS most, count(*)::int AS weeks FROM (
        SELECT count(*) AS n FROM ${table}.item WHERE course NOT LIKE '%/section/%' GROUP BY course, date_trunc('week', starts_at AT TIME ZONE 'Asia/Seoul')
      ) AS week`);
    expect(await perWeek('lecture')).toEqual({ fewest: 2, most: 3, weeks: 40 * 16 });
    expect(await perWeek('attendance')).toEqual({ fewest: 2, most: 3, weeks: 40 * 16 });
    expect(await perWeek('assignment')).toEqual({ fewest: 1, most: 1, weeks: 40 * 16 });
    expect(
      await one(`SELECT count(*)::int AS checks FROM lecture.item l JOIN attendance.item a
        ON a.ern = replace(l.ern, '/lecture/', '/check/') AND a.starts_at = l.starts_at AND a.course = l.course`),
    ).toEqual({ checks: 1536 });
  });

  test('has a section with lectures and an assignment, which a student has until another month', async () => {
    const section = 'ern:lms:course/1/section/1';
    for (const { schema } of ALL) {
      const members = await database.query(`SELECT FROM ${schema}.enrollment WHERE course = '${section}'`);
      expect(members.length).toBeGreaterThan(10);
    }
    expect(await one(`SELECT count(*)::int AS n FROM lecture.item WHERE course = '${section}'`)).toEqual({ n: 16 });
    const months = await one(`SELECT to_char(o.ends_at, 'YYYY-MM') > to_char(i.ends_at, 'YYYY-MM') AS later
      FROM assignment.override o JOIN assignment.item i USING (ern) WHERE i.course = '${section}' AND o.ends_at IS NOT NULL`);
    expect(months).toEqual({ later: true });
  });

  test('has no overlapping lectures of a student', async () => {
    const collisions =
      await database.query(`SELECT m.user_id FROM lecture.item a JOIN lecture.enrollment m ON m.course = a.course
      JOIN lecture.enrollment n ON n.user_id = m.user_id
      JOIN lecture.item b ON b.course = n.course AND b.ern > a.ern AND b.starts_at < a.ends_at AND b.ends_at > a.starts_at
      WHERE m.user_id IN ('student-1', 'student-77', 'student-200')`);
    expect(collisions).toEqual([]);
  });

  test('gives student-1 an extension, hidden items, submissions and outcomes in their courses', async () => {
    const own = (schema: string, what: string) =>
      one(`SELECT count(*)::int AS n FROM ${schema}.override o JOIN ${schema}.item i USING (ern)
        JOIN ${schema}.enrollment m ON m.course = i.course AND m.user_id = o.user_id WHERE o.user_id = 'student-1' AND ${what}`);
    expect(await own('assignment', `o.ends_at > i.ends_at AND o.reason IS NOT NULL`)).toEqual({ n: 1 });
    expect(await own('lecture', 'o.hidden')).toEqual({ n: 1 });
    expect(await own('attendance', 'o.hidden')).toEqual({ n: 1 });
    for (const [schema, column] of [
      ['assignment', 'o.submission'],
      ['attendance', 'o.outcome'],
    ] as const) {
      const kinds = await database.query(
        `SELECT DISTINCT ${column} AS kind FROM ${schema}.override o WHERE ${column} IS NOT NULL`,
      );
      expect(kinds.length).toBeGreaterThan(2);
      expect(await own(schema, `${column} IS NOT NULL`)).not.toEqual({ n: 0 });
    }
  });

  test('has an extension that a later due date has overtaken, and mid-term enrollments without earlier work', async () => {
    expect(
      await one(`SELECT count(*)::int AS n FROM assignment.override o JOIN assignment.item i USING (ern)
        WHERE o.ends_at < i.ends_at AND o.reason IS NOT NULL AND o.user_id = 'student-4'`),
    ).toEqual({ n: 1 });
    for (const schema of ['attendance', 'assignment']) {
      expect(
        await one(`SELECT count(*)::int AS joined, (SELECT count(*)::int FROM ${schema}.override o JOIN ${schema}.item i USING (ern)
            JOIN ${schema}.enrollment m ON m.course = i.course AND m.user_id = o.user_id WHERE i.ends_at <= m.since) AS earlier
          FROM ${schema}.enrollment WHERE since > '2026-10-19'`),
      ).toEqual({ joined: 10, earlier: 0 });
    }
  });

  test('contains no submission or outcome later than the start of the day', async () => {
    // A submission a minute late for what was due at 23:59 is at midnight exactly.
    const after = `> '2026-11-21T00:00+09:00'::timestamptz`;
    for (const { schema } of ALL) {
      for (const table of ['item', 'override']) {
        expect(await database.query(`SELECT FROM ${schema}.${table} WHERE updated_at ${after}`)).toEqual([]);
      }
    }
    expect(await database.query(`SELECT FROM attendance.override WHERE checked_in_at ${after}`)).toEqual([]);
    expect(await database.query(`SELECT FROM assignment.override WHERE submitted_at ${after}`)).toEqual([]);
  });

  test('causes no changes, and is kept by the next start', async () => {
    await database.script(`UPDATE lecture.course SET title = '바뀐 제목' WHERE ern = 'ern:lms:course/1'`);
    await database.transaction((tx) =>
      prepareTables(tx, LECTURE_TABLES, 'lms', termAround(NIGHT, 'Asia/Seoul', 'lms', 'ko')),
    );
    expect(await one('SELECT count(*)::int AS changes FROM lecture.outbox')).toEqual({ changes: 1 });
    expect(await one(`SELECT title FROM lecture.course WHERE ern = 'ern:lms:course/1'`)).toEqual({
      title: '바뀐 제목',
    });
    const [made] = await database.query<{ n: string }>(`SELECT nextval('lecture.item_number')::text AS n`);
    expect(made?.n).toBe('1553');
  });
});

test('in English the sample data has the same rows, without a Korean word', async () => {
  const [ko, en] = [await filled(MORNING), await filled(MORNING, 'en')];
  try {
    for (const { schema } of ALL) {
      for (const table of ['course', 'item', 'override']) {
        const count = async (db: Database, where = 'true') =>
          (await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${schema}.${table} t WHERE ${where}`))[0]?.n;
        expect(await count(en)).toBe(await count(ko));
        expect(await count(en, `t::text ~ '[가-힣]'`)).toBe(0);
      }
    }
    const [first] = await en.query(`SELECT title, room FROM lecture.item WHERE ern = 'ern:lms:course/1/lecture/1'`);
    expect(first).toEqual({ title: 'Data Structures Week 1, lecture 1', room: 'Engineering 202' });
  } finally {
    await Promise.all([ko.close(), en.close()]);
  }
}, 60_000);
