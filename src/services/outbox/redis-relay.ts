// From a service's outbox to the Redis stream `ern:changes` that every calendar reads: each change
// at least once, none skipped (the order and the rule are `readChanges`'s). The outbox says when it
// has grown; it is looked at now and then besides. Where it is in the outbox stands in Redis beside
// the stream, written in one transaction with the entries: a Redis that comes back older than it
// was, or empty, gets from there on everything again, or a word that there is a gap.

import { type Clock, pausing } from '../../clock.ts';
import { reportError } from '../../diagnostics.ts';
import { doublingPause } from '../../durations.ts';
import { ApiError } from '../../errors.ts';
import { createRedisSession } from '../../redis.ts';
import type { Database } from '../storage/database.ts';
import { type ChangePage, readChanges } from './changes.ts';
import { outboxChannel } from './triggers.ts';

/** What a relay joins. */
export interface RelayOptions {
  readonly database: Database;
  /** The service's SQL schema; in capitals the `kind` of its entries. */
  readonly schema: string;
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** The stream's key. Default `ern:changes`. */
  readonly key?: string;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** A relay at work. */
export interface Relay {
  /** Ends it and its connection. */
  stop(): Promise<void>;
}

/** Entries the stream keeps, about. */
const KEPT = 100_000;
/**
 * How often a relay that is up to date looks at the outbox and says so, and how long that holds, in
 * milliseconds.
 */
const ALIVE_MS = 500;
const ALIVE_FOR_MS = 2_000;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

/**
 * Begins at once and never fails: without database or Redis it tries again, less and less often, at
 * least every 5 s.
 */
export function startRelay(options: RelayOptions): Relay {
  const { clock, random } = options;
  const end = new AbortController();
  const run = async () => {
    for (let failed = 0; !end.signal.aborted; failed += 1) {
      await relay(options, end.signal, () => {
        failed = 0;
      }).catch(reportError);
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

/** One connection's life; `works` is called whenever it is up to date. */
async function relay(options: RelayOptions, signal: AbortSignal, works: () => void): Promise<void> {
  const { clock, database, schema } = options;
  const stream = streamOf(options);
  const wakeSignal: WakeSignal = { wake: new AbortController(), broken: null };
  let unlisten = () => {};
  try {
    await stream.connect();
    const lost = (error: Error) => {
      wakeSignal.broken = error;
      wakeSignal.wake.abort();
    };
    unlisten = await database.listen(outboxChannel(schema), () => wakeSignal.wake.abort(), lost);
    let cursor = await stream.cursor();
    while (!signal.aborted) {
      // From here on whoever writes rings for another look.
      wakeSignal.wake = new AbortController();
      if (wakeSignal.broken !== null) throw wakeSignal.broken;
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

/** Rung when the outbox has grown, or when it can be rung no more. */
interface WakeSignal {
  wake: AbortController;
  broken: Error | null;
}

/**
 * What there is after the cursor; without one that the outbox still knows, a gap, and from now on.
 */
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

/** Our side of the stream. */
function streamOf({ url, schema, key = 'ern:changes' }: RelayOptions) {
  const redis = createRedisSession(url, `relay-${schema}`);
  const kind = schema.toUpperCase();
  const cursorKey = `${key}:cursor:${kind}`;
  return {
    connect: () => redis.connect(),
    disconnect: () => redis.disconnect(),
    cursor: () => redis.get(cursorKey),
    /** All of it or nothing: the entries, where they lead, and whether that is all there is. */
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
