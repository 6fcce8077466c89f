// The assignment service's columns, and its sample data: one assignment for each week and course,
// submissions, some extensions and hidden items.

import { CURRENT_WEEK, SECTION, SPECIAL_BLOCK, type Term, WEEKS } from '../sample-data/term.ts';
import { WORDS } from '../sample-data/words.ts';
import type { ServiceTables } from '../shared/tables.ts';
import type { Statements } from '../storage/database.ts';

/** The tables of SQL schema `assignment`. */
export const ASSIGNMENT_TABLES: ServiceTables = {
  schema: 'assignment',
  itemColumns: [
    'closes_at timestamptz CHECK (closes_at >= ends_at)',
    'points int NOT NULL DEFAULT 100 CHECK (points >= 0)',
    'description text',
    'submission_url text',
  ],
  overrideColumns: [
    `submission text CHECK (submission IN ('NONE', 'SUBMITTED', 'LATE', 'EXCUSED'))`,
    'submitted_at timestamptz',
    'url text',
  ],
  more: '',
  userTables: [],
  seed,
};

async function seed(tx: Statements, term: Term): Promise<void> {
  const { tenant, firstDay, zone, today, language } = term;
  const words = WORDS[language];
  await tx.query(
    `INSERT INTO assignment.item (ern, course, title, starts_at, ends_at, closes_at, updated_at, description, submission_url)
     SELECT c.ern || '/assignment/' || number, c.ern, c.title || ' ' || ${words.assignment('week + 1')}, starts_at, ends_at,
            CASE course_no % 2 WHEN 1 THEN ends_at + interval '2 days' END,
            $2::date::timestamp AT TIME ZONE $3::text - interval '7 days',
            ${words.task('week + 1')}, 'https://lms.example/courses/' || course_no || '/assignments/' || number
     FROM assignment.course c,
          LATERAL (SELECT split_part(c.ern, '/', 2)::int) n (course_no),
          generate_series(0, ${WEEKS - 1}) week,
          LATERAL (SELECT (course_no - 1) * ${WEEKS} + week + 1, $2::date + 7 * week) w (number, monday),
          LATERAL (SELECT (monday + time '09:00') AT TIME ZONE $3::text,
                          (monday + 2 + course_no % 5 + time '23:59') AT TIME ZONE $3::text) d (starts_at, ends_at)
     WHERE c.ern LIKE 'ern:' || $1::text || ':course/%' AND c.ern NOT LIKE '%${SECTION}'`,
    [tenant, firstDay, zone],
  );
  const section = `ern:${tenant}:course/1${SECTION}`;
  await seedReport(tx, section, term);
  await tx.query(
    `INSERT INTO assignment.override (ern, user_id, hidden, ends_at, reason, submission, submitted_at, url, updated_at)
     SELECT ern, user_id, hidden, CASE WHEN extended THEN ends_at + interval '3 days' WHEN overtaken THEN ends_at - interval '1 day' END,
            CASE WHEN extended OR overtaken THEN ${words.illness} END,
            submission, submitted_at,
            CASE WHEN submitted_at IS NOT NULL THEN 'https://files.example/' || user_id || '/' || number || '.pdf' END,
            coalesce(submitted_at, least(starts_at, midnight))
     FROM (${STUDENTS_WORK}) AS work
     WHERE extended OR overtaken OR hidden OR submission IS NOT NULL`,
    [zone, today],
  );
  await seedSectionExtension(tx, section, words.illness);
}

/** The one assignment of the section, due in the seventh week. */
async function seedReport(tx: Statements, section: string, { firstDay, zone, language }: Term): Promise<void> {
  await tx.query(
    `INSERT INTO assignment.item (ern, course, title, starts_at, ends_at, updated_at)
     SELECT ern || '/assignment/1', ern, title || ' ' || ${WORDS[language].report}, ($2::date + 14 + time '09:00') AT TIME ZONE $3::text,
            ($2::date + 46 + time '23:59') AT TIME ZONE $3::text, $2::date::timestamp AT TIME ZONE $3::text - interval '7 days'
     FROM assignment.course WHERE ern = $1`,
    [section, firstDay, zone],
  );
}

/** The first student of the section has until the next month. */
async function seedSectionExtension(tx: Statements, section: string, reason: string): Promise<void> {
  await tx.query(
    `INSERT INTO assignment.override (ern, user_id, ends_at, reason, updated_at)
     SELECT i.ern, min(m.user_id), i.ends_at + interval '31 days', ${reason}, i.starts_at
     FROM assignment.item i JOIN assignment.enrollment m USING (course) WHERE i.course = $1 GROUP BY i.ern
     ON CONFLICT (user_id, ern) DO UPDATE SET ends_at = excluded.ends_at, reason = excluded.reason`,
    [section],
  );
}

/**
 * The submissions of the sample data. Of past assignments seventeen of twenty were handed in, or
 * late where that is accepted; of open ones five of twenty, on the first day. Extensions are for
 * assignments that are not handed in yet; student 4 of every 20 has one that the course's due date
 * has overtaken since.
 */
const STUDENTS_WORK = `
  SELECT work.*, CASE submission WHEN 'SUBMITTED' THEN CASE WHEN due THEN ends_at - dice * interval '3 hours' ELSE starts_at + interval '1 hour' END
                                 WHEN 'LATE' THEN ends_at + interval '1 minute' END AS submitted_at
  FROM (
    SELECT i.ern, i.starts_at, i.ends_at, m.user_id, number, dice, midnight, due, extended, overtaken, hidden,
           CASE WHEN extended OR overtaken OR hidden OR i.ends_at <= m.since THEN null
                WHEN due AND dice = 0 THEN 'EXCUSED'
                WHEN due AND dice = 1 AND i.closes_at IS NOT NULL THEN 'LATE'
                WHEN due AND dice > 2 THEN 'SUBMITTED'
                WHEN opened AND dice > 14 THEN 'SUBMITTED' END AS submission
    FROM assignment.item i JOIN assignment.enrollment m USING (course),
         LATERAL (SELECT split_part(i.course, '/', 2)::int, split_part(i.ern, '/', 4)::int, split_part(m.user_id, '-', 2)::int)
           k (course_no, number, student),
         LATERAL (SELECT (number - 1) % ${WEEKS}, (course_no - 1) % 8, (student * 13 + number * 7) % 20) p (week, block, dice),
         LATERAL (SELECT $2::date::timestamp AT TIME ZONE $1::text) t (midnight),
         LATERAL (SELECT i.ends_at < midnight, i.starts_at < midnight) s (due, opened),
         LATERAL (SELECT week = ${CURRENT_WEEK} AND student % 20 = 1 AND block = ${SPECIAL_BLOCK},
                         week = ${CURRENT_WEEK + 1} AND student % 20 = 2 AND block = ${SPECIAL_BLOCK},
                         week = ${CURRENT_WEEK} AND student % 20 = 4 AND block = ${SPECIAL_BLOCK}) x (extended, hidden, overtaken)
  ) AS work`;
