// PostgreSQL 14 or later, through two pools of connections: writes that wait for each other's locks
// never take the connections of reads.
import { escapeLiteral } from 'pg';
import { type Clock, systemClock } from '../../clock.ts';
import { Connection } from './connection.ts';
import type { Database, Statements } from './database.ts';
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
export function openPostgres(url: string, connections = 10, clock: Clock = systemClock): Database {
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
      listen: (name, heard, lost) => listen(url, name, heard, lost),
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
