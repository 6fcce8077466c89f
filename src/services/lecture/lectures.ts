// Mutations on lectures. Each function is one transaction, and permission is checked in it.
import type { Caller } from '../../auth/principal.ts';
import { requireStaff } from '../shared/access.ts';
import { inOrder, optionalText, text } from '../shared/input.ts';
import { lockItemForTeacher, requireEnrolledStudent, type StoredItem } from '../shared/items.ts';
import type { Database, Statements } from '../storage/database.ts';
import type {
  CreateLectureInput,
  MutationRescheduleLectureArgs,
  MutationSetLectureHiddenArgs,
} from './schema-types.generated.ts';

const schema = 'lecture';

/**
 * Creates a lecture and returns its ERN. NOT_FOUND for an unknown course, FORBIDDEN,
 * BAD_USER_INPUT.
 */
export async function createLecture(db: Database, caller: Caller, input: CreateLectureInput): Promise<string> {
  const { course, startsAt, endsAt } = input;
  inOrder(startsAt, 'endsAt', endsAt);
  const values = [course, text('title', input.title), startsAt, endsAt, optionalText('room', input.room)];
  return db.transaction(async (tx) => {
    await requireStaff(tx, caller, { schema, right: 'createLecture', course });
    const rows = await tx.query<{ ern: string }>(
      `INSERT INTO lecture.item (ern, course, title, starts_at, ends_at, room)
       SELECT $1::text || '/lecture/' || nextval('lecture.item_number'), $1, $2, $3::timestamptz, $4::timestamptz, $5
       RETURNING ern`,
      values,
    );
    return rows.map((row) => row.ern).join();
  });
}

/**
 * Reschedules a lecture; the room stays unless another is given, and null removes it. NOT_FOUND,
 * FORBIDDEN, BAD_USER_INPUT.
 */
export async function rescheduleLecture(
  db: Database,
  caller: Caller,
  args: MutationRescheduleLectureArgs,
  subscribers: readonly string[],
): Promise<void> {
  const { ern, startsAt, endsAt } = args;
  inOrder(startsAt, 'endsAt', endsAt);
  const room = optionalText('room', args.room);
  await db.transaction(async (tx) => {
    const was = await lockItemForTeacher(tx, caller, { schema, right: 'rescheduleLecture', ern });
    if (args.moveChecks === true) await sendMove(tx, subscribers, was);
    await tx.query(
      'UPDATE lecture.item SET starts_at = $2, ends_at = $3, room = CASE WHEN $5 THEN $4 ELSE room END WHERE ern = $1',
      [ern, startsAt, endsAt, room, args.room !== undefined],
    );
  });
}

/** The first former time counts until a move is delivered. */
async function sendMove(tx: Statements, subscribers: readonly string[], was: StoredItem): Promise<void> {
  await tx.query(
    `INSERT INTO lecture.move_delivery (subscriber, course, lecture, was_starts_at, was_ends_at, revision)
     SELECT subscriber, $2, $3, $4::timestamptz, $5::timestamptz, nextval('lecture.move_number')
     FROM unnest($1::text[]) subscriber WHERE subscriber = 'attendance'
     ON CONFLICT (subscriber, course, lecture) DO UPDATE SET revision = excluded.revision, attempts = 0, refusals = 0`,
    [subscribers, was.course, was.ern, was.startsAt, was.endsAt],
  );
}

/** Deletes a lecture and all overrides of it. NOT_FOUND, FORBIDDEN. */
export async function cancelLecture(db: Database, caller: Caller, ern: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lockItemForTeacher(tx, caller, { schema, right: 'cancelLecture', ern });
    await tx.query('DELETE FROM lecture.item WHERE ern = $1', [ern]);
  });
}

/**
 * Hides a lecture from one student or shows it again. NOT_FOUND, FORBIDDEN, BAD_USER_INPUT for a
 * user who is not enrolled.
 */
export async function setLectureHidden(
  db: Database,
  caller: Caller,
  args: MutationSetLectureHiddenArgs,
): Promise<void> {
  const { ern, hidden } = args;
  await db.transaction(async (tx) => {
    const user = await requireEnrolledStudent(
      tx,
      schema,
      await lockItemForTeacher(tx, caller, { schema, right: 'setLectureHidden', ern }),
      args.user,
    );
    if (hidden) {
      await tx.query(
        `INSERT INTO lecture.override (ern, user_id, hidden) VALUES ($1, $2, true)
         ON CONFLICT (user_id, ern) DO UPDATE SET hidden = true`,
        [ern, user],
      );
      return;
    }
    await tx.query('UPDATE lecture.override SET hidden = false WHERE ern = $1 AND user_id = $2 AND hidden', [
      ern,
      user,
    ]);
    await tx.query(
      `DELETE FROM lecture.override
       WHERE ern = $1 AND user_id = $2 AND NOT hidden AND starts_at IS NULL AND ends_at IS NULL`,
      [ern, user],
    );
  });
}
