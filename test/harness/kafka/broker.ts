// A real Kafka broker (KRaft, one node) on free ports, with its own files, which survive a restart.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Admin } from '@platformatic/kafka';
import { EVENT_KINDS } from '../../../src/event-kinds.ts';
import { freePort } from '../free-port.ts';
import { end, launch, type RealServer, signalTree } from '../server-process.ts';
import { JAVA, javaCommand } from './java.ts';

export { JAVA };

const run = promisify(execFile);

/** A broker; `url` is its host:port. */
export interface KafkaBroker extends RealServer {
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** A client that administers it; the caller closes it. */
  admin(): Admin;
}

/** Starts one; takes about five seconds. */
export async function startKafka(): Promise<KafkaBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-'));
  const [port, controller] = [await freePort(), await freePort()];
  const file = join(folder, 'server.properties');
  await writeFile(file, settings(folder, port, controller));
  const [format, formatArgs] = await javaCommand('kafka.tools.StorageTool', [
    'format',
    '--standalone',
    '-t',
    ID,
    '-c',
    file,
  ]);
  await run(format, formatArgs);
  const [java, args] = await javaCommand('kafka.Kafka', [file], 384);
  const url = `127.0.0.1:${port}`;
  const admin = () => new Admin({ clientId: 'tests', bootstrapBrokers: [url], retries: 0, requestTimeout: 5_000 });
  const start = () => launch(java, args, { cwd: folder }, () => answers(admin), 60_000);
  let server = await start();
  return {
    url,
    admin,
    stop: () => end(server, 'SIGTERM'),
    kill: () => end(server, 'SIGKILL'),
    async start() {
      server = await start();
    },
    freeze: () => signalTree(server.pid ?? 0, 'SIGSTOP'),
    thaw: () => signalTree(server.pid ?? 0, 'SIGCONT'),
    async close() {
      await end(server, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The setting KAFKA_TOPICS for topics that begin with this. */
export function topicsOf(prefix: string): string {
  return EVENT_KINDS.map((kind) => `${kind}=${prefix}.${kind.toLowerCase()}.outbox`).join();
}

/** Creates the topics of {@link topicsOf}. */
export async function createTopics(broker: KafkaBroker, prefix: string): Promise<void> {
  const admin = broker.admin();
  const topics = EVENT_KINDS.map((kind) => `${prefix}.${kind.toLowerCase()}.outbox`);
  await admin.createTopics({ topics, partitions: 1, replicas: 1 });
  await admin.close();
}

/** Of the cluster: any UUID in base64. */
const ID = 'AAAAAAAAQACAAAAAAAAAAQ';

function settings(folder: string, port: number, controller: number): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
    'log.dirs': join(folder, 'log'),
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'log.cleaner.dedupe.buffer.size': 2 ** 21,
    'group.initial.rebalance.delay.ms': 0,
    'log.retention.check.interval.ms': 1_000,
    'file.delete.delay.ms': 100,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function answers(admin: () => Admin): Promise<boolean> {
  const client = admin();
  try {
    await client.listTopics();
    return true;
  } catch {
    return false;
  } finally {
    await client.close().catch(() => undefined);
  }
}
