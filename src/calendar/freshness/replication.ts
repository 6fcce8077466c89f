// The connections of the CDC feed: one streams the outbox tables' inserts from PostgreSQL's log (15
// or later, wal_level=logical); the other creates publications and inserts heartbeats into the
// outbox tables: their arrival shows that the publications publish them, and that all rows before
// them arrived. The replication slot is temporary and belongs to the streaming connection: it ends
// with it, so a replica that died never makes the server keep its log. What is written while there
// is no connection is lost to us, and is reported as a gap.
import { Socket } from 'node:net';
import pg from 'pg';
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from 'pg-logical-replication';
import { HEARTBEAT_AUDIENCE } from './feed.ts';
import { Inbox } from './inbox.ts';

const CONNECT_MS = 2_000;
const QUERY_MS = 3_000;

/**
 * A row of a schema's outbox, or our own heartbeat in it, which arrives after everything committed
 * before it. Heartbeats of others are left out.
 */
export type Logged =
  | { readonly schema: string; readonly row: Readonly<Record<string, unknown>> }
  | { readonly schema: string; readonly lsn: string };

/** A running stream. */
export interface Replication {
  readonly inbox: Inbox<Logged>;
  /** Inserts a heartbeat into every outbox, in one transaction. */
  wake(): Promise<void>;
  /** Confirms the log up to here: the server may remove it. */
  acknowledge(lsn: string): void;
}

/** Opens connections, and closes all of them at once, even when the server no longer responds. */
export class Connections {
  readonly #sockets: Socket[] = [];
  readonly #url: string;
  #isHungUp = false;

  constructor(url: string) {
    this.#url = url;
  }

  /** Options of both kinds of client. */
  config(): pg.ClientConfig {
    return {
      connectionString: this.#url,
      connectionTimeoutMillis: CONNECT_MS,
      application_name: 'calendar-feed',
      stream: () => {
        if (this.#isHungUp) throw new Error('hung up already');
        const socket = new Socket();
        this.#sockets.push(socket);
        return socket;
      },
    };
  }

  close(): void {
    this.#isHungUp = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}

/**
 * Streams the inserts into `<schema>.outbox` of each schema from when this resolves. `slot`:
 * unique, [a-z0-9_].
 */
export async function replicate(
  connections: Connections,
  slot: string,
  schemas: readonly string[],
): Promise<Replication> {
  const inbox = new Inbox<Logged>();
  const control = new pg.Client({ ...connections.config(), query_timeout: QUERY_MS });
  control.on('error', (error) => inbox.fail(error));
  await control.connect();
  const publications = [];
  for (const schema of schemas) publications.push(await publish(control, schema));
  const service = await stream(connections, slot, publications, inbox);
  const heartbeats = schemas
    .map((schema) => `INSERT INTO ${schema}.outbox (ern, audience) VALUES ('${slot}', '${HEARTBEAT_AUDIENCE}')`)
    .join(';');
  return {
    inbox,
    async wake() {
      await control.query(heartbeats);
    },
    acknowledge: (lsn) => void service.acknowledge(lsn).catch((error: unknown) => inbox.fail(error)),
  };
}

/**
 * The publication of the schema's outbox. It is replaced unless it publishes every column of every
 * row that is inserted into the table. Returns its name.
 */
async function publish(control: pg.Client, schema: string): Promise<string> {
  const name = `calendar_${schema}`;
  const { rowCount } = await control.query(
    `SELECT FROM pg_publication_tables t JOIN pg_publication p USING (pubname)
     WHERE pubname = $1 AND schemaname = $2 AND tablename = 'outbox' AND pubinsert AND rowfilter IS NULL
       AND cardinality(attnames) = (SELECT count(*) FROM pg_attribute
         WHERE attrelid = format('%I.outbox', $2::text)::regclass AND attnum > 0 AND NOT attisdropped)`,
    [name, schema],
  );
  if (rowCount !== 0) return name;
  await control.query(`
    DROP PUBLICATION IF EXISTS ${name};
    CREATE PUBLICATION ${name} FOR TABLE ${schema}.outbox WITH (publish = 'insert')`);
  return name;
}

/** Resolves when the stream has started. A later end or failure goes to the inbox. */
async function stream(connections: Connections, slot: string, publicationNames: string[], inbox: Inbox<Logged>) {
  const service = new LogicalReplicationService(connections.config(), {
    acknowledge: { auto: false, timeoutSeconds: 0 },
  });
  // The library listens for errors of its connection only after it has connected, and a connection
  // may be terminated in that moment.
  const client = async () => {
    const streaming = new pg.Client({ ...connections.config(), replication: 'database' } as pg.ClientConfig);
    streaming.on('error', (error) => inbox.fail(error));
    await streaming.connect();
    const { connection } = streaming as unknown as { connection: object };
    Object.assign(service, { _client: streaming, _connection: connection });
    return [streaming, connection];
  };
  Object.assign(service, { client });
  service.on('error', (error) => inbox.fail(error));
  service.on('data', (lsn, message: Pgoutput.Message) => {
    if (message.tag !== 'insert') return;
    const { relation, new: row } = message;
    if (row.audience !== HEARTBEAT_AUDIENCE) inbox.put({ schema: relation.schema, row });
    else if (row.ern === slot) inbox.put({ schema: relation.schema, lsn });
  });
  const plugin = new TemporarySlot({ protoVersion: 1, publicationNames });
  const begun = new Promise<void>((resolve) => {
    service.on('start', resolve);
  });
  const ended = service.subscribe(plugin, slot).then(() => {
    throw new Error('the server ended the stream');
  });
  ended.catch((error: unknown) => inbox.fail(error));
  await Promise.race([begun, ended]);
  return service;
}

/** Creates its slot on this connection. This waits until running transactions have ended. */
class TemporarySlot extends PgoutputPlugin {
  override async start(client: pg.Client, slotName: string): Promise<unknown> {
    await client.query(`CREATE_REPLICATION_SLOT "${slotName}" TEMPORARY LOGICAL pgoutput (SNAPSHOT 'nothing')`);
    return super.start(client, slotName, '0/0');
  }
}
