// Kafka, its relay and Debezium when something of them fails: nothing is lost without a gap, and
// nothing is live without its writer.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/clock.ts';
import { kafkaTarget } from '../../../src/services/outbox/kafka-target.ts';
import { type Relay, startRelay } from '../../../src/services/outbox/relay.ts';
import { notifyListenersOnly, outboxTables } from '../../../src/services/outbox/triggers.ts';
import type { Database } from '../../../src/services/storage/database.ts';
import { openPostgres } from '../../../src/services/storage/postgres.ts';
import { feedOf, type KafkaFixture, remake, startKafkaFixture } from '../../calendar/freshness/kafka-fixture.ts';
import { type Listener, listenTo } from '../../calendar/freshness/listener.ts';
import { describeLongWith, type RealServer } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { JAVA } from '../../harness/kafka/broker.ts';
import { type Debezium, runSql, startDebezium } from '../../harness/kafka/debezium.ts';
import { POSTGRES, startPostgres } from '../../harness/postgres-server.ts';
import { type Courses, courses, type Fixture, openFixture } from './fixture.ts';

const COURSES = 5;
/**
 * A value read so soon after an invalidation (milliseconds) is held for a second only
 * (src/calendar/cache/README.md).
 */
const HOLD_OFF_MS = 2_000;
const AWAY_MS = 10_000;

