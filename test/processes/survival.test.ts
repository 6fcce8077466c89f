// The whole program as one process, with real PostgreSQL and Redis: its connections are ended while
// it is used, and no process ends. Users are answered with UNAVAILABLE at most, and afterwards
// everything works.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { describeWith, freePort } from '../harness/child-server.ts';
import { type Client, createClient } from '../harness/client.ts';
import { eventually } from '../harness/eventually.ts';
import { POSTGRES, startPostgres } from '../harness/postgres-server.ts';
import { REDIS, startRedis } from '../harness/redis-server.ts';
import type { RealServer } from '../harness/server-process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ROUNDS = 12;
const MAX_ROUNDS = 200;
const RESCHEDULE = `mutation ($startsAt: DateTime!) {
  rescheduleLecture(ern: "ern:lms:course/1/lecture/1", startsAt: $startsAt, endsAt: "2030-01-02T00:00:00Z") { startsAt }
}`;
const CALENDAR = `{ viewer { calendar(from: "2030-01-01T00:00:00Z", to: "2030-01-03T00:00:00Z") { events { id startsAt } } } }`;
const ROTATE = 'mutation { rotateCalendarSubscription { webcalUrl } }';
const NEED = { found: POSTGRES.found && REDIS.found, debian: `${POSTGRES.debian} ${REDIS.debian}` };

describeWith(NEED, 'the program whose connections are ended', () => {
  let postgres: RealServer;
  let redis: RealServer;
  let admin: pg.Client;
  let child: ChildProcess | undefined;
  let client: Client | undefined;
  let output = '';

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    admin = new pg.Client({ connectionString: postgres.url });
    await admin.connect();
  }, 60_000);
  afterEach(async () => {
    await client?.close();
    if (child?.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  afterAll(async () => {
    await admin.end();
    await Promise.all([postgres.close(), redis.close()]);
  });

  /** Starts everything in one process; the client asks its gateway. */
  const start = async (freshness: 'redis' | 'cdc') => {
    const names = ['PORT', 'CALENDAR_PORT', 'LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'];
    const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])));
    const env = {
      ...ports,
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      GRAPHIQL: 'false',
      SAMPLE_DATA: 'true',
      DATABASE_URL: postgres.url,
      CDC_DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      FRESHNESS: freshness,
      MAX_USER_REQUESTS: '0',
    };
    output = '';
    child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], { cwd: ROOT, env });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += String(data)));
    const running = child;
    await eventually('a program that is ready', () => {
      if (running.exitCode !== null) throw new Error(output);
      return output.includes('Ready.');
    });
    const gateway = `http://127.0.0.1:${ports.PORT}`;
    client = createClient(`${gateway}/graphql`, async (user) =>
      (await fetch(`${gateway}/dev/token?user=${user}`)).text(),
    );
    return client;
  };

  /** Ends every connection to PostgreSQL that is of this kind; returns how many. */
  const terminate = async (kind: string) =>
    (
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE pid <> pg_backend_pid() AND backend_type IN ('client backend', 'walsender') AND ${kind}`,
      )
    ).rowCount ?? 0;
  const KINDS = {
    idle: "state = 'idle' AND query NOT LIKE 'LISTEN%'",
    'in use': "state <> 'idle' AND backend_type = 'client backend'",
    LISTEN: "query LIKE 'LISTEN%'",
    replication: "backend_type = 'walsender'",
  };

  test.each<['redis' | 'cdc', (keyof typeof KINDS)[]]>([
    ['redis', ['idle', 'in use', 'LISTEN']],
    ['cdc', ['idle', 'in use', 'replication']],
  ])(
    'with FRESHNESS=%s goes on: %j',
    async (freshness, kinds) => {
      const { query } = await start(freshness);
      const dropper = new Redis(redis.url);
      const ended = new Map<string, number>();
      const codes = new Set<string>();
      let isOver = false;
      const use = async (user: string, document: () => [string, object]) => {
        while (!isOver) {
          const [text, variables] = document();
          const { body } = await query(user, text, variables as Record<string, unknown>);
          for (const { extensions } of body.errors ?? []) codes.add(extensions.code);
        }
      };
      let minute = 0;
      const startsAt = () => {
        minute += 1;
        return `2030-01-01T00:${String(minute % 60).padStart(2, '0')}:00Z`;
      };
      const users = [
        ...['admin-1', 'teacher-1'].map((user) => use(user, () => [RESCHEDULE, { startsAt: startsAt() }])),
        ...['student-1', 'student-2'].map((user) => use(user, () => [CALENDAR, {}])),
        use('student-3', () => [ROTATE, {}]),
      ];
      const isMissing = () => kinds.some((kind) => ended.get(kind) === 0);
      for (let round = 0; round < ROUNDS || (isMissing() && round < MAX_ROUNDS); round += 1) {
        for (const kind of kinds) ended.set(kind, (ended.get(kind) ?? 0) + (await terminate(KINDS[kind])));
        ended.set(
          'Redis',
          (ended.get('Redis') ?? 0) + Number(await dropper.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')),
        );
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      isOver = true;
      await Promise.all(users);
      expect(child?.exitCode).toBe(null);
      for (const [kind, count] of ended) expect([kind, count > 0]).toEqual([kind, true]);
      expect([...codes].filter((code) => code !== 'UNAVAILABLE')).toEqual([]);
      await eventually('a mutation that is answered', async () => {
        return (await query('admin-1', RESCHEDULE, { startsAt: '2030-01-01T12:00:00Z' })).body.errors === undefined;
      });
      await eventually('a calendar that shows it', async () => {
        const { text } = await query('student-1', CALENDAR);
        return text.includes('2030-01-01T21:00:00+09:00');
      });
      expect(output).not.toContain('uncaught');
      await dropper.quit();
    },
    120_000,
  );
});
