// The Kafka feed with a broker whose answers are wrong or never end.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createRecordsBatch } from '@platformatic/kafka';
import { createKafkaFeed } from '../../../src/calendar/freshness/kafka.ts';
import { systemClock } from '../../../src/clock.ts';
import { eventually } from '../../harness/eventually.ts';
import { type FakeBroker, startFakeBroker } from '../../harness/kafka/fake-broker.ts';
import { type Listener, listenTo } from './listener.ts';

const TOPIC = 'calendar.lecture.outbox';

let broker: FakeBroker;
let listener: Listener;
beforeEach(async () => {
  broker = await startFakeBroker(TOPIC);
  const kafka = { brokers: [broker.url], tls: false as const };
  listener = listenTo(createKafkaFeed({ kafka, kind: 'LECTURE', topic: TOPIC, clock: systemClock, random: () => 1 }));
  await reads();
});
afterEach(async () => {
  await listener.stop();
  await broker.close();
});

/** A whole read that began after now. */
const reads = async () => {
  const before = broker.fetches();
  await eventually('another read', () => broker.fetches() >= before + 2);
};
const batch = (value: string, options: { attributes?: number } = {}) => {
  const message = { topic: TOPIC, partition: 0, value: Buffer.from(value) };
  const bytes = Buffer.from(createRecordsBatch([message], {}).buffer);
  if (options.attributes !== undefined) bytes.writeInt16BE(options.attributes, 21);
  return bytes;
};
/** Records from the offset 0 on, until the reader has them. */
const serve = async (records: Buffer, end: bigint) => {
  Object.assign(broker.answers, { records, end });
  await reads();
};
const change = JSON.stringify({ ern: 'ern:lms:course/1', audience: 'ern:lms:course/1', from: null, to: null });

describe('a Kafka feed', () => {
  test.each<[string, number]>([
    ['NOT_LEADER_OR_FOLLOWER', 6],
    ['UNKNOWN_LEADER_EPOCH', 75],
    ['UNKNOWN_TOPIC_ID', 100],
    ['KAFKA_STORAGE_ERROR', 56],
  ])('says that it lost its connection on %s, and goes on from its position without a gap', async (_, error) => {
    broker.answers.error = error;
    await eventually('the loss', () => listener.lost.length > 0);
    broker.answers.error = 0;
    await serve(batch(change), 1n);
    await listener.hears('ern:lms:course/1');
    expect(listener.count('GAP')).toBe(0);
  });

  test.each<[string, () => unknown]>([
    ['an offset out of range', () => Object.assign(broker.answers, { error: 1 })],
    [
      'another topic of the same name',
      () => Object.assign(broker.answers, { topicId: '00000000-0000-4000-8000-000000000002' }),
    ],
    ['a record that does not fit into an answer', () => serve(batch('x'.repeat(5_000)).subarray(0, 1_000), 1n)],
  ])('reports a gap for %s', async (_, happens) => {
    await happens();
    await eventually('a gap', () => listener.count('GAP') > 0);
    Object.assign(broker.answers, { error: 0, records: Buffer.alloc(0) });
    await reads();
    const gaps = listener.count('GAP');
    await reads();
    expect(listener.count('GAP')).toBe(gaps);
  });

  test('reports a gap when the partition ends before its position', async () => {
    await serve(batch(change), 1n);
    await listener.hears('ern:lms:course/1');
    await serve(Buffer.alloc(0), 0n);
    await eventually('a gap', () => listener.count('GAP') === 1);
  });

  test('says that it lost its connection when an answer stops halfway', async () => {
    broker.answers.bytes = 10;
    await eventually('the loss', () => listener.lost.length > 0);
    broker.answers.bytes = Number.MAX_SAFE_INTEGER;
    await serve(batch(change), 1n);
    await listener.hears('ern:lms:course/1');
  });

  test('is live once it has read everything, however new a heartbeat is', async () => {
    const heartbeat = { ern: 'tests', audience: 'heartbeat', at: new Date().toISOString() };
    await serve(batch(JSON.stringify(heartbeat)), 2n);
    expect(listener.count('HEARTBEAT')).toBe(0);
    broker.answers.end = 1n;
    await eventually('a heartbeat', () => listener.count('HEARTBEAT') === 1);
  });

  test('takes marks of transactions for no change', async () => {
    await serve(Buffer.concat([batch('\0\0\0\0', { attributes: 0b110000 })]), 1n);
    await reads();
    expect([listener.changes.length, listener.count('GAP')]).toEqual([0, 0]);
  });

  test('skips the records of a batch that come before its position', async () => {
    await serve(batch(change), 1n);
    await listener.hears('ern:lms:course/1');
    await reads();
    await reads();
    expect(listener.changes).toHaveLength(1);
  });
});
