// Copies a service's outbox to the Redis stream `ern:changes`, which every calendar reads: each
// change at least once, none missed (see `readChanges`). NOTIFY tells of new rows; the outbox is
// also read at intervals. The cursor is in Redis beside the stream, written in one transaction with
// the entries: if Redis comes back with older data or empty, the changes from there on are sent
// again, or a gap is reported. Of several relays of one outbox one works, and the others wait.

import { type Clock, pausing } from '../../clock.ts';
import { reportError } from '../../diagnostics.ts';
import { doublingPause } from '../../durations.ts';
import { ApiError } from '../../errors.ts';
import { createRedisSession } from '../../redis.ts';
import type { Database } from '../storage/database.ts';
import { type ChangePage, readChanges } from './changes.ts';
import { outboxChannel, sayListening } from './triggers.ts';

/** Options of {@link startRelay}. */
export interface RelayOptions {
  readonly database: Database;
  /** The service's SQL schema; in capitals it is the `kind` of the entries. */
  readonly schema: string;
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** The stream's key. Default `ern:changes`. */
  readonly key?: string;
  readonly clock: Clock;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
}

/** A running relay. */
export interface Relay {
  /** Stops it and closes its connection. */
  stop(): Promise<void>;
}

/** Approximate maximum length of the stream. */
const KEPT = 100_000;
/**
 * How often an idle relay reads the outbox and renews its key, and the lifetime of that key, in
 * milliseconds.
 */
const ALIVE_MS = 500;
const ALIVE_FOR_MS = 2_000;
/** How long writers notify a relay that does not say again that it listens, in milliseconds. */
const LISTENING_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

/**
 * Starts at once and never fails: without database or Redis it retries after growing pauses of at
 * most 5 s.
 */
export function startRelay(options: RelayOptions): Relay {
  const { clock, random } = options;
  const end = new AbortController();
  const run = async () => {
    for (let failed = 0; !end.signal.aborted; failed += 1) {
      await relay(options, end.signal, () => {
        failed = 0;
      }).catch((error: unknown) => {
        if (!end.signal.aborted) reportError(error);
      });
      await pausing(clock, doublingPause(failed + 1, FIRST_PAUSE_MS, MAX_PAUSE_MS) * (1 - random() / 2), end.signal);
    }
  };
  const ended = run();
  return {
    stop() {
      end.abort();
      return ended;
    },
  };
}

/** The lifetime of one connection; `works` is called whenever it is up to date. */
async function relay(options: RelayOptions, signal: AbortSignal, works: () => void): Promise<void> {
  const { clock, database, schema } = options;
  const stream = streamOf(options);
  const wakeSignal: WakeSignal = { wake: new AbortController(), broken: null };
  let unlisten = () => {};
  try {
    const lost = (error: Error) => {
      wakeSignal.broken = error;
      wakeSignal.wake.abort();
    };
    const heard = () => wakeSignal.wake.abort();
    const lock = `relay of ${schema} to redis`;
    unlisten = await database.listen({ channel: outboxChannel(schema), lock, heard, lost, signal });
    await stream.connect();
    let saidAt = -LISTENING_MS;
    let cursor = await stream.cursor();
    while (!signal.aborted) {
      // From here on a write sets the signal for another read.
      wakeSignal.wake = new AbortController();
      if (wakeSignal.broken !== null) throw wakeSignal.broken;
      if (clock.elapsed() - saidAt > LISTENING_MS / 3) {
        await sayListening(database, schema, LISTENING_MS);
        saidAt = clock.elapsed();
      }
      const page = await changesAfter(options, cursor);
      const isUpToDate = page.changes.length === 0;
      await stream.write(page, isUpToDate);
      cursor = page.cursor;
      if (!isUpToDate) continue;
      works();
      await pausing(clock, ALIVE_MS, signal, wakeSignal.wake.signal);
    }
  } finally {
    unlisten();
    stream.disconnect();
  }
}

/** Set when the outbox has new rows, or when no signal can arrive any more. */
interface WakeSignal {
  wake: AbortController;
  broken: Error | null;
}

/** The changes after the cursor; without a valid cursor a gap, and the changes from now on. */
async function changesAfter({ database, schema }: RelayOptions, cursor: string | null) {
  if (cursor !== null) {
    try {
      return { ...(await readChanges(database, schema, cursor)), hasGap: false };
    } catch (error) {
      if (!(error instanceof ApiError && error.extensions.cursor === 'expired')) throw error;
    }
  }
  return { ...(await readChanges(database, schema, null)), hasGap: true };
}

/** The stream in Redis. */
function streamOf({ url, schema, key = 'ern:changes' }: RelayOptions) {
  const redis = createRedisSession(url, `relay-${schema}`);
  const kind = schema.toUpperCase();
  const cursorKey = `${key}:cursor:${kind}`;
  return {
    connect: () => redis.connect(),
    disconnect: () => redis.disconnect(),
    cursor: () => redis.get(cursorKey),
    /** One transaction: the entries, their cursor, and whether they are complete. */
    async write({ cursor, changes, hasGap }: ChangePage & { hasGap: boolean }, isUpToDate: boolean) {
      const write = redis.multi();
      const add = (...fields: string[]) => write.xadd(key, 'MAXLEN', '~', KEPT, '*', 'kind', kind, ...fields);
      if (hasGap) add('gap', 'the relay does not know where it was');
      for (const { ern, audience, from, to, at } of changes) {
        add('ern', ern, 'audience', audience, 'from', from ?? '', 'to', to ?? '', 'at', at);
      }
      write.set(cursorKey, cursor);
      if (isUpToDate) write.set(`${key}:alive:${kind}`, '1', 'PX', ALIVE_FOR_MS);
      for (const [error] of (await write.exec()) ?? []) if (error !== null) throw error;
    },
  };
}
