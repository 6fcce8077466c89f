// Who teaches and who observes, which this service owns. Who teaches is sent to the other services,
// as enrollments are: a change and its messages are written in one transaction.
import type { Caller } from '../../auth/principal.ts';
import { badInput } from '../../errors.ts';
import { requireAdministrator, requireStaff } from '../shared/access.ts';
import { userId } from '../shared/input.ts';
import type { Database, Statements } from '../storage/database.ts';

/**
 * Makes a user a teacher of a course, or ends that. Writes nothing if that is already so.
 * NOT_FOUND, FORBIDDEN, BAD_USER_INPUT.
 */
export async function setTeaching(
  db: Database,
  caller: Caller,
  subscribers: readonly string[],
  given: { readonly course: string; readonly user: string; readonly teaches: boolean },
): Promise<void> {
  const { course, teaches } = given;
  const user = userId('user', given.user);
  await db.transaction(async (tx) => {
    await requireStaff(tx, caller, { schema: 'lecture', right: teaches ? 'assignTeacher' : 'removeTeacher', course });
    if (!(await change(tx, course, user, teaches))) return;
    await tx.query(
      `WITH changed AS (
         INSERT INTO lecture.staff_revision AS known (course, user_id, revision) VALUES ($2, $3, 1)
         ON CONFLICT (user_id, course) DO UPDATE SET revision = known.revision + 1 RETURNING revision
       )
       INSERT INTO lecture.staff_delivery (subscriber, course, user_id, revision)
       SELECT subscriber, $2, $3, revision FROM changed, unnest($1::text[]) subscriber
       ON CONFLICT (subscriber, course, user_id) DO UPDATE SET revision = excluded.revision, attempts = 0, refusals = 0`,
      [subscribers, course, user],
    );
  });
}

/** Whether this changed anything. */
async function change(tx: Statements, course: string, user: string, teaches: boolean): Promise<boolean> {
  const sql = teaches
    ? 'INSERT INTO lecture.staff (course, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING course'
    : 'DELETE FROM lecture.staff WHERE course = $1 AND user_id = $2 RETURNING course';
  return (await tx.query(sql, [course, user])).length > 0;
}

/** Who observes whom: from `from` until before `until`; null or absent: without a limit. */
export interface Observing {
  readonly observer: string;
  readonly student: string;
  readonly observes: boolean;
  /** Instants as the DateTime scalar returns them. */
  readonly from?: string | null;
  readonly until?: string | null;
}

/**
 * Lets a user read a student's calendar, or no longer; the times are those given last. FORBIDDEN,
 * BAD_USER_INPUT.
 */
export async function setObserver(db: Database, caller: Caller, given: Observing): Promise<void> {
  requireAdministrator(caller, 'setObserver');
  const { from = null, until = null, observes } = given;
  const users = [userId('observer', given.observer), userId('student', given.student)];
  if (!observes && (from ?? until) !== null) throw badInput('observes', 'true with from or until', observes);
  if (from !== null && until !== null && until <= from) throw badInput('until', `an instant after ${from}`, until);
  if (!observes) {
    const sql = 'DELETE FROM lecture.observer WHERE observer = $1 AND student = $2';
    await db.transaction((tx) => tx.query(sql, users));
    return;
  }
  const sql = `INSERT INTO lecture.observer (observer, student, since, until) VALUES ($1, $2, $3, $4)
    ON CONFLICT (observer, student) DO UPDATE SET since = excluded.since, until = excluded.until`;
  await db.transaction((tx) => tx.query(sql, [...users, from, until]));
}
