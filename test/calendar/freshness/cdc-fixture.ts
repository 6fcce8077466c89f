// Outbox tables in a real PostgreSQL, written like a service's triggers would, with faults on
// demand.
import pg from 'pg';
import { createCdcFeed } from '../../../src/calendar/freshness/cdc.ts';
import { systemClock } from '../../../src/clock.ts';
import { startPostgres } from '../../harness/postgres-server.ts';
import type { FeedFixture, Written } from './contract.ts';

/** The contract's fixture, and a way to run SQL. */
export interface CdcFixture extends FeedFixture {
  readonly url: string;
  sql<Row extends object>(text: string, params?: readonly unknown[]): Promise<Row[]>;
}

const INSERT = `INSERT INTO lecture.outbox (ern, audience, starts_at, ends_at)
  SELECT ern, audience, starts, ends FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[]) AS written (ern, audience, starts, ends)`;

/** Starts a server with the three tables. */
export async function startCdcFixture(): Promise<CdcFixture> {
  const server = await startPostgres();
  const sql = async <Row extends object>(text: string, params: readonly unknown[] = []) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    try {
      return (await client.query<Row>(text, [...params])).rows;
    } finally {
      await client.end();
    }
  };
  for (const schema of ['lecture', 'attendance', 'assignment']) {
    await sql(`CREATE SCHEMA ${schema}`);
    await sql(`CREATE TABLE ${schema}.outbox (id bigint GENERATED ALWAYS AS IDENTITY, ern text NOT NULL, audience text NOT NULL,
      starts_at timestamptz, ends_at timestamptz, at timestamptz NOT NULL DEFAULT now(),
      txid xid8 NOT NULL DEFAULT pg_current_xact_id(), PRIMARY KEY (txid, id))`);
  }
  const insert = (changes: readonly Written[]) =>
    sql(INSERT, [
      changes.map((one) => one.ern ?? one.audience),
      changes.map((one) => one.audience),
      changes.map((one) => one.from),
      changes.map((one) => one.to),
    ]);
  return {
    ...server,
    sql,
    feed: () => createCdcFeed({ url: server.url, clock: systemClock, random: Math.random }),
    async write(...changes) {
      await insert(changes);
    },
    async writeMalformed() {
      await insert([{ audience: 'no ern', from: null, to: null }]);
    },
    async lose() {
      await sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'walsender'");
    },
    async connections() {
      const rows = await sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'calendar-feed'");
      return rows.length;
    },
  };
}