describeLongWith(JAVA.found ? POSTGRES : JAVA, 'with a real Kafka', () => {
  let kafka: KafkaFixture;
  let postgres: RealServer;
  let database: Database;
  const listeners: Listener[] = [];

  beforeAll(async () => {
    [kafka, postgres] = await Promise.all([startKafkaFixture(), startPostgres()]);
    database = openPostgres(postgres.url);
    for (const schema of ['lecture', 'attendance', 'assignment']) {
      await database.script(`CREATE SCHEMA ${schema}`);
      await database.script(outboxTables(schema, 'lms') + notifyListenersOnly(schema));
    }
  }, 120_000);
  afterEach(async () => {
    await Promise.all(listeners.splice(0).map((listener) => listener.stop()));
  });
  afterAll(async () => {
    await database.close();
    await Promise.all([postgres.close(), kafka.close()]);
  });

  const course = (name: string | number) => `ern:lms:course/${name}`;
  const insert = (...names: (string | number)[]) =>
    database.query(
      'INSERT INTO lecture.outbox (ern, audience) SELECT name, name FROM unnest($1::text[]) AS said (name)',
      [names.map(course)],
    );
  const listen = async (topic: string) => {
    const listener = listenTo(feedOf(kafka.broker, topic));
    listeners.push(listener);
    await listener.next('HEARTBEAT');
    return listener;
  };

  describe('a calendar', () => {
    let data: Courses;
    let fixture: Fixture;
    afterEach(() => fixture.close());
    const readAll = () => Promise.all(data.items.map((_, index) => fixture.read(index)));
    const showsAll = (version: number) =>
      eventually(`version ${version}`, async () =>
        (await readAll()).every((seen) => seen.version === version && seen.status === 'FRESH'),
      );
    const writeAll = (version: number) => {
      for (let index = 0; index < COURSES; index += 1) data.write(index, version);
    };

    test.each<[string, number, () => Promise<unknown>, () => Promise<unknown>]>([
      ['killed', 0, () => kafka.broker.kill(), () => kafka.broker.start()],
      ['stopped with SIGSTOP', AWAY_MS, async () => kafka.freeze(), async () => kafka.thaw()],
    ])(
      'shows what it is not told of after the short TTL while the broker is %s, and what it is told of afterwards',
      async (_, atLeastMs, away, back) => {
        data = courses(COURSES);
        fixture = await openFixture(data, kafka.feed(), 500);
        await eventually('a feed that speaks', () => fixture.feed.healthy);
        await sleep(HOLD_OFF_MS);
        await readAll();
        await away();
        const begin = performance.now();
        writeAll(1);
        try {
          await showsAll(1);
          expect(performance.now() - begin).toBeLessThan(AWAY_MS);
          await sleep(Math.max(0, atLeastMs - (performance.now() - begin)));
        } finally {
          await back();
        }
        await eventually('a feed that speaks again', () => fixture.feed.healthy);
        writeAll(2);
        await kafka.write(...data.items.map((_, index) => ({ audience: course(index), from: null, to: null })));
        await showsAll(2);
        expect(fixture.feed.gaps).toBeLessThanOrEqual(1);
      },
      60_000,
    );
  });

  describe('the relay', () => {
    const topic = 'relayed.lecture.outbox';
    const relays: Relay[] = [];
    beforeAll(() => kafka.admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 }));
    afterEach(async () => {
      await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    });
    const start = () => {
      const open = (schema: string) =>
        kafkaTarget({ brokers: [kafka.broker.url], tls: false }, topic, schema, systemClock);
      const relay = startRelay({
        database,
        schema: 'lecture',
        target: 'kafka',
        open,
        clock: systemClock,
        random: () => 0,
      });
      relays.push(relay);
      return relay;
    };
    const heard = (listener: Listener) => new Set(listener.changes.map(({ audience }) => audience));

    test('sends what was written while it was away, and nothing of it is missing', async () => {
      start();
      const listener = await listen(topic);
      await insert('first');
      await listener.hears(course('first'));
      await relays.shift()?.stop();
      // More than a batch, and more than a page of the outbox.
      const many = Array.from({ length: 1_300 }, (_, index) => `away-${index}`);
      await insert(...many);
      const before = listener.count('GAP');
      start();
      await eventually('all of them', () => heard(listener).size === many.length + 1);
      expect(listener.count('GAP') - before).toBe(0);
    }, 60_000);

    test('is one at a time, and another goes on where it ended', async () => {
      const one = start();
      const listener = await listen(topic);
      start();
      await insert('both');
      await listener.hears(course('both'));
      await one.stop();
      await insert('other');
      await listener.hears(course('other'));
      const audiences = listener.changes.map(({ audience }) => audience);
      expect(audiences).toEqual([course('both'), course('other')]);
      expect(listener.count('GAP')).toBe(0);
    }, 60_000);

    test('says that there is a gap when the topic was made again and it does not know where it was', async () => {
      start();
      await listen(topic);
      await relays.shift()?.stop();
      await remake(kafka.admin, topic);
      const reading = listenTo(feedOf(kafka.broker, topic));
      listeners.push(reading);
      // It reads from now on: the relay writes its gap at once.
      await eventually('the reader', async () => {
        await kafka.beatOn(topic);
        return reading.count('HEARTBEAT') > 0;
      });
      await insert('unheard');
      start();
      await eventually('a gap', () => reading.count('GAP') === 1);
      await reading.next('HEARTBEAT');
      await insert('next');
      await reading.hears(course('next'));
      expect(reading.count('GAP')).toBe(1);
    }, 60_000);
  });

  describe('Debezium', () => {
    const topic = 'calendar2.lecture.outbox';
    let debezium: Debezium;
    beforeAll(async () => {
      await runSql(postgres.url, 'prepare.sql');
      debezium = await startDebezium(kafka.broker.url, postgres.url, { 'topic.prefix': 'calendar2' });
    }, 90_000);
    afterAll(() => debezium.close());

    test('that was away for 10 s sends its backlog, and there is one gap', async () => {
      const listener = await listen(topic);
      const begin = performance.now();
      await debezium.stop();
      const many = Array.from({ length: 2_000 }, (_, index) => `backlog-${index}`);
      await insert(...many);
      const beats = listener.count('HEARTBEAT');
      await sleep(Math.max(0, AWAY_MS - (performance.now() - begin)));
      // One may have been on its way.
      expect(listener.count('HEARTBEAT') - beats).toBeLessThanOrEqual(1);
      await debezium.start();
      await eventually('all of them', () => listener.changes.length >= many.length);
      await listener.next('HEARTBEAT');
      expect(listener.count('GAP')).toBe(1);
    }, 60_000);

    test('whose slot was dropped stops, and after it was made again there is a gap before the next heartbeat', async () => {
      const listener = await listen(topic);
      await debezium.stop();
      await insert('lost');
      await database.query("SELECT pg_drop_replication_slot('calendar_debezium')");
      await debezium.start();
      await eventually('a failure', async () => (await debezium.state()).startsWith('FAILED'));
      const before = listener.events.length;
      await debezium.forget(() =>
        database.query("SELECT pg_create_logical_replication_slot('calendar_debezium', 'pgoutput')"),
      );
      await listener.next('HEARTBEAT');
      const said = listener.events.slice(before).map(({ type }) => type);
      expect(said.slice(0, 2)).toEqual(['GAP', 'HEARTBEAT']);
      await insert('afterwards');
      await listener.hears(course('afterwards'));
      expect(listener.count('GAP')).toBe(1);
    }, 60_000);

    test('leaves nothing in the database after it was removed as documented', async () => {
      await debezium.stop();
      await runSql(postgres.url, 'remove.sql');
      const left = await database.query(
        "SELECT slot_name FROM pg_replication_slots UNION SELECT pubname FROM pg_publication UNION SELECT rolname FROM pg_roles WHERE rolname = 'debezium'",
      );
      expect(left).toEqual([]);
    });
  });
});
