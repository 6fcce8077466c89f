// A replica that starts locks nothing, and existing tables are changed only by the program's step
// `migrate`, which gives up before writers have waited long.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { systemClock } from '../../../src/clock.ts';
import { createAttendanceService } from '../../../src/services/attendance/service.ts';
import { LECTURE_TABLES } from '../../../src/services/lecture/tables.ts';
import { migrationsOf } from '../../../src/services/shared/tables.ts';
import type { Database } from '../../../src/services/storage/database.ts';
import { migrate } from '../../../src/services/storage/migrations.ts';
import { openPostgres } from '../../../src/services/storage/postgres.ts';
import { describeWith } from '../../harness/child-server.ts';
import { POSTGRES, startPostgres } from '../../harness/postgres-server.ts';
import type { RealServer } from '../../harness/server-process.ts';
import { SERVICES } from '../harness.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

describeWith(POSTGRES, 'the tables of the services on PostgreSQL', () => {
  let server: RealServer;
  let admin: pg.Client;
  let database: Database;

  beforeAll(async () => {
    server = await startPostgres();
    admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    database = openPostgres(server.url);
    await startService();
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await admin.end();
    await server.close();
  });

  const startService = async () => {
    const verify = () => Promise.reject(new Error('no calls here'));
    const options = { database, clock: systemClock, homeZone: 'UTC', sample: null, verify };
    const service = await createAttendanceService(options);
    await service.listen({ port: 0, host: '127.0.0.1' });
    await service.close();
  };
  const runProgram = async () => {
    const env = { PATH: process.env.PATH, NODE_ENV: 'production', DATABASE_URL: server.url };
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'migrate'], { cwd: ROOT, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  };

  test('a replica starts while another transaction has locked every table', async () => {
    await admin.query(
      `BEGIN; LOCK TABLE ${['course', 'item', 'override', 'enrollment', 'staff', 'outbox'].map((table) => `attendance.${table}`).join()}`,
    );
    await startService();
    await admin.query('ROLLBACK');
  });

  test('are changed by `migrate` only: a service refuses older ones and says what to run', async () => {
    await admin.query('DELETE FROM attendance.migration');
    await expect(startService()).rejects.toThrow('node dist/main.js migrate');
    const first = await runProgram();
    expect(first).toEqual({ code: 0, output: expect.stringMatching(/attendance: version \d+, applied 1/) });
    await startService();
    const second = await runProgram();
    expect(second.code).toBe(0);
    expect(second.output.match(/nothing to do/g)).toHaveLength(SERVICES.length);
  }, 60_000);

  test('keep their version when `migrate` gets no lock, and writers wait two seconds at most', async () => {
    const migrations = migrationsOf(LECTURE_TABLES, 'lms', null);
    const addColumn = async (tx: Pick<Database, 'script'>) =>
      tx.script('ALTER TABLE lecture.item ADD COLUMN more text');
    await admin.query('BEGIN; LOCK TABLE lecture.item IN ROW EXCLUSIVE MODE');
    const started = performance.now();
    const migrating = expect(migrate(database, 'lecture', [...migrations, addColumn])).rejects.toMatchObject({
      extensions: { code: 'UNAVAILABLE' },
    });
    await migrating;
    expect(performance.now() - started).toBeLessThan(10_000);
    await admin.query('ROLLBACK');
    expect(await migrate(database, 'lecture', [...migrations, addColumn])).toEqual([migrations.length + 1]);
  });
});
