// A PostgreSQL with a standby, behind one address that follows a failover. A commit is acknowledged
// when both servers have it, so that a failover loses none.
import pg from 'pg';
import { eventually } from '../harness/eventually.ts';
import { startPostgres, startStandby } from '../harness/postgres-server.ts';
import { layWire } from '../harness/wire.ts';

/** The pair, and what can happen to it. */
export interface PostgresPair {
  /** The address for clients. */
  readonly url: string;
  /** Ends the server in the middle of its work and starts it again. */
  restart(): Promise<void>;
  /** Ends the server for good; the standby takes its place. */
  failOver(): Promise<void>;
  /** Ends about one connection in three, some at the server and some on the way. */
  dropConnections(): Promise<void>;
  /** Locks a row as a forgotten transaction does. */
  lockRow(statement: string, ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts both. */
export async function startPostgresPair(random: () => number): Promise<PostgresPair> {
  const primary = await startPostgres();
  const wire = await layWire(primary.url);
  const standby = await startStandby(primary);
  await waitForBoth(primary.url);
  let current = primary;
  return {
    url: wire.url,
    async restart() {
      await current.stop();
      await current.start();
    },
    async failOver() {
      wire.cut();
      await current.close();
      await ask(standby.url, 'SELECT pg_promote()');
      current = standby;
      wire.aim(standby.url);
      wire.mend();
    },
    async dropConnections() {
      wire.dropSome(6, random);
      await ask(
        current.url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND random() < 0.2`,
      );
    },
    async lockRow(statement, ms) {
      await ask(current.url, `BEGIN; ${statement}; SELECT pg_sleep(${ms / 1_000}); ROLLBACK`);
    },
    async close() {
      await wire.close();
      await Promise.all([current.close(), current === standby ? undefined : standby.close()]);
    },
  };
}

async function waitForBoth(primary: string): Promise<void> {
  await ask(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'");
  await ask(primary, 'SELECT pg_reload_conf()');
  await eventually('a standby that confirms commits', async () => {
    const [row] = await ask(primary, "SELECT count(*)::int AS n FROM pg_stat_replication WHERE sync_state = 'sync'");
    return row?.n === 1;
  });
}

/** The rows of the last statement. */
async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result: pg.QueryResult | pg.QueryResult[] = await client.query(sql);
    return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? [];
  } finally {
    await client.end();
  }
}
