// The feed out of PostgreSQL's own log: every insert into the services' outbox tables, in the order
// of their commits. A heartbeat is a message of our own that went through the log: it is behind
// everything committed before it was sent.
import type { Change } from '../model/change.ts';
import { EVENT_KINDS, type EventKind } from '../model/event.ts';
import { type ChangeFeed, type FeedMessage, HEARTBEAT_MS, parseChange, sayChanges } from './feed.ts';
import { type Pausing, reconnecting } from './reconnect.ts';
import { Connections, type Logged, type Replication, replicate } from './replication.ts';

/** Where the outbox tables are. */
export interface CdcFeedOptions extends Pausing {
  /**
   * `postgres://`; the user needs the REPLICATION attribute, and to own the tables to make their
   * publications.
   */
  readonly url: string;
  /** The sources whose tables are there: `<kind in lower case>.outbox`. Default all. */
  readonly kinds?: readonly EventKind[];
  /** How the names of our slots begin: [a-z0-9_], at most 40. Default `calendar`. */
  readonly slot?: string;
}

/** Making the slot waits for transactions that are running; so long at most, in milliseconds. */
const BEGIN_MS = 60_000;
/**
 * A message that is not back by then (milliseconds) means a connection that is dead, or a backlog
 * not worth reading.
 */
const DEAD_MS = 3_000;

/** Streams the outbox tables. What happened between two connections is a gap. */
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

/** One pair of connections' life. */
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
    if (past.hasSpoken) yield { type: 'GAP', reason: 'the connection was lost, and its slot with it' };
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
    if (rows.length > 0) yield sayChanges(rows.map(changeOf));
    const heard = logged.findLast((one) => 'lsn' in one);
    if (heard === undefined) continue;
    log.acknowledge(heard.lsn);
    yield { type: 'HEARTBEAT', kinds };
  }
}

function schemaOf(kind: EventKind): string {
  return kind.toLowerCase();
}

function changeOf({ schema, row }: Extract<Logged, { row: unknown }>): Change | null {
  const kind = EVENT_KINDS.find((one) => schemaOf(one) === schema);
  const { audience, starts_at, ends_at } = row;
  return kind === undefined ? null : parseChange(kind, { audience, from: textOf(starts_at), to: textOf(ends_at) });
}

/** The driver makes a Date of a timestamp, and something else of `infinity`. */
function textOf(value: unknown): unknown {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
}
