// The position of a reader in a Kafka topic, and whether it is still valid: records may be deleted
// before they were read, and a topic may be deleted and made again. Pure.

/** A topic as the brokers describe it now. */
export interface TopicState {
  readonly id: string;
  /** By partition: the offset of the next record. */
  readonly ends: readonly bigint[];
}

/** The next offset to read of each partition, in the topic with this id. Null: not read yet. */
export interface TopicPosition {
  topicId: string | null;
  next: bigint[];
  /** Why records before it may have been missed; null: none were. */
  lost: string | null;
}

/**
 * If the reader is further behind (about a second of reading), invalidating everything costs less
 * than reading.
 */
const MAX_BEHIND = 30_000n;

/**
 * Follows the topic to its present state: the first time to its end, a new partition from its
 * begin. Returns why records may have been missed, or null; then the position is the end.
 */
export function follow(position: TopicPosition, { id, ends }: TopicState): string | null {
  const loss = position.lost ?? lossOf(position, id, ends);
  position.lost = null;
  if (position.topicId === null || loss !== null) {
    Object.assign(position, { topicId: id, next: [...ends] });
  } else {
    position.next = ends.map((_, partition) => position.next[partition] ?? 0n);
  }
  return loss;
}

function lossOf({ topicId, next }: TopicPosition, id: string, ends: readonly bigint[]): string | null {
  if (topicId === null) return null;
  if (topicId !== id) return 'the topic was made again';
  if (ends.length < next.length) return 'the topic has lost a partition';
  if (next.some((offset, partition) => offset > (ends[partition] ?? 0n))) return 'the topic ends before the position';
  const isBehind = ends.some((end, partition) => end - (next[partition] ?? 0n) > MAX_BEHIND);
  return isBehind ? 'too far behind to catch up' : null;
}
