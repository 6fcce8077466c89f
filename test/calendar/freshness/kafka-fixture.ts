// A topic on a real Kafka broker, written like the relay would, with faults on demand.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Admin, Connection, Consumer, Producer } from '@platformatic/kafka';
import type { ChangeFeed } from '../../../src/calendar/freshness/feed.ts';
import { createKafkaFeed } from '../../../src/calendar/freshness/kafka.ts';
import { systemClock } from '../../../src/clock.ts';
import { type KafkaSettings, openKafkaWriter } from '../../../src/kafka.ts';
import { eventually } from '../../harness/eventually.ts';
import { type KafkaBroker, startKafka } from '../../harness/kafka/broker.ts';
import type { FeedFixture, Written } from './contract.ts';

export const TOPIC = 'calendar.lecture.outbox';
/** How often the topic has a heartbeat, in milliseconds. */
const BEAT_MS = 500;

/** The contract's fixture, and the broker behind it. */
export interface KafkaFixture extends FeedFixture {
  readonly broker: KafkaBroker;
  readonly admin: Admin;
  /** Values as they are; a partition other than the first if given. */
  put(values: readonly (string | Buffer | null)[], partition?: number): Promise<void>;
  /** Whether the topic has heartbeats. */
  beats: boolean;
  /** Tries to write a heartbeat to another topic. */
  beatOn(topic: string): Promise<void>;
}

/** A feed of lectures over this topic. */
export function feedOf(broker: KafkaBroker, topic = TOPIC, given?: KafkaSettings): ChangeFeed {
  const kafka = given ?? { brokers: [broker.url], tls: false };
  return createKafkaFeed({ kafka, kind: 'LECTURE', topic, clock: systemClock, random: Math.random });
}

/** A row of the outbox as JSON. */
export function rowOf({ audience, ern = audience, from, to }: Written): string {
  return JSON.stringify({ kind: 'LECTURE', ern, audience, from, to, at: new Date().toISOString() });
}

/** Starts a broker with the topic, which has heartbeats. */
export async function startKafkaFixture(): Promise<KafkaFixture> {
  const broker = await startKafka();
  const [admin, counted] = [broker.admin(), countConnections()];
  await admin.createTopics({ topics: [TOPIC], partitions: 1, replicas: 1 });
  let writer: Promise<Producer> | null = null;
  const send = async (values: readonly (string | Buffer | null)[], partition = 0, topic = TOPIC) => {
    writer ??= openKafkaWriter({ brokers: [broker.url], tls: false }, 'tests');
    const client = await writer;
    try {
      // A tombstone has no value; the library's types do not know them.
      const messages = values.map((value) => ({ topic, partition, value: bytesOf(value) as Buffer }));
      await client.send({ messages });
    } catch (error) {
      writer = null;
      await client.close().catch(() => undefined);
      throw error;
    }
  };
  /** After an outage a client needs a while. */
  const put = (values: readonly (string | Buffer | null)[], partition = 0) =>
    eventually('the broker takes records', () =>
      send(values, partition).then(
        () => true,
        () => false,
      ),
    ).then(() => undefined);
  const fixture: KafkaFixture = {
    ...broker,
    broker,
    admin,
    beats: true,
    beatOn: (topic) => send([beat()], 0, topic).catch(() => undefined),
    put,
    feed: () => feedOf(broker),
    write: (...changes) => put(changes.map(rowOf)),
    writeMalformed: () => put(['{"kind":"LECTURE","audience":"no ern"}']),
    lose: () => remake(admin),
    connections: () => Promise.resolve(counted.open()),
    async close() {
      clearInterval(beating);
      counted.stop();
      await (await writer)?.close().catch(() => undefined);
      await admin.close();
      await broker.close();
    },
  };
  // As the relay's: a pause of another writer would be a gap, and a busy machine pauses.
  const beat = () => JSON.stringify({ ern: 'relay', audience: 'heartbeat', at: new Date().toISOString() });
  const beating = setInterval(() => {
    if (fixture.beats) void send([beat()]).catch(() => undefined);
  }, BEAT_MS);
  return fixture;
}

/** Deletes the topic and makes it again. */
export async function remake(admin: Admin, topic = TOPIC): Promise<void> {
  await admin.deleteTopics({ topics: [topic] });
  const create = () => admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
  await eventually('the topic is there again', () =>
    create().then(
      () => true,
      () => false,
    ),
  );
}

function bytesOf(value: string | Buffer | null): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value) : value;
}

/** Counts the open connections of feeds from now on; the library tells of those that it creates. */
function countConnections() {
  const readers = new Set<number>();
  const connections = new Set<Connection>();
  const created = (message: unknown) => {
    const { type, instance } = message as { type: string; instance: Consumer & Connection };
    if (type === 'consumer' && instance.clientId === 'calendar-feed') readers.add(instance.instanceId);
    if (type === 'connection' && readers.has(instance.ownerId ?? -1)) connections.add(instance);
  };
  subscribe('plt:kafka:instances', created);
  return {
    open: () => [...connections].filter(({ socket }) => socket !== undefined && !socket.destroyed).length,
    stop: () => unsubscribe('plt:kafka:instances', created),
  };
}
