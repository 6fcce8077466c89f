// The change feed over a Redis stream (Redis 7 or later). Every reader keeps its own cursor in
// memory: there is no consumer group, and a replica that is gone leaves nothing behind. It has its
// own connection, because reading blocks it.
//
// The stream `<key>` holds changes as flat fields: kind (absent: every source), ern, audience,
// from, to. Other fields are ignored. An entry with the field `gap` says that its writer may have
// lost changes. The writer of a source's changes keeps the key `<key>:alive:<KIND>` from expiring
// while it is sure to have written everything: without it the feed is not live for that source.

import type { Redis } from 'ioredis';
import { isEventKind } from '../../event-kinds.ts';
import type { LiveUrl } from '../../live-url.ts';
import { connectSession, createRedisSession } from '../../redis.ts';
import { EVENT_KINDS } from '../model/event.ts';
import { type ChangeFeed, type FeedMessage, HEARTBEAT_MS, type RawChange, tellChanges } from './feed.ts';
import { type Pausing, reconnecting } from './reconnect.ts';
import { endOf, lossOf, moved, type Position, type StreamState } from './stream-position.ts';

/** Options of {@link createRedisFeed}. */
export interface RedisFeedOptions extends Pausing {
  /** `redis://` or `rediss://`. */
  readonly url: LiveUrl;
  /** The stream's key. Default `ern:changes`. */
  readonly key?: string;
}

/** Maximum number of entries of one read: about 5 ms of work. */
const PAGE = 250;

/**
 * Reads the stream from its end at the first connection; after a lost connection, from its last
 * position.
 */
export function createRedisFeed(options: RedisFeedOptions): ChangeFeed {
  const { url, key = 'ern:changes' } = options;
  return {
    name: 'redis',
    kinds: EVENT_KINDS,
    changes(signal) {
      const position: FeedPosition = { at: null };
      return reconnecting('redis', () => follow(url, key, position, signal), options, signal);
    },
  };
}

/** Kept across connections. Null: not read yet. */
interface FeedPosition {
  at: Position | null;
}

type Entry = readonly [id: string, fields: readonly string[]];

/** The lifetime of one connection. */
async function* follow(
  url: LiveUrl,
  key: string,
  position: FeedPosition,
  signal: AbortSignal,
): AsyncGenerator<FeedMessage> {
  const redis = createRedisSession(url, 'calendar-feed');
  const close = () => redis.disconnect();
  signal.addEventListener('abort', close, { once: true });
  try {
    await connectSession(redis);
    while (!signal.aborted) {
      const isAll = yield* read(redis, key, position);
      // It only waits: its entries are read again, in one transaction with the counter that shows
      // whether any are missing.
      if (isAll) await redis.xread('COUNT', 1, 'BLOCK', HEARTBEAT_MS, 'STREAMS', key, position.at?.id ?? '$');
    }
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

/**
 * Yields at most one page of entries after the position and advances it. Returns whether that was
 * all.
 */
async function* read(redis: Redis, key: string, position: FeedPosition): AsyncGenerator<FeedMessage, boolean> {
  const { state, entries, kinds } = await look(redis, key, position.at?.id);
  const at = position.at ?? endOf(state);
  const then = moved(
    at,
    entries.map(([id]) => id),
  );
  const isAll = entries.length < PAGE;
  const loss = lossOf(at, then, state, isAll);
  position.at = loss === null ? then : endOf(state);
  if (loss !== null) yield { type: 'GAP', reason: loss, kinds: EVENT_KINDS };
  else if (entries.length > 0) yield* tell(entries);
  if (isAll || loss !== null) yield { type: 'HEARTBEAT', kinds };
  return isAll || loss !== null;
}

/**
 * The stream's state, its entries after the cursor, and which writers are alive, read in one
 * transaction.
 */
async function look(redis: Redis, key: string, after: string | undefined) {
  const answers = await redis
    .multi()
    .xinfo('STREAM', key)
    .xread('COUNT', PAGE, 'STREAMS', key, after ?? '$')
    .mget(EVENT_KINDS.map((kind) => `${key}:alive:${kind}`))
    .exec();
  const [info, found, alive] = answers ?? [];
  if (info === undefined || found === undefined || alive === undefined) throw new Error('no answer to a transaction');
  for (const [error] of [found, alive]) if (error !== null) throw error;
  const [stream] = (found[1] ?? []) as [key: string, entries: Entry[]][];
  const living = alive[1] as (string | null)[];
  return {
    state: stateOf(info),
    entries: stream?.[1] ?? [],
    kinds: EVENT_KINDS.filter((_, index) => living[index] !== null),
  };
}

/** The answer of XINFO STREAM: alternating names and values; an error if there is no stream. */
function stateOf([error, info]: [Error | null, unknown]): StreamState {
  if (error !== null && /no such key/i.test(error.message)) return { lastId: '0-0', added: 0, length: 0 };
  if (error !== null) throw error;
  const fields = fieldsOf(info as readonly (string | number)[]);
  const [lastId, added, length] = [fields['last-generated-id'], fields['entries-added'], fields.length];
  if (typeof lastId === 'string' && typeof added === 'number' && typeof length === 'number')
    return { lastId, added, length };
  throw new Error('XINFO STREAM without entries-added: the feed needs Redis 7 or later');
}

function* tell(entries: readonly Entry[]): Generator<FeedMessage> {
  const found = entries.map(([, fields]) => fieldsOf(fields));
  yield* tellChanges(EVENT_KINDS, found.filter(({ gap }) => gap === undefined).map(changeOf));
  const gaps = found.filter(({ gap }) => gap !== undefined);
  if (gaps.length === 0) return;
  const kinds = new Set(gaps.flatMap(({ kind }) => (isEventKind(kind) ? [kind] : EVENT_KINDS)));
  yield { type: 'GAP', reason: `said by a writer: ${gaps[0]?.gap}`, kinds: [...kinds] };
}

function changeOf(entry: Readonly<Record<string, unknown>>): RawChange {
  const { kind } = entry;
  if (kind === undefined) return { kind: null, raw: entry };
  return isEventKind(kind) ? { kind, raw: entry } : { kind: null, raw: undefined };
}

function fieldsOf<T>(flat: readonly T[]): Readonly<Record<string, T>> {
  const fields: Record<string, T> = Object.create(null) as Record<string, T>;
  for (let at = 0; at + 1 < flat.length; at += 2) fields[String(flat[at])] = flat[at + 1] as T;
  return fields;
}
