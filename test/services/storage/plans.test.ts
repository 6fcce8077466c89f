// What a service reads grows with what it returns, not with its tables: no statement scans a table
// that grows with users and years. The tables here are large enough that scanning would cost more.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { systemClock } from '../../../src/clock.ts';
import { scheduleDefinition as assignment } from '../../../src/services/assignment/service.ts';
import { scheduleDefinition as attendance } from '../../../src/services/attendance/service.ts';
import { lectureLoaders } from '../../../src/services/lecture/reading.ts';
import { createSchedule } from '../../../src/services/shared/schedule.ts';
import type { Database } from '../../../src/services/storage/database.ts';
import { openPostgres } from '../../../src/services/storage/postgres.ts';
import { explaining, fillTables, monthsFrom } from '../../bench/big-tables.ts';
import { describeWith } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { POSTGRES, startPostgres } from '../../harness/postgres-server.ts';
import type { RealServer } from '../../harness/server-process.ts';
import { SERVICES, type ServiceName, type Services, startServices } from '../harness.ts';

const SCANS = /Seq Scan on (?:item|override|enrollment|course|staff|observer)\b.*/;
/** How many rows the scans of this index read and left out. */
function rowsRemoved(plan: readonly string[], index: string): number {
  let loops = 0;
  let sum = 0;
  for (const line of plan) {
    if (line.includes('->')) loops = line.includes(index) ? Number(/loops=(\d+)/.exec(line)?.[1] ?? 0) : 0;
    sum += loops * Number(/Rows Removed by Filter: (\d+)/.exec(line)?.[1] ?? 0);
  }
  return sum;
}

const SCHEDULES = {
  lecture: (database: Database) => lectureLoaders(database, 'lms', systemClock).schedule,
  attendance: (database: Database) => createSchedule(database, attendance('lms')),
  assignment: (database: Database) => createSchedule(database, assignment('lms')),
};

