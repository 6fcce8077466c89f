// Whether the heartbeats of a Kafka topic show that everything is here. A heartbeat is a row of the
// outbox with the time of the database, so it shows how old the news is, too.
import type { Clock } from '../../clock.ts';
import { publish } from '../../diagnostics.ts';
import type { EventKind } from '../model/event.ts';
import { parseInstant } from '../model/instant.ts';
import type { FeedMessage } from './feed.ts';
import type { TopicPosition } from './kafka-position.ts';

/**
 * A heartbeat that took longer than this (milliseconds) from the database to us says that the way
 * is too slow: what was written since is not here yet.
 */
const LATE_MS = 3_000;
/**
 * The relay knows where it was, and says when it does not. Other writers do not: Debezium goes on
 * from a new slot when an operator has replaced the old one. Meanwhile it writes no heartbeats, and
 * a longer pause between two (milliseconds) is a gap.
 */
const PAUSE_MS = 3_000;
const RELAY = 'relay';

/** Which feed's heartbeats they are. */
export interface HeartbeatOptions {
  readonly name: string;
  readonly kind: EventKind;
  readonly clock: Clock;
  readonly position: TopicPosition;
}

/**
 * Whether the topic's heartbeats show that everything is here, and if not, why. It outlives
 * connections.
 */
export class Heartbeats {
  readonly #options: HeartbeatOptions;
  /** When the last one that was not told yet was written, in milliseconds. */
  #writtenAt: number | null = null;
  /** When the last one of all was written. */
  #lastAt: number | null = null;
  #hadPause = false;
  #complaint: string | null = null;
  /** There is more to read. */
  isBehind = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** `writer`: who wrote it. `at`: when. */
  hear({ writer, at }: { readonly writer: unknown; readonly at: unknown }): void {
    const writtenAt = parseInstant(at) ?? 0;
    if (this.#lastAt !== null && writer !== RELAY && writtenAt - this.#lastAt > PAUSE_MS) this.#hadPause = true;
    this.#lastAt = writtenAt;
    this.#writtenAt = writtenAt;
  }

  *tell(): Generator<FeedMessage> {
    const { clock, kind, position } = this.#options;
    if (this.#writtenAt === null || this.isBehind || position.lost !== null) return;
    const isLate = clock.now() - this.#writtenAt > LATE_MS;
    this.#writtenAt = null;
    // Records of different partitions have no order: one's heartbeat says nothing of another.
    if (position.next.length > 1) yield* this.#complain('SEVERAL_PARTITIONS', 'the topic must have one partition');
    else if (isLate) yield* this.#complain('LATE', LATE);
    else {
      this.#complaint = null;
      if (this.#hadPause) yield { type: 'GAP', reason: 'the writer paused', kinds: [kind] };
      this.#hadPause = false;
      yield { type: 'HEARTBEAT', kinds: [kind] };
    }
  }

  /** Once for each reason. */
  *#complain(reason: string, message: string): Generator<FeedMessage> {
    if (this.#complaint === reason) return;
    this.#complaint = reason;
    publish('calendar:feed-failure', { feed: this.#options.name, error: new Error(message) });
    yield { type: 'LOST', reason };
  }
}

const LATE = `heartbeats arrive more than ${LATE_MS} ms after they were written: the writer is behind, or its clock differs`;
