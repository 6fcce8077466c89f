// PostgreSQL 14 or later, through two pools of connections: writes that wait for each other's locks
// never take the connections of reads.
import { escapeLiteral, type QueryConfig } from 'pg';
import { type Clock, pausing, systemClock } from '../../clock.ts';
import { type LiveUrl, urlOf } from '../../live-url.ts';
import { Connection } from './connection.ts';
import type { Database, Listening, Statements } from './database.ts';
import { callerError, givenUp, isConnectionLost, LostCommit } from './lost-connection.ts';
import { control, DeadlinePool, type TimeLeft } from './pool.ts';

const CONNECT_MS = 5_000;
/** The time of a call whose caller does not say how long it waits, in milliseconds. */
const DEFAULT_MS = 10_000;
const ROLLBACK_MS = 1_000;

/**
 * Opens a `postgres://` URL; connects at the first use. Rejects with UNAVAILABLE when there is no
 * connection, it is lost, or the time is over. `connections`: maximum number for reads, default 10;
 * half as many more are for writes.
 */
export function openPostgres(url: LiveUrl, connections = 10, clock: Clock = systemClock): Database {
  const silence = { count: 0 };
  const reads = new DeadlinePool(url, connections, silence, clock);
  const writes = new DeadlinePool(url, Math.ceil(connections / 2), silence, clock);
  const until = (deadline: () => number, writer: string | null): Database => {
    const use = async <T>(run: (timeLeft: TimeLeft) => Promise<T>): Promise<T> => {
      const endsAt = deadline();
      try {
        return await run(() => timeUntil(endsAt, clock));
      } catch (error) {
        throw callerError(error);
      }
    };
    return {
      query: (sql, params) => use((left) => reads.use(left, (_, on) => on.query(sql, params))),
      script: (sql) => use((left) => writes.use(left, (_, on) => on.script(sql))),
      transaction: (run) => use((left) => transaction(writes, left, writer, run)),
      listen: (options) => listen(url, clock, options),
      within(ms, caller = null) {
        const endsAt = clock.elapsed() + ms;
        return until(() => endsAt, caller);
      },
      async close() {
        await Promise.all([reads.close(), writes.close()]);
      },
    };
  };
  return until(() => clock.elapsed() + DEFAULT_MS, null);
}

function timeUntil(endsAt: number, clock: Clock): number {
  const left = endsAt - clock.elapsed();
  if (left <= 0) throw givenUp();
  return left;
}

/** How often a listener that waits for its lock asks for it, in milliseconds. */
const LOCK_RETRY_MS = 500;
/**
 * PostgreSQL drops a listener that is no longer there, and with it the lock, after about ten
 * seconds instead of two hours.
 */
const KEEP_ALIVE = 'SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3';

/**
 * On a connection of its own: a subscription on a pooled connection would pass to its next user.
 * The lock is asked for again and again, because a statement that waits would keep PostgreSQL from
 * removing old rows.
 */
async function listen(url: LiveUrl, clock: Clock, { channel, lock, heard, lost, signal }: Listening) {
  const client = new Connection({ connectionString: urlOf(url), connectionTimeoutMillis: CONNECT_MS });
  const end = () => void client.end().catch(() => undefined);
  const ask = (text: string, values: string[] = []) =>
    client.query<{ isMine: boolean }>({ text, values, query_timeout: CONNECT_MS } as QueryConfig);
  client.on('error', lost);
  client.on('notification', heard);
  try {
    await client.connect();
    await ask(KEEP_ALIVE);
    while (!(await ask('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS "isMine"', [lock])).rows[0]?.isMine) {
      await pausing(clock, LOCK_RETRY_MS, signal);
      signal.throwIfAborted();
    }
    await ask(`LISTEN ${client.escapeIdentifier(channel)}`);
  } catch (error) {
    end();
    throw error;
  }
  return end;
}

function setting(writer: string | null): string {
  return writer === null ? '' : `; SELECT set_config('calendar.writer', ${escapeLiteral(writer)}, true)`;
}

/** Nothing is committed after the deadline, so a caller that has given up can try again. */
function transaction<T>(
  pool: DeadlinePool,
  timeLeft: TimeLeft,
  writer: string | null,
  run: (tx: Statements) => Promise<T>,
): Promise<T> {
  return pool.use(timeLeft, async (client, statements) => {
    let isCommitting = false;
    try {
      await control(client, `BEGIN${setting(writer)}`, timeLeft());
      const result = await run(statements);
      const ms = timeLeft();
      isCommitting = true;
      await control(client, 'COMMIT', ms);
      return result;
    } catch (error) {
      if (isConnectionLost(error)) throw isCommitting ? new LostCommit(error) : error;
      await control(client, 'ROLLBACK', ROLLBACK_MS);
      throw error;
    }
  });
}
