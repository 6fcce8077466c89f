// A service's copy of the enrollments and of who teaches. The lecture service owns them and numbers
// their changes; a change that arrives twice, or after a newer one, has no effect.
import type { Caller } from '../../auth/principal.ts';
import { badInput } from '../../errors.ts';
import type { Database, Statements } from '../storage/database.ts';
import { notFound, requireScope } from './access.ts';
import { userId } from './input.ts';

/** One change of a membership with its number. */
export interface Membership {
  readonly course: string;
  readonly user: string;
  readonly enrolled: boolean;
  /** When the user was enrolled; null: from the start. Instants as UTC text. */
  readonly since?: string | null;
  /** Grows with every change of this user's membership of this course. */
  readonly revision: number;
}

/**
 * Stores a membership; true: this revision or a later one is stored. NOT_FOUND for an unknown
 * course. Requires the scope `enrollment:write`.
 */
export async function recordMembership(
  db: Database,
  schema: string,
  caller: Caller,
  given: Membership,
): Promise<boolean> {
  requireScope(caller, 'enrollment:write');
  const { course, enrolled, revision, since = null } = given;
  const user = userId('user', given.user);
  if (revision < 1) throw badInput('revision', 'a number from 1', revision);
  return db.transaction(async (tx) => {
    await requireCourse(tx, schema, course);
    await tx.query(
      `INSERT INTO ${schema}.enrollment AS known (course, user_id, enrolled, revision, since) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id, course)
       DO UPDATE SET enrolled = excluded.enrolled, revision = excluded.revision, since = excluded.since
       WHERE known.revision < excluded.revision`,
      [course, user, enrolled, revision, since],
    );
    return true;
  });
}

/** One change of who teaches, with its number. */
export interface StaffMembership {
  readonly course: string;
  readonly user: string;
  readonly teaches: boolean;
  /** Grows with every change of whether this user teaches this course. */
  readonly revision: number;
}

/** As {@link recordMembership}, for who teaches. */
export async function recordTeaching(
  db: Database,
  schema: string,
  caller: Caller,
  given: StaffMembership,
): Promise<boolean> {
  requireScope(caller, 'enrollment:write');
  const { course, teaches, revision } = given;
  const user = userId('user', given.user);
  if (revision < 1) throw badInput('revision', 'a number from 1', revision);
  return db.transaction(async (tx) => {
    await requireCourse(tx, schema, course);
    const newer = await tx.query(
      `INSERT INTO ${schema}.staff_revision AS known (course, user_id, revision) VALUES ($1, $2, $3)
       ON CONFLICT (user_id, course) DO UPDATE SET revision = excluded.revision WHERE known.revision < excluded.revision
       RETURNING course`,
      [course, user, revision],
    );
    if (newer.length === 0) return true;
    const sql = teaches
      ? `INSERT INTO ${schema}.staff (course, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`
      : `DELETE FROM ${schema}.staff WHERE course = $1 AND user_id = $2`;
    await tx.query(sql, [course, user]);
    return true;
  });
}

async function requireCourse(tx: Statements, schema: string, course: string): Promise<void> {
  const known = await tx.query(`SELECT FROM ${schema}.course WHERE ern = $1`, [course]);
  if (known.length === 0) throw notFound('course', course);
}
