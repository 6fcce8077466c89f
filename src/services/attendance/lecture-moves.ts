// Moves the attendance checks of a lecture that was rescheduled, as the lecture service tells it. A
// move that arrives twice, or after a newer one, has no effect.
import type { Caller } from '../../auth/principal.ts';
import { requireScope } from '../shared/access.ts';
import type { Database, Statements } from '../storage/database.ts';
import { instant } from '../storage/sql.ts';
import type { MutationRecordLectureMoveArgs } from './schema-types.generated.ts';

/**
 * Moves the checks of the course that start within the lecture's former time and name no other
 * lecture, by as much as the lecture moved; true: this move or a later one is stored. Requires the
 * scope `enrollment:write`.
 */
export async function recordLectureMove(
  db: Database,
  caller: Caller,
  move: MutationRecordLectureMoveArgs,
): Promise<boolean> {
  requireScope(caller, 'enrollment:write');
  const { lecture, startsAt, revision, wasStartsAt, wasEndsAt } = move;
  return db.transaction(async (tx) => {
    const [last] = await tx.query<{ startsAt: string; revision: number }>(
      `SELECT ${instant('starts_at')} AS "startsAt", revision FROM attendance.lecture_move WHERE lecture = $1 FOR UPDATE`,
      [lecture],
    );
    if (last !== undefined && last.revision >= revision) return true;
    const moved = await moveChecks(tx, move, wasStartsAt);
    // An earlier move was applied but not confirmed: the checks are where it left them.
    if (moved === 0 && last !== undefined) await moveChecks(tx, move, last.startsAt);
    await tx.query(
      `INSERT INTO attendance.lecture_move (lecture, starts_at, revision) VALUES ($1, $2, $3)
       ON CONFLICT (lecture) DO UPDATE SET starts_at = excluded.starts_at, revision = excluded.revision`,
      [lecture, startsAt, revision],
    );
    return true;
  });

  /** Moves checks within the lecture's length from `from` on; returns their number. */
  async function moveChecks(tx: Statements, { course }: MutationRecordLectureMoveArgs, from: string): Promise<number> {
    const rows = await tx.query(
      `UPDATE attendance.item i SET starts_at = starts_at + d.by, late_at = late_at + d.by, ends_at = ends_at + d.by
       FROM (SELECT $3::timestamptz - $2::timestamptz AS by, $5::timestamptz - $4::timestamptz AS length) d
       WHERE i.course = $1 AND coalesce(i.lecture, $6) = $6
         AND i.starts_at >= $2::timestamptz AND i.starts_at < $2::timestamptz + d.length
       RETURNING i.ern`,
      [course, from, startsAt, wasStartsAt, wasEndsAt, lecture],
    );
    return rows.length;
  }
}
