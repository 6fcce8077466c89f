// What a Kafka record of an outbox topic says. It is a row of the outbox as JSON, as one of several
// writers wrote it: the relay; Debezium (its change event, or the row alone after its transform
// ExtractNewRecordState); with or without a schema around it, or as JSON within a string.
import { HEARTBEAT_AUDIENCE } from './feed.ts';

/**
 * A record as the feed understands it. `row`: a change, not checked yet. `at`: when it was written.
 */
export type KafkaRecord =
  | { readonly says: 'nothing' }
  | { readonly says: 'change'; readonly row: unknown }
  | { readonly says: 'heartbeat'; readonly writer: unknown; readonly at: unknown }
  | { readonly says: 'gap'; readonly reason: string };

const NOTHING: KafkaRecord = { says: 'nothing' };
/** What cannot be read is a change that is unknown. */
const UNREADABLE: KafkaRecord = { says: 'change', row: undefined };

/**
 * Reads the value of a record; null is a tombstone, which says nothing. What cannot be read is a
 * change without a row: a lost change must not be silent.
 */
export function readKafkaRecord(value: Uint8Array | null): KafkaRecord {
  if (value === null) return NOTHING;
  try {
    return recordOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value)));
  } catch {
    return UNREADABLE;
  }
}

/** Whether the value is Avro, Protobuf or JSON of a schema registry, which begin with a zero. */
export function isOfSchemaRegistry(value: Uint8Array | null): boolean {
  return value?.[0] === 0;
}

function recordOf(value: unknown): KafkaRecord {
  if (value === null) return NOTHING;
  if (typeof value === 'string') return recordOf(JSON.parse(value));
  if (typeof value !== 'object') return UNREADABLE;
  const given = value as Readonly<Record<string, unknown>>;
  if ('schema' in given && 'payload' in given) return recordOf(given.payload);
  if (typeof given.op === 'string') return ofDebezium(given.op, given.after);
  // The transform's mark of a row that was deleted.
  if (String(given.__deleted) === 'true') return NOTHING;
  return ofRow(given);
}

/**
 * Debezium's `op`: c, r and u with the row in `after`. Rows are deleted only when the outbox is
 * trimmed, and m is a message beside the tables; after a TRUNCATE (t) rows may be missing.
 * https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events
 */
function ofDebezium(op: string, after: unknown): KafkaRecord {
  if (op === 'd' || op === 'm') return NOTHING;
  if (op === 't') return { says: 'gap', reason: 'the outbox was truncated' };
  if (!['c', 'r', 'u'].includes(op) || typeof after !== 'object' || after === null) return UNREADABLE;
  return ofRow(after as Readonly<Record<string, unknown>>);
}

function ofRow(row: Readonly<Record<string, unknown>>): KafkaRecord {
  const { audience, ern, starts_at: startsAt, ends_at: endsAt, from = startsAt, to = endsAt, at, gap } = row;
  if (typeof gap === 'string') return { says: 'gap', reason: `said by a writer: ${gap}` };
  if (audience === HEARTBEAT_AUDIENCE) return { says: 'heartbeat', writer: ern, at };
  return { says: 'change', row: { audience, ern, from, to, at } };
}
