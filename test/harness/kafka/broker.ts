// A real Kafka broker (KRaft, one node) on free ports, with its own files, which survive a restart.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Admin } from '@platformatic/kafka';
import { EVENT_KINDS } from '../../../src/event-kinds.ts';
import { freePort } from '../free-port.ts';
import { launch, type RealServer, startControlled } from '../server-process.ts';
import { JAVA, javaCommand } from './java.ts';

export { JAVA };

const run = promisify(execFile);

/** User and password of the encrypted listener, for PLAIN and SCRAM-SHA-512. */
export const USER = { username: 'calendar', password: 'secret' } as const;

/** A broker; `url` is its host:port. */
export interface KafkaBroker extends RealServer {
  /** Where it wants TLS and a password. `ca`: its own certificate, as PEM. */
  readonly secure: { readonly url: string; readonly ca: string };
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** A client that administers it; the caller closes it. */
  admin(): Admin;
}

/** Starts one; takes about five seconds. */
export async function startKafka(): Promise<KafkaBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-'));
  const [port, controller, secure] = [await freePort(), await freePort(), await freePort()];
  const ca = await writeCertificate(folder);
  const file = join(folder, 'server.properties');
  await writeFile(file, settings(folder, { PLAINTEXT: port, CONTROLLER: controller, SASL_SSL: secure }));
  const [format, formatArgs] = await javaCommand('kafka.tools.StorageTool', [
    ...['format', '--standalone', '-t', ID, '-c', file],
    ...['--add-scram', `SCRAM-SHA-512=[name=${USER.username},password=${USER.password}]`],
  ]);
  await run(format, formatArgs);
  const [java, args] = await javaCommand('kafka.Kafka', [file], 384);
  const url = `127.0.0.1:${port}`;
  const admin = () => new Admin({ clientId: 'tests', bootstrapBrokers: [url], retries: 0, requestTimeout: 5_000 });
  const start = () => launch(java, args, { cwd: folder }, () => answers(admin), 60_000);
  const server = await startControlled({ start, stopWith: 'SIGTERM', closeWith: 'SIGKILL', folder });
  return {
    url,
    secure: { url: `localhost:${secure}`, ca },
    admin,
    ...server,
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

function settings(folder: string, ports: Readonly<Record<string, number>>): string {
  const hostOf = (name: string) => (name === 'SASL_SSL' ? 'localhost' : '127.0.0.1');
  const listeners = Object.entries(ports).map(([name, port]) => `${name}://${hostOf(name)}:${port}`);
  const login = 'org.apache.kafka.common.security';
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: listeners.join(),
    'advertised.listeners': listeners.join(),
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_${USER.username}="${USER.password}";`,
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `${login}.scram.ScramLoginModule required;`,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(folder, 'server.pem'),
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${ports.CONTROLLER}`,
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

/** A key and a certificate of localhost that signs itself; returns the certificate. */
async function writeCertificate(folder: string): Promise<string> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', certificate];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files]);
  const pem = await readFile(certificate, 'utf8');
  await writeFile(join(folder, 'server.pem'), (await readFile(key, 'utf8')) + pem);
  return pem;
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
