// How every part connects to Kafka. A client is not repaired: once a request fails, its owner makes
// a new one. The library is loaded at the first use, because it needs half a second and 50 MB.
import type { BaseOptions, Consumer, Producer } from '@platformatic/kafka';

/** User and password, and how they are sent. */
export interface KafkaSasl {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

/** How to connect. */
export interface KafkaSettings {
  /** `host:port` of one or more brokers, which name the others. */
  readonly brokers: readonly string[];
  /** False: in clear. `ca`: an authority instead of the known ones, as PEM. */
  readonly tls: false | { readonly ca?: string };
  /** Absent: no sign-in. */
  readonly sasl?: KafkaSasl | undefined;
}

/** Connect timeout in milliseconds. */
const CONNECT_MS = 2_000;
/** How long a broker may hold back the answer to a read while there is nothing, in milliseconds. */
export const KAFKA_WAIT_MS = 500;
/** A request without an answer after this time (milliseconds) has failed. */
const REQUEST_MS = KAFKA_WAIT_MS + 1_500;
/** Maximum size of one answer, and of one partition in it, in bytes. */
const ANSWER_BYTES = 4 * 2 ** 20;

/** A client that reads. It joins no consumer group. `name`: shown in the brokers' logs. */
export async function openKafkaReader(settings: KafkaSettings, name: string): Promise<Consumer> {
  const library = await import('@platformatic/kafka');
  // The library wants the name of a group, but reading with positions of one's own sends none.
  const options = { ...optionsOf(settings, name), groupId: name, maxWaitTime: KAFKA_WAIT_MS, maxBytes: ANSWER_BYTES };
  return listening(new library.Consumer(options));
}

/** A client that writes; every write has reached all replicas in sync when it resolves. */
export async function openKafkaWriter(settings: KafkaSettings, name: string): Promise<Producer> {
  const library = await import('@platformatic/kafka');
  return listening(new library.Producer({ ...optionsOf(settings, name), acks: library.ProduceAcks.ALL }));
}

function optionsOf({ brokers, tls, sasl }: KafkaSettings, name: string): BaseOptions {
  return {
    clientId: name,
    bootstrapBrokers: [...brokers],
    connectTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    timeout: REQUEST_MS,
    retries: 0,
    autocreateTopics: false,
    ...(tls !== false && { tls, tlsServerName: true }),
    ...(sasl !== undefined && { sasl }),
  };
}

/** A connection that fails twice would end the process if nothing listened. */
function listening<Client extends Consumer | Producer>(client: Client): Client {
  client.connections.on('connecting', ({ connection }) => connection.on('error', () => undefined));
  return client;
}
