// What the records of an outbox topic say, by who wrote them.
import { describe, expect, test } from '@jest/globals';
import { readKafkaRecord } from '../../../src/calendar/freshness/kafka-record.ts';

const said = (value: unknown) =>
  readKafkaRecord(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
const row = {
  ern: 'ern:lms:course/1',
  audience: 'ern:lms:course/1',
  starts_at: '2026-03-02T00:00:00.123456Z',
  ends_at: null,
};
const change = { says: 'change', row: { ern: row.ern, audience: row.audience, from: row.starts_at, to: null } };

describe('a Kafka record is read as a change', () => {
  test.each<[string, unknown]>([
    ['of the relay', { kind: 'LECTURE', ern: row.ern, audience: row.audience, from: row.starts_at, to: null, at: 'x' }],
    ['of Debezium, an insert', { before: null, after: row, op: 'c' }],
    ['of Debezium, a row of a snapshot', { after: row, op: 'r' }],
    ['of Debezium, an update', { before: row, after: row, op: 'u' }],
    ['of Debezium, with a schema', { schema: { type: 'struct' }, payload: { after: row, op: 'c' } }],
    ['of Debezium, the row alone', row],
    ['of Debezium, the row alone with marks', { ...row, __op: 'c', __deleted: 'false' }],
    ['JSON within a string', JSON.stringify(JSON.stringify(row))],
    ['a schema around JSON within a string', { schema: { type: 'string' }, payload: JSON.stringify(row) }],
  ])('%s', (_, value) => {
    expect(said(value)).toMatchObject(change);
  });
});

describe('a Kafka record says nothing', () => {
  test.each<[string, unknown]>([
    ['for a row that was trimmed', { op: 'd', before: { id: 1 }, after: null }],
    ['for a message beside the tables', { op: 'm', message: {} }],
    ['for a tombstone with a schema', { schema: null, payload: null }],
    ['for the mark of a deleted row', { ...row, __deleted: 'true' }],
    ['for a null', null],
  ])('%s', (_, value) => {
    expect(said(value)).toEqual({ says: 'nothing' });
  });

  test('for a tombstone', () => {
    expect(readKafkaRecord(null)).toEqual({ says: 'nothing' });
  });
});

describe('a Kafka record that cannot be read is an unknown change', () => {
  test.each<[string, unknown]>([
    ['text that is not JSON', 'row'],
    ['an empty value', ''],
    ['a number', 5],
    ['a list', [row]],
    ['an operation that Debezium does not have', { op: 'x', after: row }],
    ['an insert without a row', { op: 'c', after: null }],
    ['JSON that ends too early', '{"audience":'],
  ])('%s', (_, value) => {
    const { says, row: unknown } = { row: undefined, ...said(value) };
    expect([says, (unknown as { audience?: unknown } | undefined)?.audience]).toEqual(['change', undefined]);
  });

  test('bytes that are not UTF-8', () => {
    expect(readKafkaRecord(Buffer.from([0x22, 0xff, 0x22]))).toEqual({ says: 'change', row: undefined });
  });
});

test('a heartbeat has its writer and its time, and a gap its reason', () => {
  const heartbeat = { op: 'c', after: { ern: 'debezium', audience: 'heartbeat', at: '2026-03-02T00:00:00Z' } };
  expect(said(heartbeat)).toEqual({ says: 'heartbeat', writer: 'debezium', at: '2026-03-02T00:00:00Z' });
  expect(said({ gap: 'why' })).toEqual({ says: 'gap', reason: 'said by a writer: why' });
  expect(said({ op: 't' })).toMatchObject({ says: 'gap' });
});
