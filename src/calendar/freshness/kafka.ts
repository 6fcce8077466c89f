// The change feed over a Kafka topic with the rows of one source's outbox, which the relay or
// Debezium writes. Every reader keeps its own position in memory: there is no consumer group, and a
// replica that is gone leaves nothing behind. Kafka alone cannot tell that its writer is alive and
// has caught up: a heartbeat is a row of the outbox, which has come the whole way.
import type { Consumer } from '@platformatic/kafka';
import { publish } from '../../diagnostics.ts';
import { KAFKA_WAIT_MS, type KafkaSettings, openKafkaReader } from '../../kafka.ts';
import type { EventKind } from '../model/event.ts';
import { type ChangeFeed, type FeedMessage, HEARTBEAT_MS, tellChanges } from './feed.ts';
import { Heartbeats } from './kafka-heartbeats.ts';
import { follow, type TopicPosition, type TopicState } from './kafka-position.ts';
import { isOfSchemaRegistry, readKafkaRecord } from './kafka-record.ts';
import { type Pausing, reconnecting } from './reconnect.ts';

/** Options of {@link createKafkaFeed}. */
export interface KafkaFeedOptions extends Pausing {
  readonly kafka: KafkaSettings;
  readonly kind: EventKind;
  /** The topic of the kind's outbox. It is never created by us. */
  readonly topic: string;
}

/** How much is read of one partition at a time, in bytes. */
const PAGE_BYTES = 256 * 2 ** 10;
/** Records of transactions count once they are committed. */
const READ_COMMITTED = 1;
/** Records that are not data: the marks of transactions. */
const IS_CONTROL = 0b10_0000;
const OFFSET_OUT_OF_RANGE = 1;

/**
 * Reads the topic from its end at the first connection; after a lost connection, from its last
 * position.
 */
export function createKafkaFeed(options: KafkaFeedOptions): ChangeFeed {
  const { kind } = options;
  const name = `kafka ${kind}`;
  return {
    name,
    kinds: [kind],
    changes(signal) {
      const position: TopicPosition = { topicId: null, next: [], lost: null };
      const heartbeats = new Heartbeats({ ...options, name, position });
      const session = () => connected({ ...options, name, position }, heartbeats, signal);
      return reconnecting(name, session, options, signal);
    },
  };
}

/** One reader of a topic. */
interface Reading extends KafkaFeedOptions {
  readonly name: string;
  /** Kept across connections. */
  readonly position: TopicPosition;
}

/** The lifetime of one connection. */
async function* connected(reading: Reading, heartbeats: Heartbeats, signal: AbortSignal): AsyncGenerator<FeedMessage> {
  const { clock, position } = reading;
  const client = await openKafkaReader(reading.kafka, 'calendar-feed');
  const stop = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true, signal: stop.signal });
  });
  aborted.catch(() => undefined);
  try {
    for (let lookedAt = -HEARTBEAT_MS; !signal.aborted; ) {
      if (position.lost !== null || clock.elapsed() - lookedAt >= HEARTBEAT_MS) {
        lookedAt = clock.elapsed();
        yield* look(await Promise.race([stateOf(client, reading), aborted]), reading);
      }
      for (const answer of await Promise.race([fetchAll(client, reading), aborted])) {
        yield* tellAnswer(answer, reading, heartbeats);
      }
      yield* heartbeats.tell();
    }
  } finally {
    stop.abort();
    void client.close().catch(() => undefined);
  }
}

async function stateOf(client: Consumer, { topic }: Reading): Promise<TopicState> {
  const { topics } = await client.metadata({ topics: [topic], forceUpdate: true });
  const ends = await client.listOffsets({ topics: [topic], isolationLevel: READ_COMMITTED });
  return { id: topics.get(topic)?.id ?? '', ends: ends.get(topic) ?? [] };
}

/** Follows the topic to its present state. */
function* look(state: TopicState, { kind, position }: Reading): Generator<FeedMessage> {
  const loss = follow(position, state);
  if (loss !== null) yield { type: 'GAP', reason: loss, kinds: [kind] };
}

/** One read of every partition; of each broker that leads some of them, one request. */
async function fetchAll(client: Consumer, { topic, position }: Reading): Promise<FetchResponse[]> {
  const { topics } = await client.metadata({ topics: [topic] });
  const { id = '', partitions = [] } = topics.get(topic) ?? {};
  const byLeader = new Map<number, number[]>();
  for (const [partition, { leader }] of partitions.entries()) {
    if (position.next[partition] !== undefined) byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
  }
  return Promise.all(
    [...byLeader].map(([node, led]) => {
      const asked = led.map((partition) => ({
        partition,
        fetchOffset: position.next[partition] ?? 0n,
        currentLeaderEpoch: -1,
        lastFetchedEpoch: -1,
        partitionMaxBytes: PAGE_BYTES,
      }));
      const topics = [{ topicId: id, partitions: asked }];
      return client
        .fetch({ node, topics, minBytes: 1, maxWaitTime: KAFKA_WAIT_MS, isolationLevel: READ_COMMITTED })
        .catch(answerOf);
    }),
  );
}

/** One partition with an error makes the whole answer an error of the library, which has it. */
function answerOf(error: { readonly response?: FetchResponse }): FetchResponse {
  if (error.response === undefined || error.response.errorCode !== 0) throw error;
  const codes = error.response.responses.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode));
  if (codes.some((code) => code !== 0 && code !== OFFSET_OUT_OF_RANGE)) throw error;
  return error.response;
}

type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>;
type FetchedPartition = FetchResponse['responses'][number]['partitions'][number];

/** The messages of an answer; advances the position. */
function* tellAnswer({ responses }: FetchResponse, reading: Reading, heartbeats: Heartbeats): Generator<FeedMessage> {
  const { name, kind, position } = reading;
  for (const partition of responses.flatMap(({ partitions }) => partitions)) {
    const { errorCode, records, partitionIndex, lastStableOffset } = partition;
    if (errorCode === OFFSET_OUT_OF_RANGE) position.lost = 'records were deleted before they were read';
    else if (records?.length === 0) position.lost = 'a record is too large to be read';
    const found = recordsOf(partition, position);
    if (found.some(({ value }) => isOfSchemaRegistry(value)))
      publish('calendar:feed-failure', { feed: name, error: NOT_JSON });
    const said = found.map(({ value }) => readKafkaRecord(value));
    const changes = said.flatMap((one) => (one.says === 'change' ? [{ kind, raw: one.row }] : []));
    if (changes.length > 0) yield* tellChanges([kind], changes);
    for (const one of said) {
      if (one.says === 'gap') yield { type: 'GAP', reason: one.reason, kinds: [kind] };
      if (one.says === 'heartbeat') heartbeats.hear(one);
    }
    heartbeats.isBehind = (position.next[partitionIndex] ?? 0n) < lastStableOffset;
  }
}

const NOT_JSON = new Error('the topic has records of a schema registry (Avro, Protobuf), and JSON is expected');

/** The partition's records from the position on, which advances. */
function recordsOf({ partitionIndex, records = [] }: FetchedPartition, { next }: TopicPosition) {
  const from = next[partitionIndex] ?? 0n;
  return records.flatMap(({ attributes, firstOffset, lastOffsetDelta, records: batch }) => {
    next[partitionIndex] = firstOffset + BigInt(lastOffsetDelta) + 1n;
    if ((attributes & IS_CONTROL) !== 0) return [];
    // A batch is sent whole, even when the position is within it.
    return batch.filter(({ offsetDelta }) => firstOffset + BigInt(offsetDelta) >= from);
  });
}
