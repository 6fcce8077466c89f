// The change feed from PostgreSQL's write-ahead log: every insert into the services' outbox tables,
// in commit order. A heartbeat is a row of our own in each outbox: it arrives after everything that
// was committed before it, and only while the outbox is published whole.
import { type Clock, pausing } from '../../clock.ts';
import { publish } from '../../diagnostics.ts';
import { EVENT_KINDS, type EventKind, serviceOf } from '../../event-kinds.ts';
import { type LiveUrl, urlOf } from '../../live-url.ts';
import { type ChangeFeed, type FeedMessage, HEARTBEAT_MS, type RawChange, tellChanges } from './feed.ts';
import { type Pausing, reconnecting } from './reconnect.ts';
import { Connections, type Logged, type Replication, replicate } from './replication.ts';

/** Options of {@link createCdcFeed}. */
export interface CdcFeedOptions extends Pausing {
  /**
   * `postgres://`. The user needs the REPLICATION attribute and must own the tables: to create the
   * publications, and to insert heartbeats.
   */
  readonly url: LiveUrl;
  /** The sources whose tables are in this database: `<kind in lower case>.outbox`. Default all. */
  readonly kinds?: readonly EventKind[];
  /**
   * Prefix of the replication slots' names: [a-z0-9_], at most 40 characters. Default `calendar`.
   */
  readonly slot?: string;
}

/** Creating a slot waits for running transactions; this is the limit in milliseconds. */
const BEGIN_MS = 60_000;
/** After this time (milliseconds) a feed that is still connecting says so. */
const SLOW_MS = 3_000;
/**
 * If our rows have not come back after this time (milliseconds), the connection is dead or the
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
  const connections = new Connections(urlOf(url));
  const close = () => connections.close();
  signal.addEventListener('abort', close, { once: true });
  let cancel = clock.after(BEGIN_MS, close);
  try {
    const name = `${slot}_${random().toString(36).slice(2, 10)}`;
    const log = yield* whenStarted(replicate(connections, name, kinds.map(serviceOf)), clock);
    const wake = () => {
      cancel = clock.after(DEAD_MS, () => log.inbox.fail(new Error('a heartbeat did not come back from every outbox')));
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

/**
 * The stream once it has started. A replication slot starts when all transactions that are open now
 * have ended: until then the feed is not live, and says why.
 */
async function* whenStarted(opening: Promise<Replication>, clock: Clock): AsyncGenerator<FeedMessage, Replication> {
  const opened = new AbortController();
  const late = pausing(clock, SLOW_MS, opened.signal).then(() => null);
  const log = await Promise.race([opening, late]).finally(() => opened.abort());
  if (log !== null) return log;
  const error = new Error('the replication slot waits until every transaction that is open now has ended');
  publish('calendar:feed-failure', { feed: 'cdc', error });
  yield { type: 'LOST', reason: 'WAITS_FOR_TRANSACTIONS' };
  return opening;
}

async function* tell(log: Replication, kinds: readonly EventKind[]): AsyncGenerator<FeedMessage> {
  const awaited = new Set<string>(kinds.map(serviceOf));
  for (;;) {
    const logged = await log.inbox.take();
    const rows = logged.filter((one) => 'row' in one);
    if (rows.length > 0) yield* tellChanges(kinds, rows.map(changeOf));
    for (const one of logged) {
      if (!('lsn' in one && awaited.delete(one.schema) && awaited.size === 0)) continue;
      for (const kind of kinds) awaited.add(serviceOf(kind));
      log.acknowledge(one.lsn);
      yield { type: 'HEARTBEAT', kinds };
    }
  }
}

function changeOf({ schema, row }: Extract<Logged, { row: unknown }>): RawChange {
  const kind = EVENT_KINDS.find((one) => serviceOf(one) === schema);
  const { audience, ern, starts_at, ends_at, at } = row;
  if (kind === undefined) return { kind: null, raw: undefined };
  return { kind, raw: { audience, ern, from: textOf(starts_at), to: textOf(ends_at), at: textOf(at) } };
}

/** The driver returns a Date for a timestamp, but a number for `infinity`. */
function textOf(value: unknown): unknown {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
}
