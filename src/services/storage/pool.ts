// A pool of connections on which every call ends by a deadline: PostgreSQL cancels a statement that
// waits or runs too long, and a connection that carries nothing more is replaced, with all others
// that were opened before it fell silent.
import pg from 'pg';
import type { Clock } from '../../clock.ts';
import { type LiveUrl, urlOf } from '../../live-url.ts';
import { Connection } from './connection.ts';
import { publishStatement, type Statements } from './database.ts';
import { isConnectionLost, isSilent } from './lost-connection.ts';

/** Returns how many milliseconds a call has left; throws when there are none. */
export type TimeLeft = () => number;

const CONNECT_MS = 5_000;
/** A connection is a process in PostgreSQL: connections are kept open for five minutes. */
const IDLE_MS = 300_000;
/** Connections that have not ended after this time are dropped. */
const CLOSE_MS = 2_000;
/**
 * A statement that PostgreSQL should have cancelled this long ago (milliseconds) is on a connection
 * that carries nothing more.
 */
const SILENT_MS = 500;
/**
 * Limits are rounded up to a multiple of this (milliseconds), so that a connection seldom needs
 * another one.
 */
const STEP_MS = 100;

/**
 * PostgreSQL makes a hash table only if it expects it to fit in this, and otherwise reads all rows
 * again for each row; of a table that it has not analysed yet it expects too much. No statement
 * takes so much.
 */
const WORK_MEM = "'64MB'";

/** How often a connection to one server fell silent. */
export interface Silence {
  count: number;
}

/** What a call does with its connection. */
export type Work<T> = (client: pg.PoolClient, statements: Statements) => Promise<T>;

/** Errors are those of the driver. */
export class DeadlinePool {
  readonly #pool: pg.Pool;
  /**
   * For each connection: its `statement_timeout`, and how often others had fallen silent before.
   */
  readonly #states = new WeakMap<pg.PoolClient, { limitMs: number; silence: number }>();
  readonly #silence: Silence;
  readonly #clock: Clock;
  readonly #open = new Set<Connection>();

  /** Connects at the first call. `connections`: maximum number. */
  constructor(url: LiveUrl, connections: number, silence: Silence, clock: Clock) {
    this.#silence = silence;
    this.#clock = clock;
    this.#pool = new pg.Pool({
      Client: connectionTo(url),
      max: connections,
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: IDLE_MS,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the
    // process.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => this.#open.add(client as unknown as Connection));
    this.#pool.on('remove', (client) => this.#open.delete(client as unknown as Connection));
  }

  /** Runs `work` on a connection of its own. */
  async use<T>(timeLeft: TimeLeft, work: Work<T>): Promise<T> {
    const client = await this.#connect();
    let failure: unknown;
    try {
      await this.#limit(client, timeLeft);
      return await work(client, statementsOn(client, timeLeft));
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      if (isSilent(failure)) this.#silence.count += 1;
      client.release(isConnectionLost(failure));
    }
  }

  /** Ends the connections, also those that carry nothing more. */
  async close(): Promise<void> {
    const cancel = this.#clock.after(CLOSE_MS, () => {
      for (const connection of this.#open) connection.abandon();
    });
    await this.#pool.end();
    cancel();
  }

  /** A connection that was opened after the last one fell silent. */
  async #connect(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await this.#pool.connect();
      const state = this.#states.get(client);
      if (state === undefined) this.#states.set(client, { limitMs: 0, silence: this.#silence.count });
      if (state === undefined || state.silence === this.#silence.count) return client;
      client.release(true);
    }
  }

  /**
   * A statement that waits for a lock gives up halfway, so that it does not keep the connection.
   */
  async #limit(client: pg.PoolClient, timeLeft: TimeLeft): Promise<void> {
    const limitMs = Math.ceil(timeLeft() / STEP_MS) * STEP_MS;
    const state = this.#states.get(client);
    if (state === undefined || state.limitMs === limitMs) return;
    // Compiling a statement of ours to machine code, or remembering rows that it looks up once,
    // takes longer than running it. Texts of dates have one form, whatever the server prefers.
    const settings = `SET jit = off; SET enable_memoize = off; SET datestyle = ISO; SET work_mem = ${WORK_MEM}`;
    const text = `${settings}; SET statement_timeout = ${limitMs}; SET lock_timeout = ${limitMs / 2}`;
    await control(client, text, limitMs);
    state.limitMs = limitMs;
  }
}

/** The pool makes its connections itself, with this class. */
function connectionTo(url: LiveUrl): typeof Connection {
  return class extends Connection {
    constructor(config: pg.ClientConfig = {}) {
      super({ ...config, connectionString: urlOf(url) });
    }
  };
}

/** Runs a statement about the session, which PostgreSQL should end within `limitMs`. */
export async function control(client: pg.PoolClient, text: string, limitMs: number): Promise<void> {
  await client.query(limited(text, [], limitMs));
}

/** The driver knows `query_timeout` of one query, but its types do not. */
function limited(text: string, values: unknown[], limitMs: number): pg.QueryConfig {
  return { text, values, query_timeout: limitMs + STEP_MS + SILENT_MS } as pg.QueryConfig;
}

function statementsOn(client: pg.PoolClient, timeLeft: TimeLeft): Statements {
  const run = <Row extends pg.QueryResultRow>(text: string, values: unknown[]) => {
    publishStatement(text);
    return client.query<Row>(limited(text, values, timeLeft()));
  };
  return {
    async query<Row extends object>(sql: string, params: readonly unknown[] = []) {
      return (await run<Row>(sql, [...params])).rows;
    },
    async script(sql) {
      await run(sql, []);
    },
  };
}
