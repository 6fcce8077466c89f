// The sample data that all services agree on without calling each other: one term around today, its
// courses, people and meetings. It is computed from the day and the zone: the same day gives the
// same rows.

import { DAY_MS } from '../../durations.ts';
import type { Statements } from '../storage/database.ts';
import { COURSES } from './courses.ts';
import { type SampleLanguage, WORDS } from './words.ts';

/** The term of the sample data: sixteen weeks, of which this is the fifth. */
export interface Term {
  readonly tenant: string;
  /** IANA zone of the timetable. */
  readonly zone: string;
  /** Local date, YYYY-MM-DD. */
  readonly today: string;
  /** Monday of the first week, YYYY-MM-DD. */
  readonly firstDay: string;
  readonly language: SampleLanguage;
}

/** The current week of the term, from 0. */
export const CURRENT_WEEK = 4;
/** Weeks of a term. */
export const WEEKS = 16;

/** The term around an instant (milliseconds). Throws RangeError for an unknown zone. */
export function termAround(now: number, zone: string, tenant: string, language: SampleLanguage): Term {
  // Sweden writes dates as ISO 8601 does.
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(now);
  const midnight = Date.parse(`${today}T00:00:00Z`);
  const daysSinceMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  const monday = new Date(midnight - (daysSinceMonday + 7 * CURRENT_WEEK) * DAY_MS);
  return { tenant, zone, today, firstDay: monday.toISOString().slice(0, 10), language };
}

/**
 * Courses 1–40, two to each of teacher-1 … teacher-20, six to each of student-1 … student-200.
 * Course n meets at the hour of its block, (n - 1) % 8; a student leaves two blocks out and takes
 * one course of each other, so no two of a student's lectures collide. Student 3 of every 20 joins
 * one course on the third Tuesday. Course 1 has a section, an audience of its own, for its students
 * from student-41 on.
 */
export async function seedCourses(tx: Statements, schema: string, term: Term): Promise<void> {
  const { tenant, firstDay, zone, language } = term;
  const words = WORDS[language];
  await tx.query(
    `INSERT INTO ${schema}.course (ern, title, color, teacher)
     SELECT $3::text || n, title, color, ${words.teacher('(n - 1) % 20 + 1')}
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS c (title, color, n)`,
    [COURSES.map((course) => course[language]), COURSES.map(({ color }) => color), `ern:${tenant}:course/`],
  );
  await tx.query(
    `INSERT INTO ${schema}.staff (course, user_id)
     SELECT $1::text || n, 'teacher-' || (n - 1) % 20 + 1 FROM generate_series(1, $2::int) n`,
    [`ern:${tenant}:course/`, COURSES.length],
  );
  await tx.query(
    `INSERT INTO ${schema}.enrollment (course, user_id, enrolled, revision, since)
     SELECT $1::text || 1 + block + 8 * ((student / 8 + block) % 5), 'student-' || student, true, 1,
            CASE WHEN student % 20 = 3 AND block = ${SPECIAL_BLOCK} THEN ($2::date + 15)::timestamp AT TIME ZONE $3::text END
     FROM generate_series(1, 200) student, generate_series(0, 7) block
     WHERE block NOT IN (student % 8, (student + 3) % 8)`,
    [`ern:${tenant}:course/`, firstDay, zone],
  );
  await seedSection(tx, schema, `ern:${tenant}:course/1`, words.section);
}

/** The name of the section of a course, below the course's. */
export const SECTION = '/section/1';

async function seedSection(tx: Statements, schema: string, course: string, name: string): Promise<void> {
  const names = [course, course + SECTION];
  await tx.query(
    `INSERT INTO ${schema}.course (ern, title, color, teacher)
     SELECT $2, title || ' ' || ${name}, color, teacher FROM ${schema}.course WHERE ern = $1`,
    names,
  );
  await tx.query(
    `INSERT INTO ${schema}.staff (course, user_id) SELECT $2, user_id FROM ${schema}.staff WHERE course = $1`,
    names,
  );
  await tx.query(
    `INSERT INTO ${schema}.enrollment (course, user_id, enrolled, revision)
     SELECT $2, user_id, true, 1 FROM ${schema}.enrollment
     WHERE course = $1 AND split_part(user_id, '-', 2)::int > 40`,
    names,
  );
}

/**
 * The block in which students have their exception, an extension or a hidden item; always one they
 * take.
 */
export const SPECIAL_BLOCK = '((student + 5) % 8)';

/**
 * The meetings of the term as a table expression: number (over all courses), course, course_no,
 * block, week, nth (of the week), starts_at. Parameters `$1` the name before a course's number,
 * `$2` the first day, `$3` the zone.
 */
export const MEETINGS = `(
  SELECT row_number() OVER (ORDER BY course_no, week, nth) AS number, $1::text || course_no AS course, course_no,
         (course_no - 1) % 8 AS block, week, nth,
         ($2::date + 7 * week + day + make_interval(hours => 9 + (course_no - 1) % 8)) AT TIME ZONE $3::text AS starts_at
  FROM generate_series(1, ${COURSES.length}) course_no,
       generate_series(0, ${WEEKS - 1}) week,
       unnest((ARRAY['{0,2,4}', '{1,3}', '{0,2}', '{1,3,4}', '{2,4}'])[1 + (course_no - 1) / 8]::int[])
         WITH ORDINALITY AS weekday (day, nth)
) AS meeting`;

/** Values of the parameters of {@link MEETINGS}. */
export function meetingParams({ tenant, firstDay, zone }: Term): readonly string[] {
  return [`ern:${tenant}:course/`, firstDay, zone];
}
