// Where a relay writes with FRESHNESS=kafka: one topic for each source, with rows of the outbox as
// JSON. The cursor is a header of the last record of a write, so the topic is all that there is to
// keep. A heartbeat is a record too: a reader that has it has everything before it.
import type { Consumer, Producer } from '@platformatic/kafka';
import type { Clock } from '../../clock.ts';
import { type KafkaSettings, openKafkaReader, openKafkaWriter } from '../../kafka.ts';
import { HEARTBEAT_AUDIENCE } from './changes.ts';
import type { RelayPage, RelayTarget } from './relay.ts';

/** The relay writes to this partition only, so that its records have an order. */
const PARTITION = 0;
const CURSOR_HEADER = 'cursor';
/** How much is read to find the last record, in bytes. */
const PAGE_BYTES = 2 ** 20;
/** Maximum number of records of one batch: at most 600 KB, and brokers take 1 MB. */
const BATCH = 250;
/** A heartbeat is written at most so often, in milliseconds. */
const HEARTBEAT_MS = 1_000;

/** `topic`: it must exist. */
export function kafkaTarget(settings: KafkaSettings, topic: string, schema: string, clock: Clock): RelayTarget {
  let writer: Producer | undefined;
  let written: string | null = null;
  let beatAt = Number.NEGATIVE_INFINITY;
  return {
    async connect() {
      writer = await openKafkaWriter(settings, `relay-${schema}`);
    },
    disconnect: () => void writer?.close().catch(() => undefined),
    async cursor() {
      const reader = await openKafkaReader(settings, `relay-${schema}`);
      written = await lastCursor(reader, topic).finally(() => void reader.close().catch(() => undefined));
      return written;
    },
    /**
     * Batches of records, each of which the broker takes whole. Until the last one the cursor stays
     * where it was.
     */
    async write(page, isUpToDate) {
      const isDue = isUpToDate && clock.elapsed() - beatAt >= HEARTBEAT_MS;
      const rows = rowsOf(page, isDue ? new Date(clock.now()).toISOString() : null);
      if (isDue) beatAt = clock.elapsed();
      for (let from = 0; from < rows.length; from += BATCH) {
        const isLast = from + BATCH >= rows.length;
        const cursor = isLast ? page.cursor : (written ?? '');
        await writer?.send({ messages: messagesOf(rows.slice(from, from + BATCH), topic, schema, cursor) });
      }
      if (rows.length > 0) written = page.cursor;
    },
  };
}

function messagesOf(rows: readonly object[], topic: string, schema: string, cursor: string) {
  const headers = new Map([[Buffer.from(CURSOR_HEADER), Buffer.from(cursor)]]);
  return rows.map((row, index) => ({
    topic,
    partition: PARTITION,
    value: Buffer.from(JSON.stringify({ kind: schema.toUpperCase(), ...row })),
    ...(index === rows.length - 1 && { headers }),
  }));
}

/** `beat`: when the heartbeat is written; null: none is. */
function rowsOf({ changes, hasGap }: RelayPage, beat: string | null): object[] {
  return [
    ...(hasGap ? [{ gap: 'the relay does not know where it was' }] : []),
    ...changes,
    ...(beat === null ? [] : [{ ern: 'relay', audience: HEARTBEAT_AUDIENCE, at: beat }]),
  ];
}

/** The header of the last record; null if the topic is empty, or another writer wrote it. */
async function lastCursor(reader: Consumer, topic: string): Promise<string | null> {
  const end = (await reader.listOffsets({ topics: [topic] })).get(topic)?.[PARTITION] ?? 0n;
  if (end === 0n) return null;
  const records = await recordsFrom(reader, topic, end - 1n);
  const header = records.at(-1)?.headers.find(([name]) => name?.toString() === CURSOR_HEADER);
  return header?.[1]?.toString() || null;
}

async function recordsFrom(reader: Consumer, topic: string, fetchOffset: bigint) {
  const { topics } = await reader.metadata({ topics: [topic] });
  const { id = '', partitions = [] } = topics.get(topic) ?? {};
  const first = { partition: PARTITION, fetchOffset, currentLeaderEpoch: -1, lastFetchedEpoch: -1 };
  const asked = [{ topicId: id, partitions: [{ ...first, partitionMaxBytes: PAGE_BYTES }] }];
  const { responses } = await reader.fetch({ node: partitions[PARTITION]?.leader ?? -1, topics: asked, minBytes: 1 });
  return responses.flatMap(({ partitions }) =>
    partitions.flatMap(({ records = [] }) => records.flatMap((batch) => batch.records)),
  );
}
