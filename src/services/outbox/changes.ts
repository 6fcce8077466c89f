// Changes after a cursor. Transactions commit in another order than they begin, and a reader that
// goes by row numbers misses those that commit late. So a cursor is a snapshot (pg_snapshot: which
// transactions had committed): new are the rows that it does not see and the current snapshot does.
// A cursor belongs to one server and one timeline of it: after a restore or a failover, snapshots
// of before may be ahead of it, and rows may be gone that the cursor has seen. No change is missed,
// none is reported twice within one cursor chain, and no reader waits for a long transaction.
import { ApiError, echo } from '../../errors.ts';
import type { Database } from '../storage/database.ts';
import { instant } from '../storage/sql.ts';

/** One page of changes; `cursor` is the next `since`. */
export interface ChangePage {
  cursor: string;
  changes: Change[];
}

/**
 * Something of this audience changed between these instants; without instants: anything of the
 * audience.
 */
export interface Change {
  ern: string;
  audience: string;
  from: string | null;
  to: string | null;
  at: string;
}

const PAGE = 1_000;
/**
 * The audience of a row that only shows that rows arrive, for readers of the database's log.
 */
export const HEARTBEAT_AUDIENCE = 'heartbeat';
/**
 * Epoch, and the snapshot up to which was read; within a read of several pages also the target
 * snapshot, transaction and row.
 */
const SNAPSHOT = String.raw`\d{1,19}:\d{1,19}:[\d,]{0,20000}`;
const CURSOR = new RegExp(String.raw`^([0-9a-f]{8})/(${SNAPSHOT})(?:/(${SNAPSHOT})/(\d{1,19})\.(\d{1,18}))?$`);

interface Row extends Change {
  readonly epoch: string;
  readonly expired: boolean;
  /** The target snapshot. */
  readonly until: string;
  /** Null in the row that is returned when there are no changes. */
  readonly txid: string | null;
  readonly id: string;
}

/**
 * The changes after `since`, at most 1000; without `since` no changes and the current cursor. A
 * page that is not full includes everything committed before it was read. CONFLICT with `{ cursor:
 * 'expired' }` for a cursor that is malformed, from another database, or too old: the reader must
 * treat everything as changed and start again. A change may be reported twice, but never missed.
 */
export async function readChanges(db: Database, schema: string, since: string | null | undefined): Promise<ChangePage> {
  const cursor = since == null ? START : parseCursor(since);
  const { from, until, txid, id } = cursor;
  const rows = await db.query<Row>(changesAfter(schema), [from, until, txid, id]).catch((error: unknown) => {
    throw since != null && isMalformed(error) ? expired(since) : error;
  });
  const [state] = rows;
  if (state === undefined) throw new Error(`${schema}.outbox_state has no row`);
  if (since != null && (state.expired || state.epoch !== cursor.epoch)) throw expired(since);
  const changes = rows.filter((row) => row.txid !== null);
  const last = changes.length === PAGE ? changes.at(-1) : undefined;
  const next = last === undefined ? state.until : `${from}/${state.until}/${last.txid}.${last.id}`;
  return {
    cursor: `${state.epoch}/${next}`,
    changes: changes.map(({ ern, audience, from, to, at }) => ({ ern, audience, from, to, at })),
  };
}

const START = { epoch: null, from: null, until: null, txid: '0', id: '0' };

/** Throws CONFLICT with `{ cursor: 'expired' }` when it is malformed. */
function parseCursor(text: string) {
  const match = CURSOR.exec(text);
  if (match === null) throw expired(text);
  const [, epoch, from, until = null, txid = '0', id = '0'] = match;
  return { epoch, from, until, txid, id };
}

/**
 * The log, the server and its timeline: a restored log has the numbers of another server. A mark of
 * what was trimmed that is ahead of this server is another server's, too.
 */
const EPOCH = `left(md5(s.epoch || (SELECT system_identifier FROM pg_control_system())
  || left(pg_walfile_name(pg_current_wal_lsn()), 8)), 8)`;

/** Whether PostgreSQL cannot read the snapshots of a cursor. */
function isMalformed(error: unknown): boolean {
  const { code } = Object(error) as { readonly code?: unknown };
  return code === '22P02' || code === '22003';
}

/**
 * The statement reads up to its own snapshot, which the last page reports. Transactions that a
 * snapshot does not see are those from its end on, and the few that it lists as running: each is
 * found by index, so that a page costs the same however long another transaction is open.
 */
function changesAfter(schema: string): string {
  const page = (from: string, condition: string) => `
    (SELECT o.* FROM ${from} ${schema}.outbox o
     WHERE ${condition} AND (o.txid, o.id) > ($3::text::xid8, $4::text::bigint)
       AND pg_visible_in_snapshot(o.txid, n.until) AND o.audience <> '${HEARTBEAT_AUDIENCE}'
     ORDER BY o.txid, o.id LIMIT ${PAGE})`;
  return `
    SELECT ${EPOCH} AS epoch, n.until::text AS until,
           s.trimmed >= pg_snapshot_xmin($1::text::pg_snapshot) AND s.trimmed < pg_snapshot_xmax(pg_current_snapshot())
             OR pg_snapshot_xmax($1::text::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot()) AS expired,
           o.txid::text AS txid, o.id::text AS id, o.ern, o.audience,
           ${instant('o.starts_at')} AS "from", ${instant('o.ends_at')} AS "to", ${instant('o.at')} AS at
    FROM ${schema}.outbox_state s
    CROSS JOIN (SELECT coalesce($2::text::pg_snapshot, pg_current_snapshot()) AS until) n
    LEFT JOIN LATERAL (
      ${page('', 'o.txid >= pg_snapshot_xmax($1::text::pg_snapshot)')}
      UNION ALL
      ${page('pg_snapshot_xip($1::text::pg_snapshot) AS running (txid),', 'o.txid = running.txid')}
      ORDER BY txid, id LIMIT ${PAGE}
    ) o ON true
    ORDER BY o.txid, o.id`;
}

function expired(since: string): ApiError {
  const message = `since: expected a cursor this service gave within the last hour, given ${echo(since)}`;
  return new ApiError('CONFLICT', message, { cursor: 'expired' });
}