describeWith(POSTGRES, 'on large tables', () => {
  let server: RealServer;
  let services: Services;
  let admin: pg.Client;

  beforeAll(async () => {
    server = await startPostgres();
    services = await startServices(async () => openPostgres(server.url));
    admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    for (const schema of SERVICES) await fillTables(admin, schema, { courses: 800, itemsPerCourse: 30, students: 200 });
  }, 120_000);
  afterAll(async () => {
    await services.close();
    await admin.end();
    await server.close();
  });

  const planOf = async (read: (database: Database) => Promise<unknown>): Promise<string[]> => {
    const plan: string[] = [];
    await read(explaining(services.database, plan));
    expect(plan.length).toBeGreaterThan(0);
    return plan;
  };
  const user = (n: number) => `ern:lms:user/student-${n + 1}`;
  const slices = Array.from({ length: 500 }, (_, n) => ({
    audience: n % 2 === 0 ? user(n % 200) : `ern:lms:course/${n + 1}`,
    from: '',
    to: '',
    ...monthsFrom('2025-03-01', 12)[n % 12],
  }));

  test.each(SERVICES)('a batch of slices of the %s service scans no table', async (service: ServiceName) => {
    for (const size of [1, 13, 500]) {
      const plan = await planOf((from) => SCHEDULES[service](from).slices.loadMany(slices.slice(0, size)));
      expect([size, plan.filter((line) => SCANS.test(line))]).toEqual([size, []]);
    }
  });

  test.each(SERVICES)(
    'a batch of slices of the %s service looks at no item or override outside of its months',
    async (service: ServiceName) => {
      const plan: string[] = [];
      const read = (from: Database) => SCHEDULES[service](from).slices.loadMany(slices);
      await read(explaining(services.database, plan, 'EXPLAIN (ANALYZE, TIMING OFF)'));
      expect(plan.join('\n')).toContain('Index Scan using item_dates');
      expect(rowsRemoved(plan, 'item_dates')).toBeLessThan(slices.length);
      expect(plan.join('\n')).toMatch(/Index Scan (?:using|on) override_item_dates/);
      expect(rowsRemoved(plan, 'override_own_dates')).toBeLessThan(slices.length);
      expect(plan.join('\n')).toMatch(/Index (?:Only )?Scan (?:using|on) enrollment_courses/);
    },
  );

  test.each(SERVICES)('audiences, items and entities of the %s service scan no table', async (service: ServiceName) => {
    const ern = 'ern:lms:course/7/item/3';
    const reads = [
      (from: Database) => SCHEDULES[service](from).audiences.load('student-7'),
      (from: Database) =>
        SCHEDULES[service](from).items.loadMany([
          { ern, audience: user(6) },
          { ern, audience: 'ern:lms:course/7' },
        ]),
      (from: Database) => SCHEDULES[service](from).entities.load(ern),
    ];
    for (const read of reads) expect((await planOf(read)).filter((line) => SCANS.test(line))).toEqual([]);
  });

  test('courses, teachers and observers scan no table', async () => {
    const reads = [
      (from: Database) =>
        lectureLoaders(from, 'lms', systemClock).courses.loadMany(['ern:lms:course/7', 'ern:lms:course/8']),
      (from: Database) => lectureLoaders(from, 'lms', systemClock).teaches.load('teacher-1'),
      (from: Database) => lectureLoaders(from, 'lms', systemClock).observes.load('observer-1'),
    ];
    for (const read of reads) {
      const scans = (await planOf(read)).filter((line) => /Seq Scan on (?:item|override|enrollment)/.test(line));
      expect(scans).toEqual([]);
    }
  });

  test('mutations and their triggers scan no item, override or enrollment', async () => {
    const scans = async () => {
      // A connection that ends tells what it has counted.
      const others = 'FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()';
      await admin.query(`SELECT pg_terminate_backend(pid) ${others}`);
      await eventually('they have ended', async () => (await admin.query(`SELECT ${others}`)).rowCount === 0);
      const { rows } = await admin.query<{ table: string; scans: string }>(
        `SELECT schemaname || '.' || relname AS table, seq_scan AS scans FROM pg_stat_user_tables
         WHERE relname IN ('item', 'override', 'enrollment') ORDER BY 1`,
      );
      return rows;
    };
    const { rows } = await admin.query<{ course: string }>(
      `SELECT course FROM assignment.enrollment WHERE user_id = 'student-7' LIMIT 1`,
    );
    const course = rows[0]?.course;
    const input = `course: "${course}", title: "A", startsAt: "2026-03-09T00:00:00Z", endsAt: "2026-03-09T01:00:00Z"`;
    const made = async (service: ServiceName, field: string, more = '') => {
      const document = `mutation { ${field}(input: { ${input} ${more} }) { ern } }`;
      return (await services.ask<Record<string, { ern: string }>>(service, 'admin-1', document))[field]?.ern;
    };
    const ask = (service: ServiceName, document: string) =>
      services.ask(service, 'admin-1', `mutation { ${document} }`);
    const before = await scans();
    const essay = await made('assignment', 'createAssignment');
    await ask('assignment', `updateAssignment(ern: "${essay}", input: { title: "B" }) { ern }`);
    await ask(
      'assignment',
      `grantExtension(ern: "${essay}", user: "student-7", endsAt: "2026-04-09T01:00:00Z") { endsAt }`,
    );
    await ask('assignment', `deleteAssignment(ern: "${essay}")`);
    await made('attendance', 'openAttendanceCheck');
    const talk = await made('lecture', 'createLecture');
    await ask(
      'lecture',
      `rescheduleLecture(ern: "${talk}", startsAt: "2026-03-10T00:00:00Z", endsAt: "2026-03-10T01:00:00Z") { ern }`,
    );
    await ask('lecture', `enroll(course: "${course}", user: "student-9") { enrolled }`);
    await ask('lecture', `cancelLecture(ern: "${talk}")`);
    expect(await scans()).toEqual(before);
  });

  // The last one here, because it leaves a table that PostgreSQL knows little of.
  test('a user’s courses are looked up in a hash table also before a large table has been analysed', async () => {
    await admin.query(`ALTER TABLE assignment.enrollment SET (autovacuum_enabled = false);
      SET session_replication_role = replica;
      INSERT INTO assignment.enrollment (course, user_id, enrolled, revision)
        SELECT 'ern:lms:course/' || n % 800, 'other-' || n / 40, true, 1 FROM generate_series(1, 500000) n;
      SET session_replication_role = DEFAULT;
      DELETE FROM pg_statistic WHERE starelid = 'assignment.enrollment'::regclass`);
    const plan = await planOf((from) => SCHEDULES.assignment(from).slices.loadMany(slices));
    expect(plan.join('\n')).toMatch(/\(hashed SubPlan \d+\) IS TRUE/);
  });
});
