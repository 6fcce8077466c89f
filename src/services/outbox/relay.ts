// Copies a service's outbox to where every calendar reads it, a Redis stream or a Kafka topic: each
// change at least once, none missed (see `readChanges`). NOTIFY tells of new rows; the outbox is
// also read at intervals. The cursor is kept beside what was written, and written with it: if the
// target comes back with older data or empty, the changes from there on are sent again, or a gap is
// reported. Of several relays of one outbox one works, and the others wait.

import { type Clock, pausing } from '../../clock.ts';
import { reportError } from '../../diagnostics.ts';
import { doublingPause } from '../../durations.ts';
import { ApiError } from '../../errors.ts';
import type { Database } from '../storage/database.ts';
import { type ChangePage, readChanges } from './changes.ts';
import { outboxChannel, sayListening } from './triggers.ts';

/** What a relay writes: changes, a gap before them or not, and the cursor after them. */
export interface RelayPage extends ChangePage {
  readonly hasGap: boolean;
}

/** One connection to where a relay writes. It is not repaired: a failure ends it. */
export interface RelayTarget {
  connect(): Promise<void>;
  /** The cursor of the last page that was written; null: unknown. */
  cursor(): Promise<string | null>;
  /** All or nothing. `isUpToDate`: there are no changes, and none before now were left out. */
  write(page: RelayPage, isUpToDate: boolean): Promise<void>;
  disconnect(): void;
}

/** Options of {@link startRelay}. */
export interface RelayOptions {
  readonly database: Database;
  /** The service's SQL schema; in capitals it is the `kind` of what is written. */
  readonly schema: string;
  /** Where it writes, as relays of the same outbox name it: `redis`, `kafka`. */
  readonly target: string;
  /** Creates a connection. */
  readonly open: (schema: string) => RelayTarget;
  readonly clock: Clock;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
}

/** A running relay. */
export interface Relay {
  /** Stops it and closes its connection. */
  stop(): Promise<void>;
}

/** How often an idle relay reads the outbox and says that it is alive, in milliseconds. */
const ALIVE_MS = 500;
/** How long writers notify a relay that does not say again that it listens, in milliseconds. */
const LISTENING_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

/**
 * Starts at once and never fails: without database or target it retries after growing pauses of at
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
  const { clock, database, schema, target } = options;
  const stream = options.open(schema);
  const wakeSignal: WakeSignal = { wake: new AbortController(), broken: null };
  let unlisten = () => {};
  try {
    const lost = (error: Error) => {
      wakeSignal.broken = error;
      wakeSignal.wake.abort();
    };
    const heard = () => wakeSignal.wake.abort();
    const lock = `relay of ${schema} to ${target}`;
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
