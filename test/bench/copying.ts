// The contender of the freshness probe: the polling design that this project replaces. A worker
// asks each service's tables for rows with a newer `updated` than the watermark in `history`,
// upserts them into a `calendar_event` table in PostgreSQL, and answers the same query from that
// table through the same gateway. It is simplified in its favour: it ignores deletions, and reads
// memberships directly from the lecture service's table.
import pg from 'pg';
import { createInternalVerifier } from '../../src/auth/internal-token.ts';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config.ts';
import type { Running } from '../../src/processes/running.ts';
import { readSchema } from '../../src/schema.ts';
import { createSubgraph, type SubgraphContext } from '../../src/subgraph/subgraph.ts';

const SOURCES = ['lecture', 'attendance', 'assignment'] as const;
const TYPES = { LECTURE: 'LectureEvent', ATTENDANCE: 'AttendanceEvent', ASSIGNMENT: 'AssignmentEvent' };

const TABLES = `
  CREATE TABLE history (source text PRIMARY KEY, updated timestamptz NOT NULL);
  INSERT INTO history SELECT source, '-infinity' FROM unnest('{lecture,attendance,assignment}'::text[]) source;
  CREATE TABLE calendar_event (
    kind text NOT NULL, ern text NOT NULL, user_id text NOT NULL, course text NOT NULL, title text,
    starts_at timestamptz, ends_at timestamptz, hidden boolean NOT NULL, updated timestamptz NOT NULL,
    PRIMARY KEY (user_id, ern)
  );
  CREATE INDEX calendar_event_dates ON calendar_event (course, starts_at, ends_at);`;

const updatedSince = (source: string) => `
  SELECT $2::text AS kind, ern, '' AS user_id, course, title, starts_at::text, ends_at::text, false AS hidden, updated_at::text AS updated
  FROM ${source}.item WHERE updated_at > $1::timestamptz
  UNION ALL
  SELECT $2, ern, o.user_id, i.course, null, o.starts_at::text, o.ends_at::text, o.hidden, o.updated_at::text
  FROM ${source}.override o JOIN ${source}.item i USING (ern) WHERE o.updated_at > $1::timestamptz`;

const UPSERT = `
  INSERT INTO calendar_event SELECT * FROM json_populate_recordset(null::calendar_event, $1)
  ON CONFLICT (user_id, ern) DO UPDATE SET (course, title, starts_at, ends_at, hidden, updated)
    = (excluded.course, excluded.title, excluded.starts_at, excluded.ends_at, excluded.hidden, excluded.updated)`;

const EVENTS = `
  SELECT e.kind, e.ern, e.title, json_build_object('ern', c.ern, 'title', c.title, 'color', c.color) AS course,
         coalesce(o.starts_at, e.starts_at) AS "startsAt", coalesce(o.ends_at, e.ends_at) AS "endsAt"
  FROM calendar_event e
  JOIN lecture.enrollment m ON m.course = e.course AND m.user_id = $1 AND m.enrolled
  JOIN lecture.course c ON c.ern = e.course
  LEFT JOIN calendar_event o ON o.ern = e.ern AND o.user_id = $1
  WHERE e.user_id = '' AND NOT coalesce(o.hidden, false)
    AND coalesce(o.starts_at, e.starts_at) < $3 AND coalesce(o.ends_at, e.ends_at) > $2
  ORDER BY "startsAt", e.ern`;

/** What the worker has asked of the services. */
export interface Evidence {
  calls: number;
  rows: number;
}

/**
 * Stands where the calendar does. `intervalMs`: between two rounds of the worker. Started when
 * everything is copied once.
 */
export function copyingCalendar(intervalMs: number, evidence: Evidence) {
  return async (config: Config, clock: Clock): Promise<Running> => {
    const pool = new pg.Pool({ connectionString: config.DATABASE_URL });
    await pool.query(TABLES);
    const round = () => Promise.all(SOURCES.map((source) => copy(pool, source, evidence)));
    await round();
    const timer = setInterval(() => void round(), intervalMs);
    const subgraph = createSubgraph({
      name: 'calendar',
      typeDefs: readSchema('calendar'),
      resolvers: resolversOver(pool),
      verify: createInternalVerifier({ secret: config.INTERNAL_SECRET, audience: 'calendar', clock }),
      clock,
      context: () => ({}),
    });
    const { url } = await subgraph.listen({ port: config.CALENDAR_PORT, host: config.HOST });
    return {
      addresses: { calendar: url },
      async close() {
        clearInterval(timer);
        await subgraph.close();
        await pool.end();
      },
    };
  };
}

/** One round of one source: the rows and the watermark are written together. */
async function copy(pool: pg.Pool, source: string, evidence: Evidence): Promise<void> {
  const { rows: marks } = await pool.query('SELECT updated::text FROM history WHERE source = $1', [source]);
  const { rows } = await pool.query(updatedSince(source), [marks[0].updated, source.toUpperCase()]);
  evidence.calls += 1;
  evidence.rows += rows.length;
  if (rows.length === 0) return;
  const upsert = `WITH copied AS (${UPSERT}) UPDATE history SET updated =
    (SELECT max(updated) FROM json_populate_recordset(null::calendar_event, $1)) WHERE source = $2`;
  await pool.query(upsert, [JSON.stringify(rows), source]);
}

function resolversOver(pool: pg.Pool) {
  return {
    Query: { viewer: (_: unknown, __: unknown, { caller }: SubgraphContext) => caller.user && { id: caller.user.id } },
    User: {
      calendar: async ({ id }: { id: string }, { from, to }: { from: string; to: string }) => {
        const { rows } = await pool.query(EVENTS, [id, from, to]);
        const events = rows.map((row) => ({
          ...row,
          startsAt: row.startsAt.toISOString(),
          endsAt: row.endsAt.toISOString(),
        }));
        return { events, completeness: 'COMPLETE' };
      },
    },
    ScheduleEvent: { __resolveType: ({ kind }: { kind: keyof typeof TYPES }) => TYPES[kind] },
  };
}
