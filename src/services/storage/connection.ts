// One connection to PostgreSQL whose loss is never an uncaught exception, at any moment of its
// life: while it connects, waits in a pool, runs a statement, holds a transaction open between two
// statements, or ends.
import pg from 'pg';

/** A `pg.Client` that always has an `error` listener. */
export class Connection extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    super({ ...config, keepAlive: true });
    // What runs on the connection rejects when the connection is lost, and the event says the same
    // once more. An `error` event without a listener would end the process.
    this.on('error', () => undefined);
  }
}
