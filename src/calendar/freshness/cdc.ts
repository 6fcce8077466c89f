// The change feed from PostgreSQL's write-ahead log: every insert into the services' outbox tables,
// in commit order. A heartbeat is our own message, sent through the log: it arrives after
// everything that was committed before it.
import { EVENT_KINDS, type EventKind } from '../model/event.ts';
import { type ChangeFeed, type FeedMessage, HEARTBEAT_MS, type RawChange, tellChanges } from './feed.ts';
import { type Pausing, reconnecting } from './reconnect.ts';
import { Connections, type Logged, type Replication, replicate } from './replication.ts';

/** Options of {@link createCdcFeed}. */
export interface CdcFeedOptions extends Pausing {
  /**
   * `postgres://`. The user needs the REPLICATION attribute and must own the tables, to create the
   * publications.
   */
  readonly url: string;
  /** The sources whose tables are in this database: `<kind in lower case>.outbox`. Default all. */
  readonly kinds?: readonly EventKind[];
  /**
   * Prefix of the replication slots' names: [a-z0-9_], at most 40 characters. Default `calendar`.
   */
  readonly slot?: string;
}

/** Creating a slot waits for running transactions; this is the limit in milliseconds. */
const BEGIN_MS = 60_000;
/**
 * If our message has not come back after this time (milliseconds), the connection is dead or the
 * backlog is too long to read.
 */
const DEAD_MS = 3_000;

/** Streams the outbox tables. The time between two connections is a gap. */
export function createCdcFeed(options: CdcFeedOptions): ChangeFeed {
  const { kinds = EVENT_KINDS } = options;
  return {
    name: 'cdc',
    kinds,
    changes(signal) {
      const past = { hasSpoken: false };
      return reconnecting('cdc', () => follow(options, kinds, past, signal), options, signal);
    },
  };
}

/** The lifetime of one pair of connections. */
async function* follow(
  options: CdcFeedOptions,
  kinds: readonly EventKind[],
  past: { hasSpoken: boolean },
  signal: AbortSignal,
): AsyncGenerator<FeedMessage> {
  const { url, clock, random, slot = 'calendar' } = options;
  const connections = new Connections(url);
  const close = () => connections.close();
  signal.addEventListener('abort', close, { once: true });
  let cancel = clock.after(BEGIN_MS, close);
  try {
    const name = `${slot}_${random().toString(36).slice(2, 10)}`;
    const log = await replicate(connections, name, kinds.map(schemaOf));
    const wake = () => {
      cancel = clock.after(DEAD_MS, () => log.inbox.fail(new Error('a heartbeat did not come back')));
      log.wake().catch((error: unknown) => log.inbox.fail(error));
    };
    cancel();
    if (past.hasSpoken) yield { type: 'GAP', reason: 'the connection was lost, and its slot with it', kinds };
    wake();
    for await (const event of tell(log, kinds)) {
      yield event;
      if (event.type !== 'HEARTBEAT') continue;
      past.hasSpoken = true;
      cancel();
      cancel = clock.after(HEARTBEAT_MS, wake);
    }
  } finally {
    cancel();
    signal.removeEventListener('abort', close);
    close();
  }
}

async function* tell(log: Replication, kinds: readonly EventKind[]): AsyncGenerator<FeedMessage> {
  for (;;) {
    const logged = await log.inbox.take();
    const rows = logged.filter((one) => 'row' in one);
    if (rows.length > 0) yield* tellChanges(kinds, rows.map(changeOf));
    const heard = logged.findLast((one) => 'lsn' in one);
    if (heard === undefined) continue;
    log.acknowledge(heard.lsn);
    yield { type: 'HEARTBEAT', kinds };
  }
}

function schemaOf(kind: EventKind): string {
  return kind.toLowerCase();
}

function changeOf({ schema, row }: Extract<Logged, { row: unknown }>): RawChange {
  const kind = EVENT_KINDS.find((one) => schemaOf(one) === schema);
  const { audience, starts_at, ends_at } = row;
  if (kind === undefined) return { kind: null, raw: undefined };
  return { kind, raw: { audience, from: textOf(starts_at), to: textOf(ends_at) } };
}

/** The driver returns a Date for a timestamp, but a number for `infinity`. */
function textOf(value: unknown): unknown {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
}
