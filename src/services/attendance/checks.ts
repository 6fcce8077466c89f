// Mutations on attendance: opening a check, and checking in.
import type { Caller } from '../../auth/principal.ts';
import type { Clock } from '../../clock.ts';
import { ApiError, echo } from '../../errors.ts';
import { requireStaff } from '../shared/access.ts';
import { inOrder, text } from '../shared/input.ts';
import { lockItemForTeacher, type StoredItem, sharedItem } from '../shared/items.ts';
import type { Database, Statements } from '../storage/database.ts';
import { instant } from '../storage/sql.ts';
import type {
  AttendanceOutcome,
  MutationRescheduleAttendanceCheckArgs,
  OpenAttendanceCheckInput,
} from './schema-types.generated.ts';

const schema = 'attendance';

/**
 * Opens a check and returns its ERN. NOT_FOUND for an unknown course, FORBIDDEN, BAD_USER_INPUT.
 */
export async function openCheck(db: Database, caller: Caller, input: OpenAttendanceCheckInput): Promise<string> {
  const { course, startsAt, endsAt, lateAt = null, method } = input;
  inOrder(startsAt, 'endsAt', endsAt);
  if (lateAt !== null) {
    inOrder(startsAt, 'lateAt', lateAt);
    inOrder(lateAt, 'endsAt', endsAt);
  }
  const lecture = lectureOf(input);
  const values = [course, text('title', input.title), startsAt, endsAt, lateAt, method ?? 'CODE', lecture];
  return db.transaction(async (tx) => {
    await requireStaff(tx, caller, { schema, right: 'openAttendanceCheck', course });
    const rows = await tx.query<{ ern: string }>(
      `INSERT INTO attendance.item (ern, course, title, starts_at, ends_at, late_at, method, lecture)
       SELECT $1::text || '/check/' || nextval('attendance.item_number'), $1, $2, $3::timestamptz, $4::timestamptz,
              $5::timestamptz, $6, $7
       RETURNING ern`,
      values,
    );
    return rows.map((row) => row.ern).join();
  });
}

/** Whether there is such a lecture only the lecture service knows; its name says whose it is. */
function lectureOf({ course, lecture = null }: OpenAttendanceCheckInput): string | null {
  if (lecture === null || lecture.startsWith(`${course}/`)) return lecture;
  const expected = `a lecture of ${course}, named ${course}/lecture/…`;
  throw new ApiError('BAD_USER_INPUT', `lecture: expected ${expected}, given ${echo(lecture)}`);
}

/**
 * Reschedules a check. Without `lateAt` it moves with the start. NOT_FOUND, FORBIDDEN,
 * BAD_USER_INPUT.
 */
export async function rescheduleCheck(
  db: Database,
  caller: Caller,
  { ern, startsAt, endsAt, lateAt: given }: MutationRescheduleAttendanceCheckArgs,
): Promise<void> {
  inOrder(startsAt, 'endsAt', endsAt);
  if (given != null) inOrder(startsAt, 'lateAt', given);
  if (given != null) inOrder(given, 'endsAt', endsAt);
  await db.transaction(async (tx) => {
    const item = await lockItemForTeacher<LateAt>(tx, caller, {
      schema,
      right: 'rescheduleAttendanceCheck',
      ern,
      columns: LATE_AT,
    });
    const lateAt = given === undefined ? movedLateAt(item, startsAt, endsAt) : given;
    await tx.query('UPDATE attendance.item SET starts_at = $2, ends_at = $3, late_at = $4 WHERE ern = $1', [
      ern,
      startsAt,
      endsAt,
      lateAt,
    ]);
  });
}

interface LateAt {
  readonly lateAt: string | null;
}

const LATE_AT = [`${instant('i.late_at')} AS "lateAt"`];

/** `lateAt` as far after the new start as it was after the old one, and not after the new end. */
function movedLateAt(item: StoredItem & LateAt, startsAt: string, endsAt: string): string | null {
  if (item.lateAt === null) return null;
  const moved = Date.parse(item.lateAt) + Date.parse(startsAt) - Date.parse(item.startsAt);
  return new Date(Math.min(moved, Date.parse(endsAt))).toISOString();
}

/** One student's outcome of one check. */
export interface Attendance {
  readonly user: string;
  readonly outcome: AttendanceOutcome;
  readonly checkedInAt: string | null;
}

/**
 * Checks the calling student in: PRESENT from the start until `lateAt`, LATE until the end,
 * CONFLICT at any other time. An existing outcome is kept and returned. NOT_FOUND; FORBIDDEN for
 * users who are not enrolled.
 */
export async function checkIn(db: Database, clock: Clock, caller: Caller, ern: string): Promise<Attendance> {
  // Taken before any lock: waiting for a teacher's lock must not make a check-in late.
  const now = new Date(clock.now()).toISOString();
  return db.transaction(async (tx) => {
    const { item, user } = await sharedItem<LateAt>(tx, caller, { schema, right: 'checkIn', ern, columns: LATE_AT });
    const own = await ownCheck(tx, ern, user);
    if (own?.outcome != null) return { user, outcome: own.outcome, checkedInAt: own.checkedInAt };
    const startsAt = own?.startsAt ?? item.startsAt;
    const endsAt = own?.endsAt ?? item.endsAt;
    if (now < startsAt || now >= endsAt) throw closed(startsAt, endsAt, now);
    const outcome = now < (movedLateAt(item, startsAt, endsAt) ?? endsAt) ? 'PRESENT' : 'LATE';
    return store(tx, ern, { user, outcome, checkedInAt: now });
  });
}

/**
 * Stores an outcome unless another check-in of this student was stored since; returns the stored
 * one.
 */
async function store(tx: Statements, ern: string, made: Attendance): Promise<Attendance> {
  const kept = await tx.query(
    `INSERT INTO attendance.override AS o (ern, user_id, outcome, checked_in_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id, ern) DO UPDATE SET outcome = excluded.outcome, checked_in_at = excluded.checked_in_at
     WHERE o.outcome IS NULL
     RETURNING 1 AS kept`,
    [ern, made.user, made.outcome, made.checkedInAt],
  );
  if (kept.length > 0) return made;
  const stored = await ownCheck(tx, ern, made.user);
  return stored?.outcome == null ? made : { user: made.user, outcome: stored.outcome, checkedInAt: stored.checkedInAt };
}

interface OwnCheck {
  readonly outcome: AttendanceOutcome | null;
  readonly checkedInAt: string | null;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
}

async function ownCheck(tx: Statements, ern: string, user: string): Promise<OwnCheck | undefined> {
  const [own] = await tx.query<OwnCheck>(
    `SELECT outcome, ${instant('checked_in_at')} AS "checkedInAt", ${instant('starts_at')} AS "startsAt",
            ${instant('ends_at')} AS "endsAt"
     FROM attendance.override WHERE ern = $1 AND user_id = $2`,
    [ern, user],
  );
  return own;
}

function closed(startsAt: string, endsAt: string, now: string): ApiError {
  return new ApiError('CONFLICT', `checkIn: expected a time from ${startsAt} until ${endsAt}, given ${now}`);
}
