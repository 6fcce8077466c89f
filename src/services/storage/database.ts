// The port to SQL: the same statements run on the embedded database and on PostgreSQL. Every
// statement is published on the diagnostics channel `calendar:sql`, so that tests and metrics can
// count them.
import { publish } from '../../diagnostics.ts';

/** Runs statements, one after the other; inside a transaction or on its own. */
export interface Statements {
  /**
   * One statement with `$1`, `$2` … parameters; gives its rows. The row type is the statement's
   * promise, not checked. Instants go in and come out as RFC 3339 text, whole numbers as `int`:
   * drivers differ in everything else.
   */
  query<Row extends object>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** Several statements in one text, without parameters or rows. */
  script(sql: string): Promise<void>;
}

/** A database one or more services live in, each in an SQL schema of its own. */
export interface Database extends Statements {
  /**
   * Commits when `run` resolves, rolls back when it rejects. Use nothing but `tx` inside: the
   * database may be one connection.
   */
  transaction<T>(run: (tx: Statements) => Promise<T>): Promise<T>;
  /**
   * Calls `heard` whenever NOTIFY says something on the channel, from when this resolves until the
   * answer is called; `lost` when the connection has ended by itself: then nothing more is heard.
   * Gives what ends it.
   */
  listen(channel: string, heard: () => void, lost: (error: Error) => void): Promise<() => void>;
  /** Ends the connections. */
  close(): Promise<void>;
}

/** Tells subscribers of a statement that is about to run. */
export function publishStatement(sql: string): void {
  publish('calendar:sql', { sql });
}
