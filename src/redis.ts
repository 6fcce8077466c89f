// How every part connects to Redis. Nothing is queued while there is no connection: a command
// rejects at once.
import { Redis, type RedisOptions } from 'ioredis';

/** Most milliseconds to connect. */
const CONNECT_MS = 2_000;
/**
 * A session with a command open that receives nothing for so long (milliseconds) is dead; a read
 * blocks for a second at most.
 */
const DEAD_MS = 4_000;
/** Most milliseconds that a server may take to say goodbye. */
const GOODBYE_MS = 100;

/**
 * A connection that is not repaired: once it is lost, every command rejects, and its owner makes a
 * new one.
 */
export function createRedisSession(url: string, name: string): Redis {
  return connect(url, name, {
    lazyConnect: true,
    retryStrategy: null,
    autoResendUnfulfilledCommands: false,
    socketTimeout: DEAD_MS,
    disconnectTimeout: GOODBYE_MS,
  });
}

/**
 * A client that connects now and again whenever its connection is lost. `commandMs`: most
 * milliseconds of one command.
 */
export function createRedisClient(url: string, name: string, commandMs: number): Redis {
  return connect(url, name, {
    maxRetriesPerRequest: 0,
    commandTimeout: commandMs,
    retryStrategy: (attempt) => Math.min(100 * attempt, CONNECT_MS),
  });
}

/** `name` is what Redis lists the connection as. */
function connect(url: string, name: string, options: Omit<RedisOptions, 'replyMapping'>): Redis {
  const redis = new Redis(url, {
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
