// The password of a server is replaced while the program runs: in the server, and in the file that
// the setting names. Open connections stay; new ones use what the file has then.

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { redisRotations } from '../../src/calendar/subscription/redis-rotations.ts';
import { systemClock } from '../../src/clock.ts';
import { loadConfig, SECRETS, withSecretFiles } from '../../src/config.ts';
import { byKind } from '../../src/event-kinds.ts';
import { urlFrom } from '../../src/processes/connections-from.ts';
import { feedsFrom } from '../../src/processes/feeds.ts';
import { LiveSecrets, watchSecretFiles } from '../../src/processes/live-secrets.ts';
import { openPostgres } from '../../src/services/storage/postgres.ts';
import { type CdcFixture, startCdcFixture } from '../calendar/freshness/cdc-fixture.ts';
import { type Listener, listenTo } from '../calendar/freshness/listener.ts';
import { startRedisFixture } from '../calendar/freshness/redis-fixture.ts';
import { describeWith } from '../harness/child-server.ts';
import { manualClock } from '../harness/clock.ts';
import { eventually } from '../harness/eventually.ts';
import { POSTGRES } from '../harness/postgres-server.ts';
import { REDIS } from '../harness/redis-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A process with this setting in a file; `replace` writes it, and waits until it is read. */
async function processWith(name: string, text: string, more: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  const [file, clock] = [join(folder, 'secret'), manualClock()];
  await writeFile(file, text);
  const read = () => withSecretFiles({ [`${name}_FILE`]: file, ...more }, (path) => readFileSync(path, 'utf8'));
  const first = read();
  const config = loadConfig(first, 'all');
  const live = new LiveSecrets(config.secrets, { clock, overlapMs: 60_000 });
  const parse = (env: typeof first) => loadConfig(env, 'all').secrets;
  const watch = watchSecretFiles({ live, first, read, parse, names: SECRETS, clock, everyMs: 5_000 });
  closing.push(
    () => rm(folder, { recursive: true }),
    () => watch.close(),
  );
  return {
    config: { ...config, secrets: live },
    replace: async (other: string) => {
      await writeFile(file, `${other}\n`);
      await clock.advance(5_000);
    },
  };
}

/** The only feed of FRESHNESS, which has been heard of. */
async function feedOf(config: Parameters<typeof feedsFrom>[0]): Promise<Listener> {
  const [feed] = feedsFrom(
    config,
    systemClock,
    byKind(() => () => Promise.reject(new Error('no source is asked'))),
  );
  if (feed === undefined) throw new Error('no feed');
  const listener = listenTo(feed);
  closing.push(() => listener.stop());
  await listener.next('HEARTBEAT');
  return listener;
}

const isDone = (work: () => Promise<unknown>) => () =>
  work().then(
    () => true,
    () => false,
  );

describeWith(POSTGRES, 'a password of PostgreSQL', () => {
  const start = async (): Promise<CdcFixture & { readonly urlWith: (password: string) => string }> => {
    const fixture = await startCdcFixture();
    closing.push(() => fixture.close());
    await fixture.sql("CREATE ROLE app LOGIN REPLICATION PASSWORD 'first'");
    for (const schema of ['lecture', 'attendance', 'assignment']) {
      await fixture.sql(`ALTER TABLE ${schema}.outbox OWNER TO app`);
      await fixture.sql(`GRANT USAGE ON SCHEMA ${schema} TO app`);
    }
    await fixture.sql('GRANT CREATE ON DATABASE postgres TO app');
    const [hba] = await fixture.sql<{ hba_file: string }>('SHOW hba_file');
    const rules = ['all postgres 127.0.0.1/32 trust', 'all,replication app 127.0.0.1/32 scram-sha-256'];
    const lines = rules.map((rule) => `('host ${rule}')`).join();
    await fixture.sql(`COPY (SELECT * FROM (VALUES ${lines}) AS rule) TO '${hba?.hba_file}'`);
    await fixture.sql('SELECT pg_reload_conf()');
    const urlWith = (password: string) => fixture.url.replace('postgres@', `app:${password}@`);
    return { ...fixture, urlWith };
  };
  const terminate = (fixture: CdcFixture) =>
    fixture.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");

  test('is replaced without a restart: services and the change feed use it for new connections', async () => {
    const fixture = await start();
    const service = await processWith('DATABASE_URL', fixture.urlWith('first'));
    const calendar = await processWith('CDC_DATABASE_URL', fixture.urlWith('first'), { FRESHNESS: 'cdc' });
    const url = urlFrom(service.config, 'DATABASE_URL');
    const database = openPostgres(url ?? '', 2);
    closing.push(() => database.close());
    const ask = () => database.query('SELECT current_user AS name');
    expect(await ask()).toEqual([{ name: 'app' }]);
    const listener = await feedOf(calendar.config);

    await fixture.sql("ALTER ROLE app PASSWORD 'second'");
    expect(await ask()).toEqual([{ name: 'app' }]);
    await terminate(fixture);
    await eventually('a refusal', async () => !(await isDone(ask)()));
    await expect(ask()).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    await eventually('a feed that is refused', () => listener.lost.includes('28P01'));

    for (const one of [service, calendar]) await one.replace(fixture.urlWith('second'));
    expect(await ask()).toEqual([{ name: 'app' }]);
    await listener.next('HEARTBEAT');
  }, 60_000);
});

describeWith(REDIS, 'a password of Redis', () => {
  test('is replaced without a restart: the change feed and the rotations use it for new connections', async () => {
    const fixture = await startRedisFixture();
    closing.push(() => fixture.close());
    await fixture.redis.call('ACL', 'SETUSER', 'app', 'on', '>first', '~*', '&*', '+@all');
    const urlWith = (password: string) => fixture.url.replace('//', `//app:${password}@`);
    const { config, replace } = await processWith('REDIS_URL', urlWith('first'), { FRESHNESS: 'redis' });
    const listener = await feedOf(config);
    const store = redisRotations({ url: urlFrom(config, 'REDIS_URL') ?? '', tenant: 'lms' });
    closing.push(() => store.close());
    const rotation = isDone(() => store.rotationOf('student-1'));
    await eventually('a connected store', rotation);

    await fixture.redis.call('ACL', 'SETUSER', 'app', 'resetpass', '>second');
    expect(await rotation()).toBe(true);
    await fixture.redis.call('CLIENT', 'KILL', 'USER', 'app');
    await eventually('a refused feed', () => listener.lost.includes('WRONGPASS'));
    await eventually('a refused store', async () => !(await rotation()));

    await replace(urlWith('second'));
    await listener.next('HEARTBEAT');
    await eventually('a store that answers again', rotation);
  }, 60_000);
});
