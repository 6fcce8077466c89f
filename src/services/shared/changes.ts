// What changed after a cursor. Transactions commit in another order than they begin; a reader that goes by row numbers
// skips the ones that commit late. So changes are read in the order of their transactions, and only of those older
// than every transaction still running: nothing can appear behind the cursor any more.
import { ApiError, echo } from '../../errors.ts';
import type { Database } from './database.ts';
import { instant } from './sql.ts';

/** One page of changes; `cursor` is what to ask with next. */
export interface ChangePage {
  cursor: string;
  changes: Change[];
}

/** "Something of this audience changed between these instants"; no instants: everything of the audience. */
export interface Change {
  ern: string;
  audience: string;
  from: string | null;
  to: string | null;
  at: string;
}

const PAGE = 1_000;
/** epoch, transaction, row; the numbers at most as long as SQL takes them. */
const CURSOR = /^([0-9a-f]{8})\.(\d{1,19})\.(\d{1,18})$/;

interface Row extends Change {
  readonly epoch: string;
  readonly expired: boolean;
  readonly xmin: string;
  /** Null on the one row that stands for no change. */
  readonly txid: string | null;
  readonly id: string;
}

/**
 * The changes after `since`, oldest first, at most 1000; without `since` none, and where the log stands now.
 * CONFLICT with `{ cursor: 'expired' }` for a cursor that is malformed, of another database, or older than what is kept:
 * the reader must take everything as changed and begin anew. A change may come twice, never not at all.
 */
export async function readChanges(db: Database, schema: string, since: string | null | undefined): Promise<ChangePage> {
  const cursor = since == null ? null : CURSOR.exec(since);
  if (since != null && cursor === null) throw expired(since);
  const rows = await db.query<Row>(changesAfter(schema), [cursor?.[2] ?? null, cursor?.[3] ?? null]);
  const [first] = rows;
  if (first === undefined) throw new Error(`${schema}.outbox_state has no row`);
  if (since != null && (first.expired || first.epoch !== cursor?.[1])) throw expired(since);
  const changes = rows.filter((row) => row.txid !== null);
  const last = changes.length === PAGE ? changes.at(-1) : undefined;
  // A page that is not full has everything before xmin. Going on from there, and not from the last change, keeps a quiet cursor young.
  const next = last === undefined ? `${first.xmin}.0` : `${last.txid}.${last.id}`;
  return {
    cursor: `${first.epoch}.${next}`,
    changes: changes.map(({ ern, audience, from, to, at }) => ({ ern, audience, from, to, at })),
  };
}

function changesAfter(schema: string): string {
  return `
    SELECT s.epoch, s.trimmed >= $1::text::xid8 AS expired, pg_snapshot_xmin(pg_current_snapshot())::text AS xmin,
           o.txid::text AS txid, o.id::text AS id, o.ern, o.audience,
           ${instant('o.starts_at')} AS "from", ${instant('o.ends_at')} AS "to", ${instant('o.at')} AS at
    FROM ${schema}.outbox_state s LEFT JOIN LATERAL (
      SELECT * FROM ${schema}.outbox
      WHERE (txid, id) > ($1::text::xid8, $2::text::bigint) AND txid < pg_snapshot_xmin(pg_current_snapshot())
      ORDER BY txid, id LIMIT ${PAGE}
    ) o ON true
    ORDER BY o.txid, o.id`;
}

function expired(since: string): ApiError {
  const message = `since: expected a cursor this service gave within the last hour, given ${echo(since)}`;
  return new ApiError('CONFLICT', message, { cursor: 'expired' });
}
