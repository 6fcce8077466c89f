// How every part connects to Redis. Nothing is queued while there is no connection: a command
// rejects at once.
import { Redis, type RedisOptions } from 'ioredis';
import { type LiveUrl, urlOf } from './live-url.ts';

/** Connect timeout in milliseconds. */
const CONNECT_MS = 2_000;
/**
 * A session that waits for an answer and receives nothing for this time (milliseconds) is dead; a
 * blocking read takes at most a second.
 */
const DEAD_MS = 4_000;
/** How long the server may take to close, in milliseconds. */
const GOODBYE_MS = 100;

/**
 * A connection that is not repaired: once it is lost, every command rejects, and its owner makes a
 * new one.
 */
export function createRedisSession(url: LiveUrl, name: string): Redis {
  return connect(url, name, {
    lazyConnect: true,
    retryStrategy: null,
    autoResendUnfulfilledCommands: false,
    socketTimeout: DEAD_MS,
    disconnectTimeout: GOODBYE_MS,
  });
}

/**
 * Connects a session. Rejects with what the server said, such as WRONGPASS, where the client itself
 * only says that the connection is closed.
 */
export async function connectSession(redis: Redis): Promise<void> {
  let said: unknown;
  redis.once('error', (error) => {
    said = error;
  });
  await redis.connect().catch((error: unknown) => {
    throw said ?? error;
  });
}

/**
 * A client that connects now, and again, with the address of then, after a lost connection, one
 * that carries nothing more, or one to a server that has become a replica. `commandMs`: timeout of
 * one command in milliseconds.
 */
export function createRedisClient(url: LiveUrl, name: string, commandMs: number): Redis {
  const redis = connect(url, name, {
    maxRetriesPerRequest: 0,
    commandTimeout: commandMs,
    socketTimeout: 2 * commandMs,
    reconnectOnError: (error) => (isReplicaNow(error) ? RESEND : false),
    retryStrategy(attempt) {
      Object.assign(redis.options, placeIn(urlOf(url)));
      return Math.min(100 * attempt, CONNECT_MS);
    },
  });
  return redis;
}

/** What ioredis reads in an address, for its next connection; this one never connects. */
function placeIn(url: string): object {
  const { host, port, username, password } = new Redis(url, { lazyConnect: true }).options;
  return { host, port, username, password };
}

/** What ioredis understands as: connect again, and send the command again. */
const RESEND = 2;

/** After a failover the address may lead to another server; the connection leads to the old one. */
function isReplicaNow({ message }: Error): boolean {
  return message.startsWith('READONLY');
}

/** `name`: shown in Redis' list of clients. */
function connect(url: LiveUrl, name: string, options: Omit<RedisOptions, 'replyMapping'>): Redis {
  const redis = new Redis(urlOf(url), {
    ...options,
    enableOfflineQueue: false,
    connectTimeout: CONNECT_MS,
    protocol: 2,
    disableClientInfo: true,
    connectionName: name,
  });
  // Every failure reaches the caller through its command; without a listener ioredis writes to the
  // console.
  redis.on('error', () => undefined);
  return redis;
}
