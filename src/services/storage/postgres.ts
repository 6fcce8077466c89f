// PostgreSQL 14 or later, through a pool of connections.
import pg from 'pg';
import { Connection } from './connection.ts';
import { type Database, publishStatement, type Statements } from './database.ts';
import { callerError } from './lost-connection.ts';

const CONNECT_MS = 5_000;
/** A connection is a process in PostgreSQL: connections are kept open for five minutes. */
const IDLE_MS = 300_000;

/**
 * Opens a `postgres://` URL; connects at the first use. Rejects with UNAVAILABLE when there is no
 * connection or it is lost. `connections`: maximum number, default 10.
 */
export function openPostgres(url: string, connections = 10): Database {
  const pool = new pg.Pool({
    Client: Connection,
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the
  // process.
  pool.on('error', () => undefined);
  return {
    ...statementsOf(pool),
    transaction: (run) => transaction(pool, run),
    listen: (name, heard, lost) => listen(url, name, heard, lost),
    close: () => pool.end(),
  };
}

/**
 * On a connection of its own: a subscription on a pooled connection would pass to its next user.
 */
async function listen(url: string, name: string, heard: () => void, lost: (error: Error) => void) {
  const client = new Connection({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  const end = () => void client.end().catch(() => undefined);
  client.on('error', lost);
  client.on('notification', heard);
  try {
    await client.connect();
    await client.query(`LISTEN ${client.escapeIdentifier(name)}`);
  } catch (error) {
    end();
    throw error;
  }
  return end;
}

async function transaction<T>(pool: pg.Pool, run: (tx: Statements) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw callerError(error);
  });
  let broken: Error | undefined;
  let isCommitting = false;
  try {
    await client.query('BEGIN');
    const result = await run(statementsOf(client));
    isCommitting = true;
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw callerError(error, isCommitting);
  } finally {
    client.release(broken);
  }
}

function statementsOf(client: pg.Pool | pg.PoolClient): Statements {
  return {
    async query<Row extends object>(sql: string, params: readonly unknown[] = []) {
      publishStatement(sql);
      return (await client.query<Row>(sql, [...params]).catch(rethrow)).rows;
    },
    async script(sql) {
      publishStatement(sql);
      await client.query(sql).catch(rethrow);
    },
  };
}

function rethrow(error: unknown): never {
  throw callerError(error);
}
