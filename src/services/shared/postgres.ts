// PostgreSQL 14 or later, through a pool of connections.
import pg from 'pg';
import { type Database, publishStatement, type Statements } from './database.ts';

/** Takes a `postgres://` address; connects when first used. `connections`: most at once, default 10. */
export function openPostgres(url: string, connections = 10): Database {
  const pool = new pg.Pool({ connectionString: url, max: connections, connectionTimeoutMillis: 5_000 });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  return { ...statementsOf(pool), transaction: (run) => transaction(pool, run), close: () => pool.end() };
}

async function transaction<T>(pool: pg.Pool, run: (tx: Statements) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await run(statementsOf(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

function statementsOf(client: pg.Pool | pg.PoolClient): Statements {
  return {
    async query<Row extends object>(sql: string, params: readonly unknown[] = []) {
      publishStatement(sql);
      return (await client.query<Row>(sql, [...params])).rows;
    },
    async script(sql) {
      publishStatement(sql);
      await client.query(sql);
    },
  };
}
