// The feed contract for Kafka on a real broker, and the ways a topic can lose records.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { FeedMessage } from '../../../src/calendar/freshness/feed.ts';
import { describeWith } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { JAVA, USER } from '../../harness/kafka/broker.ts';
import { describeChangeFeed } from './contract.ts';
import { feedOf, type KafkaFixture, remake, rowOf, startKafkaFixture, TOPIC } from './kafka-fixture.ts';
import { type Listener, listenTo } from './listener.ts';

describeWith(JAVA, 'the Kafka feed keeps the contract of feeds', () => {
  describeChangeFeed(startKafkaFixture);
});

describeWith(JAVA, 'the Kafka feed', () => {
  let fixture: KafkaFixture;
  const listeners: Listener[] = [];
  beforeAll(async () => {
    fixture = await startKafkaFixture();
  }, 120_000);
  afterEach(async () => {
    fixture.beats = true;
    await Promise.all(listeners.splice(0).map((listener) => listener.stop()));
  });
  afterAll(() => fixture.close());

  const course = (name: string) => ({ audience: `ern:lms:course/${name}`, from: null, to: null });
  const listen = async () => {
    const listener = listenTo(fixture.feed());
    listeners.push(listener);
    await listener.next('HEARTBEAT');
    return listener;
  };
  const change = (name: string) => rowOf(course(name));
  const heartbeat = (at: number) =>
    JSON.stringify({ ern: 'tests', audience: 'heartbeat', at: new Date(at).toISOString() });

  /** A reader that reads nothing between two calls of `next`. */
  async function slowReader() {
    const end = new AbortController();
    const messages = fixture.feed().changes(end.signal)[Symbol.asyncIterator]();
    const until = async (type: FeedMessage['type']): Promise<FeedMessage[]> => {
      const heard: FeedMessage[] = [];
      for (;;) {
        const { value, done } = await messages.next();
        if (done === true) return heard;
        heard.push(value);
        if (value.type === type) return heard;
      }
    };
    await until('HEARTBEAT');
    return {
      until,
      async stop() {
        end.abort();
        await messages.return?.();
      },
    };
  }

  describe('reports one gap and goes on for', () => {
    test.each<[string, () => Promise<unknown>]>([
      [
        'records deleted before they were read',
        async () => {
          await fixture.put([change('lost')]);
          await fixture.admin.deleteRecords({ topics: [{ name: TOPIC, partitions: [{ partition: 0, offset: -1n }] }] });
        },
      ],
      ['a topic deleted and made again', () => remake(fixture.admin)],
      [
        'more records than it could read in time',
        async () => {
          const thousand = Array.from({ length: 1_000 }, (_, index) => change(String(index)));
          for (let sent = 0; sent <= 30; sent += 1) await fixture.put(thousand);
          // The feed looks once a second how far behind it is; before that it would read some of
          // them.
          await sleep(1_100);
        },
      ],
      ['a writer that does not know where it was', () => fixture.put(['{"gap":"lost its cursor"}'])],
      ['a record of a schema registry, as of Avro', () => fixture.put([Buffer.from([0, 0, 0, 0, 1, 2])])],
      ['a TRUNCATE of the outbox', () => fixture.put(['{"op":"t","source":{"schema":"lecture"}}'])],
      [
        'a writer other than the relay that paused',
        async () => {
          fixture.beats = false;
          await fixture.put([heartbeat(Date.now() - 4_000), heartbeat(Date.now())]);
        },
      ],
    ])(
      '%s',
      async (_, happens) => {
        const reader = await slowReader();
        await happens();
        fixture.beats = true;
        const heard = await reader.until('HEARTBEAT');
        // The heartbeat may have been on its way.
        if (!heard.some(({ type }) => type === 'GAP')) heard.push(...(await reader.until('HEARTBEAT')));
        expect(heard.filter(({ type }) => type === 'GAP')).toEqual([expect.objectContaining({ kinds: ['LECTURE'] })]);
        await fixture.write(course('next'));
        const after = [...(await reader.until('HEARTBEAT')), ...(await reader.until('HEARTBEAT'))];
        expect(after.filter(({ type }) => type === 'GAP')).toEqual([]);
        expect(JSON.stringify(after)).toContain(course('next').audience);
        await reader.stop();
      },
      60_000,
    );
  });

  test('reads rows as Debezium, its transforms and the relay write them, and skips tombstones', async () => {
    const listener = await listen();
    const row = { ern: 'ern:lms:course/a', audience: 'ern:lms:course/a', starts_at: null, ends_at: null };
    await fixture.put([
      null,
      JSON.stringify({ op: 'c', before: null, after: row }),
      JSON.stringify({ schema: {}, payload: { op: 'r', after: { ...row, audience: 'ern:lms:course/b' } } }),
      JSON.stringify(JSON.stringify({ ...row, audience: 'ern:lms:course/c' })),
      JSON.stringify({ op: 'd', before: row, after: null }),
    ]);
    await listener.hears('ern:lms:course/c');
    expect(listener.changes.map(({ audience }) => audience)).toEqual(
      ['a', 'b', 'c'].map((name) => course(name).audience),
    );
    expect(listener.count('GAP')).toBe(0);
  });

  test('connects with TLS, and signs in with PLAIN and with SCRAM', async () => {
    const { url, ca } = fixture.broker.secure;
    const connect = async (mechanism: 'PLAIN' | 'SCRAM-SHA-512', password: string) => {
      const kafka = { brokers: [url], tls: { ca }, sasl: { mechanism, username: USER.username, password } };
      const listener = listenTo(feedOf(fixture.broker, TOPIC, kafka));
      listeners.push(listener);
      await eventually('a word', () => listener.count('HEARTBEAT') > 0 || listener.lost.length > 0);
      return listener.lost;
    };
    expect(await connect('PLAIN', USER.password)).toEqual([]);
    expect(await connect('SCRAM-SHA-512', USER.password)).toEqual([]);
    expect(await connect('SCRAM-SHA-512', 'wrong')).toEqual([expect.stringMatching(/^PLT_KFK_[A-Z]+$/)]);
  });

  test('signs in with the password of then when it connects again', async () => {
    const { url, ca } = fixture.broker.secure;
    let password = 'former';
    const kafka = {
      brokers: [url],
      tls: { ca },
      get sasl() {
        return { mechanism: 'SCRAM-SHA-512' as const, username: USER.username, password };
      },
    };
    const listener = listenTo(feedOf(fixture.broker, TOPIC, kafka));
    listeners.push(listener);
    await eventually('a refusal', () => listener.lost.length > 0);
    password = USER.password;
    await listener.next('HEARTBEAT');
  });

  test('is not live without heartbeats of its topic, and still reports changes', async () => {
    fixture.beats = false;
    const listener = listenTo(fixture.feed());
    listeners.push(listener);
    await eventually('changes', async () => {
      await fixture.write(course('silent'));
      return listener.changes.length > 3;
    });
    expect(listener.count('HEARTBEAT')).toBe(0);
  });

  test('is not live when heartbeats arrive late, and says so once', async () => {
    const listener = await listen();
    fixture.beats = false;
    const before = listener.count('HEARTBEAT');
    for (let index = 0; index < 3; index += 1)
      await fixture.put([heartbeat(Date.now() - 10_000), change(`late-${index}`)]);
    await listener.hears('ern:lms:course/late-2');
    await eventually('the reason', () => listener.lost.length > 0);
    expect(listener.lost).toEqual(['LATE']);
    // One may have been on its way.
    expect(listener.count('HEARTBEAT') - before).toBeLessThanOrEqual(1);
  });

  test('reads a topic that is made while it waits, without a gap', async () => {
    await fixture.admin.deleteTopics({ topics: [TOPIC] });
    const listener = listenTo(fixture.feed());
    listeners.push(listener);
    await eventually('the reason', () => listener.lost.length > 0);
    await fixture.admin.createTopics({ topics: [TOPIC], partitions: 1, replicas: 1 });
    await listener.next('HEARTBEAT');
    expect(listener.count('GAP')).toBe(0);
  }, 60_000);

  test('reads a partition that was added from its begin, and is not live while there are several', async () => {
    const listener = await listen();
    await fixture.admin.createPartitions({ topics: [{ name: TOPIC, count: 2, assignments: [{ brokerIds: [1] }] }] });
    await fixture.put([change('second')], 1);
    await listener.hears('ern:lms:course/second');
    await eventually('the reason', () => listener.lost.includes('SEVERAL_PARTITIONS'));
    const before = listener.count('HEARTBEAT');
    await fixture.put([change('third')], 1);
    await listener.hears('ern:lms:course/third');
    expect([listener.count('HEARTBEAT') - before, listener.count('GAP')]).toEqual([0, 0]);
    await remake(fixture.admin);
  }, 60_000);
});
