// The connections of the CDC feed: one streams the outbox tables' inserts from PostgreSQL's log (15
// or later, wal_level=logical); the other creates publications and sends our own messages through
// the log. The replication slot is temporary and belongs to the streaming connection: it ends with
// it, so a replica that died never makes the server keep its log. What is written while there is no
// connection is lost to us, and is reported as a gap.
import { Socket } from 'node:net';
import pg from 'pg';
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from 'pg-logical-replication';
import { Inbox } from './inbox.ts';

const CONNECT_MS = 2_000;
const QUERY_MS = 3_000;

/**
 * A message from the log: a row of a table, or our own message, which arrives after everything
 * committed before it.
 */
export type Logged =
  | { readonly schema: string; readonly row: Readonly<Record<string, unknown>> }
  | { readonly lsn: string };

/** A running stream. */
export interface Replication {
  readonly inbox: Inbox<Logged>;
  /**
   * Sends our own message. It arrives (with its `lsn`) after everything that was committed before.
   */
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
  return {
    inbox,
    async wake() {
      // Not transactional, so it uses no transaction id. The server sends it within a fraction of a
      // second.
      await control.query("SELECT pg_logical_emit_message(false, $1, '')", [slot]);
    },
    acknowledge: (lsn) => void service.acknowledge(lsn).catch((error: unknown) => inbox.fail(error)),
  };
}

/**
 * The publication of the schema's outbox. It is created if it is missing, or if its table was
 * replaced. Returns its name.
 */
async function publish(control: pg.Client, schema: string): Promise<string> {
  const name = `calendar_${schema}`;
  const { rowCount } = await control.query(
    "SELECT FROM pg_publication_tables WHERE pubname = $1 AND schemaname = $2 AND tablename = 'outbox'",
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
    if (message.tag === 'insert') inbox.put({ schema: message.relation.schema, row: message.new });
    else if (message.tag === 'message' && message.prefix === slot) inbox.put({ lsn });
  });
  const plugin = new TemporarySlot({ protoVersion: 1, publicationNames, messages: true });
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
