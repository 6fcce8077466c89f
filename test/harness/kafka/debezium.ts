// Debezium on a real Kafka Connect (standalone), with the connector and the SQL of deploy/debezium.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { request } from 'undici';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';
import { launch, type RealServer, startControlled } from '../server-process.ts';
import { javaCommand } from './java.ts';

const DEPLOY = fileURLToPath(new URL('../../../deploy/debezium/', import.meta.url));

/** The SQL that an operator runs before (`prepare.sql`) or after (`remove.sql`). */
export async function runSql(postgres: string, file: 'prepare.sql' | 'remove.sql'): Promise<void> {
  const client = new pg.Client({ connectionString: postgres });
  await client.connect();
  for (const statement of (await readFile(DEPLOY + file, 'utf8')).split(/;\n/)) await client.query(statement);
  await client.end();
}

/** A worker with the connector; it is up when the connector's task runs, or has failed. */
export interface Debezium extends RealServer {
  /** RUNNING, or FAILED and why. */
  state(): Promise<string>;
  /**
   * Forgets how far it has read, as an operator does after a lost slot; `meanwhile` it is stopped.
   */
  forget(meanwhile: () => Promise<unknown>): Promise<void>;
}

/** Starts a worker with the connector; `settings` replace those of connector.json. */
export async function startDebezium(
  broker: string,
  postgres: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Debezium> {
  const folder = await mkdtemp(join(tmpdir(), 'connect-'));
  const port = await freePort();
  const [worker, connector] = [join(folder, 'worker.properties'), join(folder, 'connector.json')];
  await writeFile(worker, workerSettings(folder, broker, port));
  const { hostname, port: databasePort, pathname } = new URL(postgres);
  const { name, config } = JSON.parse(await readFile(`${DEPLOY}connector.json`, 'utf8')) as Connector;
  const ours = {
    'database.hostname': hostname,
    'database.port': databasePort,
    'database.dbname': pathname.slice(1),
    'database.password': 'choose one',
    'topic.creation.default.replication.factor': '1',
    ...settings,
  };
  await writeFile(connector, JSON.stringify({ name, config: { ...config, ...ours } }));
  const [java, args] = await javaCommand('org.apache.kafka.connect.cli.ConnectStandalone', [worker, connector]);
  const start = () => launch(java, args, { cwd: folder }, async () => (await stateOf(port, name)) !== '', 60_000);
  const server = await startControlled({ start, stopWith: 'SIGTERM', closeWith: 'SIGKILL', folder });
  return {
    url: `http://127.0.0.1:${port}`,
    state: () => stateOf(port, name),
    async forget(meanwhile) {
      const ask = async (method: 'PUT' | 'DELETE', path: string) => {
        const { statusCode, body } = await request(`http://127.0.0.1:${port}/connectors/${name}/${path}`, { method });
        await body.dump();
        return statusCode < 300;
      };
      await ask('PUT', 'stop');
      await eventually('the offsets are deleted', () => ask('DELETE', 'offsets'));
      await meanwhile();
      await ask('PUT', 'resume');
    },
    ...server,
  };
}

interface Connector {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

function workerSettings(folder: string, broker: string, port: number): string {
  return Object.entries({
    'bootstrap.servers': broker,
    listeners: `http://127.0.0.1:${port}`,
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.file.filename': join(folder, 'offsets'),
    'offset.flush.interval.ms': 1_000,
    'plugin.discovery': 'only_scan',
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** The state of the connector's task; empty while there is none. */
async function stateOf(port: number, name: string): Promise<string> {
  try {
    const { body } = await request(`http://127.0.0.1:${port}/connectors/${name}/status`);
    const { tasks = [] } = (await body.json()) as { tasks?: { state: string; trace?: string }[] };
    return tasks.map(({ state, trace = '' }) => `${state} ${trace}`.trim()).join(' ');
  } catch {
    return '';
  }
}
