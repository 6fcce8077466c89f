// npm run bench:services: the slices of the assignment service on real PostgreSQL, with 2,000
// courses of 60 items and 4 million overrides: times of the slowest batches in a process that has
// answered some of them before, and their plans.
import pg from 'pg';
import { systemClock } from '../../src/clock.ts';
import { createAssignmentService, scheduleDefinition } from '../../src/services/assignment/service.ts';
import { createSchedule, type SliceKey } from '../../src/services/shared/schedule.ts';
import type { Database } from '../../src/services/storage/database.ts';
import { openPostgres } from '../../src/services/storage/postgres.ts';
import { startPostgres } from '../harness/postgres-server.ts';
import { explaining, fillTables, monthsFrom } from './big-tables.ts';

const WARM_UPS = 10;
const RUNS = 21;

const server = await startPostgres();
const database = openPostgres(server.url).within(600_000);
try {
  await prepare();
  for (const [name, keys] of batches()) await measure(name, keys);
} finally {
  await database.close();
  await server.close();
}

async function prepare(): Promise<void> {
  const unused = () => Promise.reject(new Error('no calls here'));
  await createAssignmentService({ database, clock: systemClock, homeZone: 'UTC', sample: null, verify: unused });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await fillTables(admin, 'assignment', { courses: 2_000, itemsPerCourse: 60, students: 1_666 });
  await admin.end();
}

function batches(): [string, SliceKey[]][] {
  const own = (n: number) => `ern:lms:user/student-${n + 1}`;
  const course = (n: number) => `ern:lms:course/${n + 1}`;
  const [month] = monthsFrom('2025-10-01', 1);
  const many = (size: number, audience: (n: number) => string) =>
    Array.from({ length: size }, (_, n) => ({ audience: audience(n), from: '', to: '', ...month }));
  return [
    [
      '13 months of a student in the fourth year',
      monthsFrom('2025-03-01', 13).map((one) => ({ audience: own(6), ...one })),
    ],
    ['a month of 50 students', many(50, own)],
    ['a full batch of students', many(500, own)],
    ['a full batch of courses', many(500, course)],
    ['a full batch of both', many(500, (n) => (n % 2 === 0 ? own(n) : course(n)))],
  ];
}

async function measure(name: string, keys: readonly SliceKey[]): Promise<void> {
  const read = (from: Database) => createSchedule(from, scheduleDefinition('lms')).slices.loadMany(keys);
  const plan: string[] = [];
  await read(explaining(database, plan, 'EXPLAIN (ANALYZE, BUFFERS)'));
  const times: number[] = [];
  let rows = 0;
  for (let run = -WARM_UPS; run < RUNS; run += 1) {
    const start = performance.now();
    rows = 0;
    for (const slice of await read(database)) rows += 'items' in slice ? slice.items.length : 0;
    if (run >= 0) times.push(performance.now() - start);
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  process.stdout.write(
    `\n${name}: ${keys.length} slices, ${rows} rows, ${Math.round(median)} ms\n${plan.join('\n')}\n`,
  );
}
