// One locked row, or connections that carry nothing more, cost the calls that need them and nothing
// else, and nothing is written for a caller that has given up.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { openPostgres } from '../../../src/services/storage/postgres.ts';
import { describeWith } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { POSTGRES, startPostgres } from '../../harness/postgres-server.ts';
import type { RealServer } from '../../harness/server-process.ts';
import { layWire, type Wire } from '../../harness/wire.ts';
import { CALENDAR, type Services, startServices } from '../harness.ts';

const RESCHEDULE = `mutation ($ern: ERN!, $startsAt: DateTime!) {
  rescheduleLecture(ern: $ern, startsAt: $startsAt, endsAt: "2026-03-09T02:00:00Z") { ern }
}`;
const AUDIENCES = `{ _entities(representations: [{ __typename: "User", id: "student-1" }]) {
  ... on User { lectureAudiences }
} }`;
const CREATE = `mutation ($input: CreateLectureInput!) { createLecture(input: $input) { ern } }`;

describeWith(POSTGRES, 'services on PostgreSQL', () => {
  let server: RealServer;
  let admin: pg.Client;
  let wire: Wire;
  let services: Services;

  beforeAll(async () => {
    server = await startPostgres();
    admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    wire = await layWire(server.url);
    services = await startServices(async () => openPostgres(wire.url));
  }, 60_000);
  beforeEach(() => services.reset());
  afterAll(async () => {
    await services.close();
    await wire.close();
    await admin.end();
    await server.close();
  });

  const read = async (deadline = '1000') =>
    (await services.send('lecture', CALENDAR, AUDIENCES, {}, { 'x-deadline-ms': deadline })).body;
  const create = async (): Promise<string> => {
    const { createLecture } = await services.ask<{ createLecture: { ern: string } }>('lecture', 'teacher-1', CREATE, {
      input: {
        course: 'ern:lms:course/1',
        title: 'A',
        startsAt: '2026-03-09T00:00:00Z',
        endsAt: '2026-03-09T01:00:00Z',
      },
    });
    return createLecture.ern;
  };
  const startOf = async (ern: string) => {
    const { rows } = await admin.query<{ at: Date }>('SELECT starts_at AS at FROM lecture.item WHERE ern = $1', [ern]);
    return rows[0]?.at.toISOString();
  };
  const reschedule = (ern: string, ms: number) =>
    services.send(
      'lecture',
      'teacher-1',
      RESCHEDULE,
      { ern, startsAt: '2026-03-09T00:30:00Z' },
      { 'x-deadline-ms': String(ms) },
    );
  /** Locks the row as somebody with psql would. */
  const lock = async (ern: string) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM lecture.item WHERE ern = $1 FOR UPDATE', [ern]);
    return () => client.end();
  };
  const waiting = async () => {
    const { rows } = await admin.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
    return rows.length;
  };

  test('reads are answered while twelve writes wait for one locked row', async () => {
    const ern = await create();
    const unlock = await lock(ern);
    const tries = Array.from({ length: 12 }, () => reschedule(ern, 4_000));
    await eventually('writes that wait', async () => (await waiting()) > 3);
    expect(await read()).toMatchObject({ data: { _entities: [{ lectureAudiences: expect.anything() }] } });
    await unlock();
    await Promise.all(tries);
  });

  test('a write that its caller has given up is cancelled, says so, and is not made later', async () => {
    const ern = await create();
    const unlock = await lock(ern);
    const answers = await Promise.all(Array.from({ length: 12 }, () => reschedule(ern, 1_000)));
    for (const { body } of answers) {
      expect(body.errors).toMatchObject([
        { message: expect.stringContaining('Nothing was changed'), extensions: { code: 'UNAVAILABLE' } },
      ]);
    }
    expect(await waiting()).toBe(0);
    await unlock();
    expect(await startOf(ern)).toBe('2026-03-09T00:00:00.000Z');
  });

  test('nothing is committed after the deadline', async () => {
    const late = services.database.within(300).transaction(async (tx) => {
      await tx.query(`INSERT INTO lecture.observer VALUES ('a', 'b')`);
      await new Promise((resolve) => setTimeout(resolve, 350));
    });
    await expect(late).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    expect((await admin.query('SELECT FROM lecture.observer')).rowCount).toBe(0);
  });

  test('connections that carry nothing more are all replaced after the first of them was noticed', async () => {
    // All connections of the pool are open and idle.
    await Promise.all(Array.from({ length: 10 }, () => services.database.query('SELECT pg_sleep(0.2)')));
    wire.deaden();
    expect(await services.readiness('lecture')).toBe(503);
    expect(await services.readiness('lecture')).toBe(200);
    expect(await read()).toMatchObject({ data: { _entities: [{ lectureAudiences: expect.anything() }] } });
  });

  test('a database whose connections carry nothing more is closed nevertheless', async () => {
    const other = await layWire(server.url);
    const database = openPostgres(other.url);
    await Promise.all(Array.from({ length: 3 }, () => database.query('SELECT pg_sleep(0.1)')));
    other.deaden();
    await database.close();
    await other.close();
  });

  test('what a call has left is PostgreSQL’s limit for its statements, and half of it the limit for waiting for a lock', async () => {
    const [row] = await services.database
      .within(750)
      .query<object>(
        `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock`,
      );
    expect(row).toEqual({ statement: '800ms', lock: '400ms' });
  });

  test('a service whose database does not answer is not ready', async () => {
    server.freeze();
    expect(await services.readiness('attendance')).toBe(503);
    server.thaw();
    await eventually('a service that is ready', async () => (await services.readiness('attendance')) === 200);
  });
});
