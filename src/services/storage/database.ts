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

/** Who listens to what. */
export interface Listening {
  readonly channel: string;
  /** The name of the lock of this database that the listener has. */
  readonly lock: string;
  /** Called for every NOTIFY on the channel. */
  readonly heard: () => void;
  /** Called when the connection ended by itself, and nothing more is received. */
  readonly lost: (error: Error) => void;
  readonly signal: AbortSignal;
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
   * Listens to NOTIFY, alone: of all that give the same `lock` the others wait until the one that
   * listens has ended, or its connection has. Resolves when it listens, until the returned function
   * is called; rejects when the signal ends before.
   */
  listen(options: Listening): Promise<() => void>;
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
