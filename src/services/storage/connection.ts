// A connection to PostgreSQL whose loss is never an uncaught exception: while it connects, waits in
// a pool, runs a statement, holds a transaction open, or ends.
import type { Socket } from 'node:net';
import pg from 'pg';

/** The kernel asks the other side after so many idle milliseconds, instead of two hours. */
const KEEP_ALIVE_MS = 10_000;

/** A `pg.Client` that always has an `error` listener. */
export class Connection extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    super({ ...config, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS });
    // Running statements reject when the connection is lost; the event reports it once more. An
    // `error` event without a listener would end the process.
    this.on('error', () => undefined);
  }

  /** Drops the connection without a word to the other side, which may not be there. */
  abandon(): void {
    const { connection } = this as unknown as { readonly connection: { readonly stream: Socket } };
    connection.stream.destroy();
  }
}
