// The port to SQL: the same statements run on the embedded database and on PostgreSQL. Every
// statement is published on the diagnostics channel `calendar:sql`.
import { publish } from '../../diagnostics.ts';

/** Runs statements, one after the other, in a transaction or outside. */
export interface Statements {
  /**
   * One statement with `$1`, `$2` … parameters; returns its rows. Their type is not checked.
   * Instants are RFC 3339 text and whole numbers `int` in both directions, because drivers differ
   * in everything else.
   */
  query<Row extends object>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** Several statements in one text, without parameters or rows. */
  script(sql: string): Promise<void>;
}

/**
 * A database of one or more services, each in its own SQL schema. Only transactions and scripts may
 * write: reads have connections of their own.
 */
export interface Database extends Statements {
  /**
   * Commits when `run` resolves, rolls back when it rejects. Use nothing but `tx` inside: the
   * database may be one connection.
   */
  transaction<T>(run: (tx: Statements) => Promise<T>): Promise<T>;
  /**
   * Calls `heard` for every NOTIFY on the channel, from when this resolves until the returned
   * function is called; `lost` when the connection ended by itself and nothing more is received.
   */
  listen(channel: string, heard: () => void, lost: (error: Error) => void): Promise<() => void>;
  /**
   * The same database for one call that has so many milliseconds: what takes longer is cancelled
   * and rejects with UNAVAILABLE. A transaction whose time is over is not committed. The embedded
   * database cannot cancel. `writer` is who writes, for `written_by` of the rows; null: nobody in
   * particular.
   */
  within(ms: number, writer?: string | null): Database;
  /** Ends the connections. */
  close(): Promise<void>;
}

/** Publishes a statement that is about to run. */
export function publishStatement(sql: string): void {
  publish('calendar:sql', { sql });
}
