// The attendance service's columns, and its sample data: a check in each lecture, and the outcomes
// of past ones.

import { CURRENT_WEEK, MEETINGS, meetingParams, SPECIAL_BLOCK, type Term } from '../sample-data/term.ts';
import { WORDS } from '../sample-data/words.ts';
import type { ServiceTables } from '../shared/tables.ts';
import type { Statements } from '../storage/database.ts';

/** The tables of SQL schema `attendance`. */
export const ATTENDANCE_TABLES: ServiceTables = {
  schema: 'attendance',
  itemColumns: [
    'late_at timestamptz CHECK (late_at BETWEEN starts_at AND ends_at)',
    `method text NOT NULL DEFAULT 'CODE' CHECK (method IN ('CODE', 'BEACON', 'TEACHER'))`,
    'lecture text',
  ],
  overrideColumns: [
    `outcome text CHECK (outcome IN ('PRESENT', 'LATE', 'ABSENT', 'EXCUSED'))`,
    'checked_in_at timestamptz',
  ],
  more: `
    CREATE TABLE IF NOT EXISTS attendance.lecture_move (
      lecture text PRIMARY KEY,
      starts_at timestamptz NOT NULL,
      revision int NOT NULL
    );`,
  seventh: 'ALTER TABLE attendance.item ADD COLUMN IF NOT EXISTS lecture text;',
  userTables: [],
  seed,
};

async function seed(tx: Statements, term: Term): Promise<void> {
  const words = WORDS[term.language];
  await tx.query(
    `INSERT INTO attendance.item (ern, course, title, starts_at, late_at, ends_at, room, updated_at, method, lecture)
     SELECT course || '/check/' || number, course, c.title || ' ' || ${words.check('week + 1', 'nth')},
            starts_at, starts_at + interval '10 minutes', starts_at + interval '20 minutes', ${words.room('201 + course_no')},
            $2::date::timestamp AT TIME ZONE $3::text - interval '7 days',
            CASE course_no % 2 WHEN 0 THEN 'CODE' ELSE 'BEACON' END, course || '/lecture/' || number
     FROM ${MEETINGS} JOIN attendance.course c ON c.ern = course`,
    meetingParams(term),
  );
  // Of forty students one is absent, one excused, two late; the check of a hidden lecture is hidden
  // as well.
  await tx.query(
    `INSERT INTO attendance.override (ern, user_id, hidden, outcome, checked_in_at, updated_at)
     SELECT course || '/check/' || number, m.user_id, special,
            CASE WHEN special THEN null WHEN dice = 0 THEN 'ABSENT' WHEN dice = 1 THEN 'EXCUSED' WHEN dice < 4 THEN 'LATE' ELSE 'PRESENT' END,
            CASE WHEN special OR dice < 2 THEN null WHEN dice < 4 THEN starts_at + interval '14 minutes' ELSE starts_at + interval '2 minutes' END,
            CASE WHEN special THEN $2::date::timestamp AT TIME ZONE $3::text ELSE starts_at + interval '20 minutes' END
     FROM ${MEETINGS} JOIN attendance.enrollment m USING (course),
          LATERAL (SELECT split_part(m.user_id, '-', 2)::int) s (student),
          LATERAL (SELECT (student * 7 + number * 11) % 40) d (dice),
          LATERAL (SELECT week = ${CURRENT_WEEK} AND nth = 2 AND student % 20 = 1 AND block = ${SPECIAL_BLOCK}) e (special)
     WHERE special OR (starts_at < $4::date::timestamp AT TIME ZONE $3::text AND (m.since IS NULL OR starts_at >= m.since))`,
    [...meetingParams(term), term.today],
  );
}
