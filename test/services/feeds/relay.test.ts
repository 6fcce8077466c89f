// The relay between a service's outbox and the stream, on real PostgreSQL and Redis, read by the
// calendar's feed.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { systemClock } from '../../../src/clock.ts';
import { HEARTBEAT_AUDIENCE, readChanges } from '../../../src/services/outbox/changes.ts';
import { redisTarget } from '../../../src/services/outbox/redis-target.ts';
import { type Relay, startRelay } from '../../../src/services/outbox/relay.ts';
import { notifyListenersOnly, outboxTables, trimOutbox } from '../../../src/services/outbox/triggers.ts';
import type { Database } from '../../../src/services/storage/database.ts';
import { openPostgres } from '../../../src/services/storage/postgres.ts';
import { explaining } from '../../bench/big-tables.ts';
import { type Listener, listenTo } from '../../calendar/freshness/listener.ts';
import { feedAt, KEY, type RedisFixture, startRedisFixture } from '../../calendar/freshness/redis-fixture.ts';
import { describeWith, type RealServer } from '../../harness/child-server.ts';
import { manualClock } from '../../harness/clock.ts';
import { eventually } from '../../harness/eventually.ts';
import { POSTGRES, startPostgres } from '../../harness/postgres-server.ts';
import { REDIS } from '../../harness/redis-server.ts';

const need = REDIS.found ? POSTGRES : REDIS;
const alive = `${KEY}:alive:LECTURE`;
const course = (name: string | number) => `ern:lms:course/${name}`;

