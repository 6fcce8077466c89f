// Mutations of teachers on assignments. Each function is one transaction.
import type { Caller } from '../../auth/principal.ts';
import { badInput } from '../../errors.ts';
import { requireStaff } from '../shared/access.ts';
import { inOrder, optionalText, text } from '../shared/input.ts';
import { lockItemForTeacher, requireEnrolledStudent } from '../shared/items.ts';
import type { Database } from '../storage/database.ts';
import { instant } from '../storage/sql.ts';
import type {
  CreateAssignmentInput,
  MutationGrantExtensionArgs,
  UpdateAssignmentInput,
} from './schema-types.generated.ts';

const schema = 'assignment';
const MAX_TEXT = 10_000;
const MAX_POINTS = 100_000;

/**
 * Creates an assignment and returns its ERN. NOT_FOUND for an unknown course, FORBIDDEN,
 * BAD_USER_INPUT.
 */
export async function createAssignment(db: Database, caller: Caller, input: CreateAssignmentInput): Promise<string> {
  const { course, startsAt, endsAt, closesAt = null } = input;
  inOrder(startsAt, 'endsAt', endsAt);
  if (closesAt !== null) inOrder(endsAt, 'closesAt', closesAt);
  const description = optionalText('description', input.description, MAX_TEXT);
  const values = [
    course,
    text('title', input.title),
    startsAt,
    endsAt,
    closesAt,
    points(input.points) ?? 100,
    description,
  ];
  return db.transaction(async (tx) => {
    await requireStaff(tx, caller, { schema, right: 'createAssignment', course });
    const rows = await tx.query<{ ern: string }>(
      `INSERT INTO assignment.item (ern, course, title, starts_at, ends_at, closes_at, points, description)
       SELECT $1::text || '/assignment/' || nextval('assignment.item_number'), $1, $2, $3::timestamptz, $4::timestamptz,
              $5::timestamptz, $6::int, $7
       RETURNING ern`,
      values,
    );
    return rows.map((row) => row.ern).join();
  });
}

/**
 * Changes the given fields. Null removes `closesAt` and `description`; absent fields stay.
 * NOT_FOUND, FORBIDDEN, BAD_USER_INPUT for dates out of order.
 */
export async function updateAssignment(
  db: Database,
  caller: Caller,
  ern: string,
  input: UpdateAssignmentInput,
): Promise<void> {
  const title = optionalText('title', input.title);
  const description = optionalText('description', input.description, MAX_TEXT);
  await db.transaction(async (tx) => {
    const columns = [`${instant('i.closes_at')} AS "closesAt"`];
    const item = await lockItemForTeacher<{ closesAt: string | null }>(tx, caller, {
      schema,
      right: 'updateAssignment',
      ern,
      columns,
    });
    const startsAt = input.startsAt ?? item.startsAt;
    const endsAt = input.endsAt ?? item.endsAt;
    const closesAt = input.closesAt === undefined ? item.closesAt : input.closesAt;
    inOrder(startsAt, 'endsAt', endsAt);
    if (closesAt !== null) inOrder(endsAt, 'closesAt', closesAt);
    await tx.query(
      `UPDATE assignment.item SET starts_at = $2, ends_at = $3, closes_at = $4, title = coalesce($5, title),
         points = coalesce($6::int, points), description = CASE WHEN $8 THEN $7 ELSE description END
       WHERE ern = $1`,
      [ern, startsAt, endsAt, closesAt, title, points(input.points), description, input.description !== undefined],
    );
  });
}

/** Deletes an assignment and its submissions. NOT_FOUND, FORBIDDEN. */
export async function deleteAssignment(db: Database, caller: Caller, ern: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lockItemForTeacher(tx, caller, { schema, right: 'deleteAssignment', ern });
    await tx.query('DELETE FROM assignment.item WHERE ern = $1', [ern]);
  });
}

/**
 * Gives one student a later due date. NOT_FOUND, FORBIDDEN, BAD_USER_INPUT for a date that is not
 * later, or a user who is not enrolled.
 */
export async function grantExtension(
  db: Database,
  caller: Caller,
  { ern, user: given, endsAt, reason }: MutationGrantExtensionArgs,
): Promise<{ user: string; endsAt: string; reason: string | null }> {
  const extension = { endsAt, reason: optionalText('reason', reason, 500) };
  return db.transaction(async (tx) => {
    const item = await lockItemForTeacher(tx, caller, { schema, right: 'grantExtension', ern });
    if (endsAt <= item.endsAt) throw badInput('endsAt', `an instant after the due date ${item.endsAt}`, endsAt);
    const user = await requireEnrolledStudent(tx, schema, item, given);
    await tx.query(
      `INSERT INTO assignment.override (ern, user_id, ends_at, reason) VALUES ($1, $2, $3, $4)
       ON CONFLICT (user_id, ern) DO UPDATE SET ends_at = excluded.ends_at, reason = excluded.reason`,
      [ern, user, endsAt, extension.reason],
    );
    return { user, ...extension };
  });
}

function points(given: number | null | undefined): number | null {
  if (given == null) return null;
  if (given < 0 || given > MAX_POINTS) throw badInput('points', `0 to ${MAX_POINTS}`, given);
  return given;
}
