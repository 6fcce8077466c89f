// Large tables of a service, written without triggers: eight terms of courses, and
// students who took five courses in each, with an override of every item.
import type pg from 'pg';
import type { Database } from '../../src/services/storage/database.ts';

/** How large. Each of eight terms has an eighth of the courses. */
export interface Size {
  readonly courses: number;
  readonly itemsPerCourse: number;
  readonly students: number;
}

/** The first day of the first term; a term is 182 days, of which 112 have items. */
export const FIRST_DAY = '2022-09-01';
export const TERMS = 8;
const COURSES_PER_TERM = 5;

/** Fills the empty tables of a service, and vacuums and analyzes them. */
export async function fillTables(
  admin: pg.Client,
  schema: string,
  { courses, itemsPerCourse, students }: Size,
): Promise<void> {
  await admin.query(`
    SET session_replication_role = replica;
    INSERT INTO ${schema}.course SELECT 'ern:lms:course/' || n, 'Course ' || n, '#1969c8' FROM generate_series(1, ${courses}) n;
    INSERT INTO ${schema}.staff (course, user_id)
      SELECT 'ern:lms:course/' || n, 'teacher-' || n FROM generate_series(1, ${courses}) n;
    INSERT INTO ${schema}.item (ern, course, title, starts_at, ends_at)
      SELECT 'ern:lms:course/' || c || '/item/' || n, 'ern:lms:course/' || c, 'Item ' || n, at, at + interval '7 days'
      FROM generate_series(1, ${courses}) c, generate_series(1, ${itemsPerCourse}) n,
        LATERAL (SELECT timestamptz '${FIRST_DAY}Z' + (c - 1) % ${TERMS} * interval '182 days'
          + n * interval '112 days' / ${itemsPerCourse}) d (at);
    INSERT INTO ${schema}.enrollment (course, user_id, enrolled, revision)
      SELECT DISTINCT 'ern:lms:course/' || ((s * ${COURSES_PER_TERM} + k) % (${courses} / ${TERMS})) * ${TERMS} + t, 'student-' || s, true, 1
      FROM generate_series(1, ${students}) s, generate_series(1, ${TERMS}) t, generate_series(1, ${COURSES_PER_TERM}) k;
    INSERT INTO ${schema}.override (ern, user_id, course, item_starts_at, item_ends_at)
      SELECT i.ern, m.user_id, i.course, i.starts_at, i.ends_at FROM ${schema}.enrollment m JOIN ${schema}.item i USING (course);
    UPDATE ${schema}.override o SET ends_at = i.ends_at + interval '30 days'
      FROM ${schema}.item i WHERE i.ern = o.ern AND hashtext(o.ern || user_id) % 100 = 0;
    SET session_replication_role = DEFAULT`);
  // As autovacuum does soon after so many rows.
  await admin.query('VACUUM ANALYZE');
}

/** So many months from a day on, as the bounds of slices. */
export function monthsFrom(day: string, count: number): { from: string; to: string }[] {
  const [year = 0, month = 0] = day.split('-').map(Number);
  const start = (n: number) => new Date(Date.UTC(year, month - 1 + n, 1)).toISOString();
  return Array.from({ length: count }, (_, n) => ({ from: start(n), to: start(n + 1) }));
}

/** The database, where every query adds its plan to `plan` and returns nothing. */
export function explaining(database: Database, plan: string[], command = 'EXPLAIN'): Database {
  return {
    ...database,
    async query(sql, params) {
      const lines = await database.query<{ 'QUERY PLAN': string }>(`${command} ${sql}`, params);
      plan.push(...lines.map((line) => line['QUERY PLAN']));
      return [];
    },
  };
}
