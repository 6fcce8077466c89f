// The lecture service's tables, and its sample data: lectures, observers, pending deliveries.

import {
  CURRENT_WEEK,
  MEETINGS,
  meetingParams,
  SECTION,
  SPECIAL_BLOCK,
  type Term,
  WEEKS,
} from '../sample-data/term.ts';
import { WORDS } from '../sample-data/words.ts';
import type { ServiceTables } from '../shared/tables.ts';
import type { Statements } from '../storage/database.ts';

/** The tables of SQL schema `lecture`. */
export const LECTURE_TABLES: ServiceTables = {
  schema: 'lecture',
  itemColumns: ['lecturer text', 'description text'],
  overrideColumns: [],
  more: `
    CREATE TABLE IF NOT EXISTS lecture.observer (
      observer text NOT NULL,
      student text NOT NULL,
      PRIMARY KEY (observer, student)
    );
    CREATE TABLE IF NOT EXISTS lecture.delivery (
      subscriber text NOT NULL,
      course text NOT NULL,
      user_id text NOT NULL,
      enrolled boolean NOT NULL,
      revision int NOT NULL,
      attempts int NOT NULL DEFAULT 0,
      PRIMARY KEY (subscriber, course, user_id)
    );
    CREATE SEQUENCE IF NOT EXISTS lecture.move_number;
    CREATE TABLE IF NOT EXISTS lecture.move_delivery (
      subscriber text NOT NULL,
      course text NOT NULL,
      lecture text NOT NULL,
      was_starts_at timestamptz NOT NULL,
      was_ends_at timestamptz NOT NULL,
      revision int NOT NULL,
      attempts int NOT NULL DEFAULT 0,
      PRIMARY KEY (subscriber, course, lecture)
    );
    CREATE TABLE IF NOT EXISTS lecture.staff_delivery (
      subscriber text NOT NULL,
      course text NOT NULL,
      user_id text NOT NULL,
      revision int NOT NULL,
      attempts int NOT NULL DEFAULT 0,
      PRIMARY KEY (subscriber, course, user_id)
    );`,
  second: ['delivery', 'staff_delivery', 'move_delivery']
    .map((table) => `ALTER TABLE lecture.${table} ADD COLUMN IF NOT EXISTS refusals int NOT NULL DEFAULT 0;`)
    .join('\n'),
  sixth: `
    ALTER TABLE lecture.observer ADD COLUMN IF NOT EXISTS since timestamptz, ADD COLUMN IF NOT EXISTS until timestamptz;`,
  userTables: [{ table: 'observer', user: 'observer' }],
  seed,
};

async function seed(tx: Statements, term: Term): Promise<void> {
  const words = WORDS[term.language];
  await tx.query(
    `INSERT INTO lecture.item (ern, course, title, starts_at, ends_at, room, updated_at, lecturer, description)
     SELECT course || '/lecture/' || number, course, c.title || ' ' || ${words.lecture('week + 1', 'nth')},
            starts_at, starts_at + interval '50 minutes', ${words.room('201 + course_no')},
            $2::date::timestamp AT TIME ZONE $3::text - interval '7 days',
            c.teacher, ${words.topic('week + 1', 'nth')}
     FROM ${MEETINGS} JOIN lecture.course c ON c.ern = course`,
    meetingParams(term),
  );
  await tx.query(
    `INSERT INTO lecture.override (ern, user_id, hidden, updated_at)
     SELECT course || '/lecture/' || number, m.user_id, true, $2::date::timestamp AT TIME ZONE $3::text
     FROM ${MEETINGS} JOIN lecture.enrollment m USING (course), LATERAL (SELECT split_part(m.user_id, '-', 2)::int) s (student)
     WHERE week = ${CURRENT_WEEK} AND nth = 2 AND student % 20 = 1 AND block = ${SPECIAL_BLOCK}`,
    meetingParams(term),
  );
  await tx.query(
    `INSERT INTO lecture.item (ern, course, title, starts_at, ends_at, room, updated_at, lecturer)
     SELECT ern || '/lecture/' || week + 1, ern, title || ' ' || ${words.practice('week + 1')}, starts_at, starts_at + interval '90 minutes',
            ${words.laboratory}, $2::date::timestamp AT TIME ZONE $3::text - interval '7 days', teacher
     FROM lecture.course, generate_series(0, ${WEEKS - 1}) week,
          LATERAL (SELECT ($2::date + 7 * week + 2 + time '18:00') AT TIME ZONE $3::text) d (starts_at)
     WHERE ern = $1::text || '1${SECTION}'`,
    meetingParams(term),
  );
  await tx.query(
    `INSERT INTO lecture.observer (observer, student) VALUES ('observer-1', 'student-1'), ('observer-1', 'student-2')`,
  );
}
