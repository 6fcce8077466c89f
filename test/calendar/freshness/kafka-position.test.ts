// When a reader of a Kafka topic has missed records, and where it goes on.
import { expect, test } from '@jest/globals';
import { follow, type TopicPosition } from '../../../src/calendar/freshness/kafka-position.ts';

const at = (next: bigint[], topicId: string | null = 'a'): TopicPosition => ({ topicId, next, lost: null });

test('the first look begins at the end', () => {
  const position = at([], null);
  expect(follow(position, { id: 'a', ends: [7n, 3n] })).toBeNull();
  expect(position).toEqual({ topicId: 'a', next: [7n, 3n], lost: null });
});

test('a topic that grew is followed from the position, and a new partition from its begin', () => {
  const position = at([7n]);
  expect(follow(position, { id: 'a', ends: [30_007n, 9n] })).toBeNull();
  expect(position.next).toEqual([7n, 0n]);
});

test.each<[string, TopicPosition, string, bigint[]]>([
  ['made again', at([7n]), 'b', [7n]],
  ['with fewer partitions', at([7n, 3n]), 'a', [7n]],
  ['that ends before the position', at([7n]), 'a', [6n]],
  ['with more than 30,000 unread records', at([7n]), 'a', [30_008n]],
  ['with more than 30,000 unread records in a new partition', at([7n]), 'a', [7n, 30_001n]],
  ['of which records are known to be lost', { ...at([7n]), lost: 'deleted' }, 'a', [9n]],
])('a topic %s is a gap, after which the reader is at the end', (_, position, id, ends) => {
  expect(follow(position, { id, ends })).toEqual(expect.any(String));
  expect(position).toEqual({ topicId: id, next: ends, lost: null });
  expect(follow(position, { id, ends })).toBeNull();
});
