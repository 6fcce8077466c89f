// A lost connection to PostgreSQL fails what ran on it, and never ends the process: an `error`
// event without a listener would be an uncaught exception, for which jest fails a test.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Database, Statements } from '../../../src/services/storage/database.ts';
import { openPostgres } from '../../../src/services/storage/postgres.ts';
import { describeWith } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { POSTGRES, startPostgres } from '../../harness/postgres-server.ts';
import type { RealServer } from '../../harness/server-process.ts';

describeWith(POSTGRES, 'a PostgreSQL connection that is lost', () => {
  let server: RealServer;
  let admin: pg.Client;
  let database: Database;
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);

  beforeAll(async () => {
    server = await startPostgres();
    admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query('CREATE TABLE written (n int)');
    process.on('uncaughtException', note);
  }, 60_000);
  beforeEach(() => {
    database = openPostgres(server.url, 2);
  });
  afterEach(async () => {
    await database.close();
    expect(uncaught.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    process.off('uncaughtException', note);
    await admin.end();
    await server.close();
  });

  const pidOf = async (on: Statements) => (await on.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]?.pid;
  /** Ends the backend and waits until it is gone. */
  const terminate = async (pid: number | undefined) => {
    await admin.query('SELECT pg_terminate_backend($1)', [pid]);
    await eventually('a backend that is gone', async () => {
      return (await admin.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount === 0;
    });
  };
  const answers = async () => expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);

  test('while it waits in the pool is replaced', async () => {
    await terminate(await pidOf(database));
    await eventually('an answer on another connection', () =>
      answers().then(
        () => true,
        () => false,
      ),
    );
  });

  test('between two statements of a transaction fails the transaction only, and nothing is written', async () => {
    const lost = database.transaction(async (tx) => {
      await tx.query('INSERT INTO written VALUES (1)');
      await terminate(await pidOf(tx));
      // The loss reaches this process while nothing runs on the connection.
      await eventually('a transaction that knows', () =>
        tx.query('SELECT 1').then(
          () => false,
          () => true,
        ),
      );
      await tx.query('INSERT INTO written VALUES (2)');
    });
    await expect(lost).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    await answers();
    expect(await database.query('SELECT n FROM written')).toEqual([]);
  });

  test('in the middle of a statement of a transaction fails the transaction only', async () => {
    const lost = database.transaction(async (tx) => {
      const pid = await pidOf(tx);
      const [ran] = await Promise.allSettled([tx.query('SELECT pg_sleep(60)'), terminate(pid)]);
      if (ran?.status === 'rejected') throw ran.reason;
    });
    await expect(lost).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    await answers();
  });

  test('while a transaction is committed fails with UNAVAILABLE, which says that the change may have been made', async () => {
    await admin.query(`
      CREATE TABLE slow (n int);
      CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
      CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION wait()`);
    let pid: number | undefined;
    const lost = database.transaction(async (tx) => {
      pid = await pidOf(tx);
      await tx.query('INSERT INTO slow VALUES (1)');
    });
    const failed = expect(lost).rejects.toMatchObject({
      message: expect.stringContaining('may have been made'),
      extensions: { code: 'UNAVAILABLE' },
    });
    await eventually('a transaction that commits', async () => {
      const { rows } = await admin.query('SELECT query FROM pg_stat_activity WHERE pid = $1', [pid]);
      return rows[0]?.query === 'COMMIT';
    });
    await terminate(pid);
    await failed;
    await answers();
  });

  test('to a server that is not there fails with UNAVAILABLE and names no host', async () => {
    const away = openPostgres('postgres://someone@127.0.0.1:1/nowhere', 1);
    const isUnavailable = { extensions: { code: 'UNAVAILABLE' }, message: expect.not.stringContaining('127.0.0.1') };
    await expect(away.query('SELECT 1')).rejects.toMatchObject(isUnavailable);
    await expect(away.transaction((tx) => tx.query('SELECT 1'))).rejects.toMatchObject(isUnavailable);
    await away.close();
  });

  const listening = (channel: string, lost: (error: Error) => void = () => undefined) => {
    return { channel, lock: channel, heard: () => undefined, lost, signal: new AbortController().signal };
  };

  test('while it listens is reported to the listener', async () => {
    const errors: Error[] = [];
    await database.listen(listening('news', (error) => errors.push(error)));
    const { rows } = await admin.query<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
    await terminate(rows[0]?.pid);
    await eventually('word of the loss', () => errors.length > 0);
    await answers();
  });

  test('that cannot listen is not left open', async () => {
    // PostgreSQL refuses an empty channel name after the connection is made.
    await expect(database.listen(listening(''))).rejects.toThrow();
    await eventually('no connection left', async () => {
      const { rows } = await admin.query("SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
      return rows.length === 0;
    });
  });
});
