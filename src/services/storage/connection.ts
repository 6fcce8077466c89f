// A connection to PostgreSQL whose loss is never an uncaught exception: while it connects, waits in
// a pool, runs a statement, holds a transaction open, or ends.
import pg from 'pg';

/** A `pg.Client` that always has an `error` listener. */
export class Connection extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    super({ ...config, keepAlive: true });
    // Running statements reject when the connection is lost; the event reports it once more. An
    // `error` event without a listener would end the process.
    this.on('error', () => undefined);
  }
}
