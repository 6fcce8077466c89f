// Enrollments, which this service owns. A change and its messages to the other services are written
// in one transaction; the outgoing queue delivers them afterwards, so a service that is away loses
// nothing.
import type { Caller } from '../../auth/principal.ts';
import { requireStaff } from '../shared/access.ts';
import { userId } from '../shared/input.ts';
import type { Database, Statements } from '../storage/database.ts';

/**
 * Enrolls or withdraws a user at this instant. Writes nothing if that is already so. NOT_FOUND,
 * FORBIDDEN, BAD_USER_INPUT.
 */
export async function setEnrolled(
  db: Database,
  caller: Caller,
  subscribers: readonly string[],
  given: { readonly course: string; readonly user: string; readonly enrolled: boolean; readonly at: string },
): Promise<void> {
  const { course, enrolled, at } = given;
  const user = userId('user', given.user);
  await db.transaction(async (tx) => {
    await requireStaff(tx, caller, { schema: 'lecture', right: enrolled ? 'enroll' : 'withdraw', course });
    const [changed] = await (enrolled ? enroll(tx, course, user, at) : withdraw(tx, course, user));
    if (changed === undefined) return;
    await tx.query(
      `INSERT INTO lecture.delivery (subscriber, course, user_id, enrolled, revision)
       SELECT subscriber, $2, $3, $4::boolean, $5::int FROM unnest($1::text[]) subscriber
       ON CONFLICT (subscriber, course, user_id)
       DO UPDATE SET enrolled = excluded.enrolled, revision = excluded.revision, attempts = 0, refusals = 0`,
      [subscribers, course, user, enrolled, changed.revision],
    );
  });
}

interface Changed {
  readonly revision: number;
}

function enroll(tx: Statements, course: string, user: string, at: string): Promise<Changed[]> {
  return tx.query<Changed>(
    `INSERT INTO lecture.enrollment AS known (course, user_id, enrolled, revision, since) VALUES ($1, $2, true, 1, $3)
     ON CONFLICT (user_id, course)
     DO UPDATE SET enrolled = true, revision = known.revision + 1, since = excluded.since
     WHERE NOT known.enrolled
     RETURNING revision`,
    [course, user, at],
  );
}

function withdraw(tx: Statements, course: string, user: string): Promise<Changed[]> {
  return tx.query<Changed>(
    `UPDATE lecture.enrollment SET enrolled = false, revision = revision + 1
     WHERE course = $1 AND user_id = $2 AND enrolled
     RETURNING revision`,
    [course, user],
  );
}
