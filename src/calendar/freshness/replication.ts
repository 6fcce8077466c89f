// The wire under the CDC feed: one connection that streams the outbox tables' inserts out of
// PostgreSQL's log (15 or later, wal_level=logical), and one that prepares publications and sends
// ourselves messages through the log. The slot is temporary, made on the streaming connection
// itself: it is gone with it, so that no replica that has died makes the server keep its log
// forever. What is written while there is no connection is lost to us: a gap, said as one.
import { Socket } from 'node:net';
import pg from 'pg';
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from 'pg-logical-replication';
import { Inbox } from './inbox.ts';

const CONNECT_MS = 2_000;
const QUERY_MS = 3_000;

/**
 * What comes out of the log: a row of a table, or word that everything before our message has come.
 */
export type Logged =
  | { readonly schema: string; readonly row: Readonly<Record<string, unknown>> }
  | { readonly lsn: string };

/** A running stream. */
export interface Replication {
  readonly inbox: Inbox<Logged>;
  /**
   * Sends ourselves a message; it comes out of the log (as `lsn`) after everything that was
   * committed before.
   */
  wake(): Promise<void>;
  /** The log up to here is ours no more: the server may drop it. */
  acknowledge(lsn: string): void;
}

/**
 * Connections as they are needed, to be hung up together: at once, even when the other side is
 * frozen.
 */
export class Connections {
  readonly #sockets: Socket[] = [];
  readonly #url: string;
  #isHungUp = false;

  constructor(url: string) {
    this.#url = url;
  }

  /** What both kinds of client take. */
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
 * Streams what is inserted into `<schema>.outbox` of each schema from when this resolves. `slot`:
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
      // Not transactional: it takes no transaction number. The server's log writer sends it on
      // within a fraction of a second.
      await control.query("SELECT pg_logical_emit_message(false, $1, '')", [slot]);
    },
    acknowledge: (lsn) => void service.acknowledge(lsn).catch((error: unknown) => inbox.fail(error)),
  };
}

/**
 * The publication of the schema's outbox; made if missing, and anew if its table was. Gives its
 * name.
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

/** Resolves when the stream has begun; its end or failure, then or later, is the inbox's. */
async function stream(connections: Connections, slot: string, publicationNames: string[], inbox: Inbox<Logged>) {
  const service = new LogicalReplicationService(connections.config(), {
    acknowledge: { auto: false, timeoutSeconds: 0 },
  });
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

/** Makes its slot where it reads from it. That waits for transactions already running to end. */
class TemporarySlot extends PgoutputPlugin {
  override async start(client: pg.Client, slotName: string): Promise<unknown> {
    await client.query(`CREATE_REPLICATION_SLOT "${slotName}" TEMPORARY LOGICAL pgoutput (SNAPSHOT 'nothing')`);
    return super.start(client, slotName, '0/0');
  }
}
