// A service's copy of the enrollments. The lecture service owns them and numbers their changes; a
// change that arrives twice, or after a newer one, has no effect.
import type { Caller } from '../../auth/principal.ts';
import { badInput } from '../../errors.ts';
import type { Database } from '../storage/database.ts';
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
    const known = await tx.query(`SELECT FROM ${schema}.course WHERE ern = $1`, [course]);
    if (known.length === 0) throw notFound('course', course);
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