describeWith(need, 'the outbox on PostgreSQL', () => {
  let postgres: RealServer;
  let fixture: RedisFixture;
  let database: Database;
  const relays: Relay[] = [];
  const listeners: Listener[] = [];

  beforeAll(async () => {
    [postgres, fixture] = await Promise.all([startPostgres(), startRedisFixture()]);
    database = openPostgres(postgres.url);
    await database.script('CREATE SCHEMA lecture');
    await database.script(outboxTables('lecture', 'lms') + notifyListenersOnly('lecture'));
  }, 60_000);
  // Only relays are alive here.
  beforeEach(() => fixture.redis.flushall());
  afterEach(async () => {
    await Promise.all(listeners.splice(0).map((listener) => listener.stop()));
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  });
  afterAll(async () => {
    await database.close();
    await Promise.all([postgres.close(), fixture.close()]);
  });

  const insert = (name: string | number, into: Pick<Database, 'query'> = database) =>
    into.query('INSERT INTO lecture.outbox (ern, audience) VALUES ($1, $1)', [course(name)]);
  const redis = (schema: string) => redisTarget(fixture.url, schema);
  const start = () => {
    const relay = startRelay({
      database,
      schema: 'lecture',
      target: 'redis',
      open: redis,
      clock: systemClock,
      random: Math.random,
    });
    relays.push(relay);
    return relay;
  };
  const isAlive = () => eventually('the relay to be up to date', async () => (await fixture.redis.exists(alive)) === 1);
  const listen = async () => {
    const listener = listenTo(feedAt(fixture.url));
    listeners.push(listener);
    await listener.next('HEARTBEAT');
    return listener;
  };
  /** A transaction that has written and not yet committed. */
  const open = async (name: string) => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO lecture.outbox (ern, audience) VALUES ($1, $1)', [course(name)]);
    return async () => {
      await client.query('COMMIT');
      await client.end();
    };
  };

  describe('changes read by a cursor', () => {
    const read = async (cursor: string) => {
      const page = await readChanges(database, 'lecture', cursor);
      return { cursor: page.cursor, names: page.changes.map((change) => change.audience) };
    };

    test('include those of a transaction that began early and commits late', async () => {
      const { cursor: begin } = await readChanges(database, 'lecture', null);
      const commit = await open('early-late');
      await insert('late-early');
      const seen: string[] = [];
      const first = await read(begin);
      seen.push(...first.names);
      const second = await read(first.cursor);
      seen.push(...second.names);
      await commit();
      const third = await read(second.cursor);
      seen.push(...third.names);
      expect(new Set(seen)).toEqual(new Set([course('early-late'), course('late-early')]));
      expect((await read(third.cursor)).names).toEqual([]);
    });

    test.each([
      ['no text of ours', 'x'],
      ['a snapshot that ends before it begins', '5:3:'],
      ['a snapshot with a transaction outside of it', '5:9:12'],
      ['a number that is too large', '9999999999999999999:9999999999999999999:'],
      ['a snapshot ahead of the server, as after a restore', '900000000:900000000:'],
    ])('are refused as expired for %s', async (_, snapshot) => {
      const { cursor } = await readChanges(database, 'lecture', null);
      const [epoch = ''] = cursor.split('/');
      await expect(readChanges(database, 'lecture', `${epoch}/${snapshot}`)).rejects.toMatchObject({
        extensions: { code: 'CONFLICT', cursor: 'expired' },
      });
      expect((await read(cursor)).names).toEqual([]);
    });

    test('are not expired for ever by a mark that another server has left in a dump', async () => {
      await database.script(`UPDATE lecture.outbox_state SET trimmed = '9000000000'`);
      const { cursor } = await readChanges(database, 'lecture', null);
      await insert('after-restore');
      expect((await read(cursor)).names).toEqual([course('after-restore')]);
      await database.script(`UPDATE lecture.outbox SET at = now() - interval '2 hours'`);
      await trimOutbox(database, 'lecture');
      const ahead = 'SELECT trimmed >= pg_snapshot_xmax(pg_current_snapshot()) AS ahead FROM lecture.outbox_state';
      expect(await database.query(ahead)).toEqual([{ ahead: false }]);
    });

    test('cost the same while another transaction is open, however much was written since', async () => {
      const commit = await open('open-for-long');
      await database.script(`INSERT INTO lecture.outbox (ern, audience)
        SELECT 'x', 'ern:lms:course/1' FROM generate_series(1, 20000); ANALYZE lecture.outbox`);
      const { cursor } = await readChanges(database, 'lecture', null);
      await insert('since');
      const plan: string[] = [];
      await readChanges(explaining(database, plan, 'EXPLAIN (ANALYZE, TIMING OFF)'), 'lecture', cursor).catch(() => {});
      const looked = plan.flatMap(
        (line) => /outbox.*actual rows=(\d+)|Rows Removed by \w+: (\d+)/.exec(line)?.slice(1) ?? [],
      );
      expect(plan.join('\n')).toContain('outbox_pkey');
      expect(plan.filter((line) => /Seq Scan on outbox\b/.test(line))).toEqual([]);
      expect(Math.max(...looked.map((count) => Number(count ?? 0)))).toBeLessThan(100);
      expect((await read(cursor)).names).toEqual([course('since')]);
      await commit();
      expect((await read(cursor)).names.toSorted()).toEqual([course('open-for-long'), course('since')]);
      await database.script('TRUNCATE lecture.outbox');
    });

    test('leave out the rows that only show that rows arrive', async () => {
      const { cursor } = await readChanges(database, 'lecture', null);
      await database.query('INSERT INTO lecture.outbox (ern, audience) VALUES ($1, $1)', [HEARTBEAT_AUDIENCE]);
      await insert('after-heartbeat');
      expect((await read(cursor)).names).toEqual([course('after-heartbeat')]);
    });

    test('skip no transaction, in any order of commits', async () => {
      let { cursor } = await readChanges(database, 'lecture', null);
      const seen = new Set<string>();
      const look = async () => {
        const page = await read(cursor);
        cursor = page.cursor;
        for (const name of page.names) seen.add(name);
      };
      const running: (() => Promise<void>)[] = [];
      for (let index = 0; index < 60; index += 1) {
        running.push(await open(`many-${index}`));
        // Ends the youngest, the oldest and one in between by turns, with up to six running.
        if (running.length > 5) await running.splice([5, 0, 2][index % 3] ?? 0, 1)[0]?.();
        if (index % 2 === 0) await look();
      }
      for (const commit of running) await commit();
      await look();
      expect(seen.size).toBe(60);
    });
  });

  describe('relayed changes', () => {
    test('reach the feed with audiences and spans', async () => {
      start();
      await isAlive();
      const listener = await listen();
      await database.query(
        "INSERT INTO lecture.outbox (ern, audience, starts_at, ends_at) VALUES ('x', $1, '2026-03-02T09:00:00+09:00', '2026-03-02T10:00:00+09:00')",
        [course('span')],
      );
      await listener.hears(course('span'));
      const span = { from: Date.parse('2026-03-02T00:00:00Z'), to: Date.parse('2026-03-02T01:00:00Z') };
      expect(listener.changes).toMatchObject([{ kind: 'LECTURE', audience: course('span'), span }]);
    });

    test('skip no transaction that commits late', async () => {
      start();
      await isAlive();
      const listener = await listen();
      const commit = await open('late');
      await insert('soon');
      await listener.next('HEARTBEAT');
      await commit();
      await Promise.all([listener.hears(course('late')), listener.hears(course('soon'))]);
    });

    test('do not wait for other transactions', async () => {
      start();
      await isAlive();
      const listener = await listen();
      const commit = await open('long');
      await insert('short');
      await listener.hears(course('short'));
      await commit();
      await listener.hears(course('long'));
    });

    test('continue after a restart of the relay', async () => {
      const relay = start();
      await isAlive();
      const listener = await listen();
      await insert('one');
      await listener.hears(course('one'));
      await relay.stop();
      await insert('two');
      start();
      await listener.hears(course('two'));
      expect(listener.changes.map((change) => change.audience)).toEqual([course('one'), course('two')]);
      expect(listener.count('GAP')).toBe(0);
    });

    test('have a gap when Redis has lost the cursor', async () => {
      const relay = start();
      await isAlive();
      await relay.stop();
      await fixture.redis.flushall();
      await insert('unheard');
      const listener = await listen();
      start();
      await eventually('a gap', () => listener.count('GAP') === 1);
    });

    test('continue after an outage of Redis, and the relay is alive only once it has sent them all', async () => {
      // Its clock stands still except here, so that it says only once that it is up to date.
      const clock = manualClock();
      relays.push(startRelay({ database, schema: 'lecture', target: 'redis', open: redis, clock, random: () => 0 }));
      await isAlive();
      await fixture.redis.del(alive);
      await fixture.stop();
      // More than two pages of the outbox.
      const many = 2_500;
      await database.query(
        `INSERT INTO lecture.outbox (ern, audience)
         SELECT 'ern:lms:course/' || n, 'ern:lms:course/' || n FROM generate_series(1, $1::int) n`,
        [many],
      );
      await fixture.start();
      let sent: unknown[] = [];
      await eventually('the relay to be up to date', async () => {
        await clock.advance(5_000);
        const [[, exists] = [], [, entries] = []] =
          (await fixture.redis.multi().exists(alive).xrange(KEY, '-', '+').exec()) ?? [];
        sent = (entries as [string, string[]][]).filter(([, fields]) => fields.includes('audience'));
        return exists === 1;
      });
      expect(sent).toHaveLength(many);
    }, 30_000);

    test('are sent on NOTIFY, without waiting for the interval', async () => {
      // Its clock stands still: but for what the outbox says it would never look again.
      relays.push(
        startRelay({
          database,
          schema: 'lecture',
          target: 'redis',
          open: redis,
          clock: manualClock(),
          random: () => 0,
        }),
      );
      await isAlive();
      const listener = await listen();
      for (const name of ['told', 'second']) {
        await insert(name);
        await listener.hears(course(name));
      }
    });

    test('are sent on NOTIFY again after the connection was cut', async () => {
      start();
      await isAlive();
      await database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()",
      );
      await eventually('another listener', async () => {
        const query = "SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND state = 'idle'";
        return (await database.query(query)).length === 1;
      });
      await isAlive();
      const listener = await listen();
      await insert('after');
      await listener.hears(course('after'));
    });

    test('have no live relay without the database', async () => {
      const broken: Database = { ...database, query: () => Promise.reject(new Error('no database')) };
      relays.push(
        startRelay({
          database: broken,
          schema: 'lecture',
          target: 'redis',
          open: redis,
          clock: systemClock,
          random: Math.random,
        }),
      );
      const listener = listenTo(feedAt(fixture.url));
      listeners.push(listener);
      await listener.next('HEARTBEAT');
      await listener.next('HEARTBEAT');
      const kinds = listener.events.flatMap((event) => (event.type === 'HEARTBEAT' ? event.kinds : []));
      expect(kinds).toEqual([]);
    });

    test('are sent once by several relays of one outbox, of which one takes over when another ends', async () => {
      const one = start();
      await isAlive();
      start();
      start();
      const listener = await listen();
      const names = Array.from({ length: 50 }, (_, index) => course(index));
      for (const [index] of names.entries()) {
        await insert(index);
        if (index === 25) await one.stop();
      }
      for (const name of names) await listener.hears(name);
      const audiences = listener.changes.map(({ audience }) => audience);
      expect(audiences.toSorted()).toEqual(names.toSorted());
      expect(listener.count('GAP')).toBe(0);
    });

    test('all arrive from a transaction with more than a thousand', async () => {
      start();
      await isAlive();
      const listener = await listen();
      await database.query(
        "INSERT INTO lecture.outbox (ern, audience) SELECT 'x', 'ern:lms:course/' || n FROM generate_series(1, 3500) n",
      );
      await eventually('all of them', () => new Set(listener.changes.map((change) => change.audience)).size === 3_500);
    });
  });
});
