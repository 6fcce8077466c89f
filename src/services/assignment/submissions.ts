// Mutations of students on assignments.
import type { Caller } from '../../auth/principal.ts';
import type { Clock } from '../../clock.ts';
import { ApiError } from '../../errors.ts';
import { notFound } from '../shared/access.ts';
import { type StoredItem, sharedItem } from '../shared/items.ts';
import type { Database, Statements } from '../storage/database.ts';
import { instant } from '../storage/sql.ts';
import { effectiveEnd, endOfLimit, SUBMISSION_STATE } from './due-date.ts';
import type { MutationSubmitAssignmentArgs, SubmissionState } from './schema-types.generated.ts';

const schema = 'assignment';

/** One student's submission for one assignment. */
export interface HandedIn {
  readonly user: string;
  readonly state: SubmissionState;
  readonly submittedAt: string;
  readonly url: string | null;
}

interface Closing {
  readonly closesAt: string | null;
}

interface Own {
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly state: SubmissionState | null;
}

/**
 * Hands in for the calling student; the submission that arrived last is kept and returned.
 * SUBMITTED until the student's due date, LATE until the assignment closes, CONFLICT at any other
 * time or when the student is excused. NOT_FOUND; FORBIDDEN for users who are not enrolled.
 */
export async function submit(
  db: Database,
  clock: Clock,
  caller: Caller,
  { ern, url = null }: MutationSubmitAssignmentArgs,
): Promise<HandedIn> {
  // Taken before any lock: waiting for a teacher's lock must not make a submission late.
  const submittedAt = new Date(clock.now()).toISOString();
  return db.transaction(async (tx) => {
    const columns = [`${instant('i.closes_at')} AS "closesAt"`];
    const { item, user } = await sharedItem<Closing>(tx, caller, { schema, right: 'submitAssignment', ern, columns });
    const state = stateAt(submittedAt, item, await ownWork(tx, ern, user));
    const kept = await tx.query(
      `INSERT INTO assignment.override AS o (ern, user_id, submission, submitted_at, url) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id, ern)
       DO UPDATE SET submission = excluded.submission, submitted_at = excluded.submitted_at, url = excluded.url
       WHERE o.submitted_at IS NULL OR o.submitted_at <= excluded.submitted_at
       RETURNING 1 AS kept`,
      [ern, user, state, submittedAt, url],
    );
    if (kept.length > 0) return { user, state, submittedAt, url };
    return stored(tx, ern, user);
  });
}

function stateAt(now: string, item: StoredItem & Closing, own: Own | undefined): SubmissionState {
  if (own?.state === 'EXCUSED') throw conflict('work that is to be handed in', 'an excused assignment');
  const startsAt = own?.startsAt ?? item.startsAt;
  const endsAt = effectiveEnd(item.endsAt, own?.endsAt);
  const closed = endOfLimit(effectiveEnd(endsAt, item.closesAt));
  if (now < startsAt || now >= closed) throw conflict(`a time from ${startsAt} before ${closed}`, now);
  return now < endOfLimit(endsAt) ? 'SUBMITTED' : 'LATE';
}

async function ownWork(tx: Statements, ern: string, user: string): Promise<Own | undefined> {
  const [own] = await tx.query<Own>(
    `SELECT ${instant('starts_at')} AS "startsAt", ${instant('ends_at')} AS "endsAt", submission AS state
     FROM assignment.override WHERE ern = $1 AND user_id = $2`,
    [ern, user],
  );
  return own;
}

/** A submission that was made later and stored earlier than the one that the caller made. */
async function stored(tx: Statements, ern: string, user: string): Promise<HandedIn> {
  const [row] = await tx.query<HandedIn>(
    `SELECT o.user_id AS user, ${SUBMISSION_STATE} AS state, ${instant('o.submitted_at')} AS "submittedAt", o.url
     FROM assignment.override o WHERE o.ern = $1 AND o.user_id = $2`,
    [ern, user],
  );
  if (row === undefined) throw notFound('submission', ern);
  return row;
}

function conflict(expected: string, given: string): ApiError {
  return new ApiError('CONFLICT', `submitAssignment: expected ${expected}, given ${given}`);
}
