// Starts any of the reference services on one database: embedded or PostgreSQL.
import { createInternalSigner, createInternalVerifier } from '../auth/internal-token.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { EventKind } from '../event-kinds.ts';
import { createTransport, type Transport } from '../http/client/transport.ts';
import { createAssignmentService } from '../services/assignment/service.ts';
import { createAttendanceService } from '../services/attendance/service.ts';
import { createLectureService } from '../services/lecture/service.ts';
import { kafkaTarget } from '../services/outbox/kafka-target.ts';
import { redisTarget } from '../services/outbox/redis-target.ts';
import { type RelayOptions, startRelay } from '../services/outbox/relay.ts';
import type { ServiceOptions } from '../services/shared/service.ts';
import type { Database } from '../services/storage/database.ts';
import { openEmbedded } from '../services/storage/pglite.ts';
import { openPostgres } from '../services/storage/postgres.ts';
import type { Subgraph } from '../subgraph/subgraph.ts';
import { kafkaFrom, urlFrom } from './connections-from.ts';
import { createEnrollmentSubscriber } from './enrollment-subscriber.ts';
import { closeAll, type Running, together } from './running.ts';

/** The reference services. */
export type ServiceName = 'lecture' | 'attendance' | 'assignment';

/** Running services that can be stopped and started separately; their data stays. */
export interface RunningServices extends Running {
  readonly running: Readonly<Record<string, boolean>>;
  stop(name: string): Promise<void>;
  start(name: string): Promise<void>;
}

/** Warms up a service that listens at the URL. */
export type WarmUpService = (name: ServiceName, url: string) => Promise<unknown>;

/**
 * Starts listening, with tables and sample data. Each service is ready when `warmUp` has ended.
 * Rejects when the database cannot be reached or a port is in use.
 */
export async function startServices(
  names: readonly ServiceName[],
  config: Config,
  clock: Clock,
  warmUp: WarmUpService = async () => {},
): Promise<RunningServices> {
  const databaseUrl = urlFrom(config, 'DATABASE_URL');
  const database = databaseUrl === undefined ? await openEmbedded() : openPostgres(databaseUrl);
  const transports: Transport[] = [];
  const services = new Map<string, Subgraph>();
  const start = async (name: ServiceName): Promise<string> => {
    const service = await createService(name, { config, clock, database, transports, warmUp });
    const { url } = await service.listen({ port: portOf(name, config), host: config.HOST });
    services.set(name, service);
    return url;
  };
  const addresses = await Promise.all(names.map(async (name) => [name, await start(name)] as const));
  const relays = relaysOf(names, config, clock, database);
  // One switch at a time: a port is free only after its service has closed.
  let switched: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<unknown>): Promise<void> => {
    const done = switched.then(work).then(() => undefined);
    switched = done.catch(() => undefined);
    return done;
  };
  return {
    addresses: Object.fromEntries(addresses),
    get running() {
      return Object.fromEntries(names.map((name) => [name, services.has(name)]));
    },
    stop: (name) =>
      inTurn(async () => {
        const service = services.get(name);
        services.delete(name);
        await service?.close();
      }),
    start: (name) =>
      inTurn(async () => {
        const stopped = names.find((one) => one === name && !services.has(one));
        if (stopped !== undefined) await start(stopped);
      }),
    close: () => closeAll([together([...services.values()]), together([...relays, ...transports]), database], clock),
  };
}

/** The relays to Redis or Kafka, with FRESHNESS=redis or kafka. */
function relaysOf(names: readonly ServiceName[], config: Config, clock: Clock, database: Database) {
  const target = targetOf(config, clock);
  if (target === null) return [];
  return names.map((schema) => {
    const relay = startRelay({ database, schema, ...target, clock, random: Math.random });
    return { close: () => relay.stop() };
  });
}

function targetOf(config: Config, clock: Clock): Pick<RelayOptions, 'target' | 'open'> | null {
  const { FRESHNESS, KAFKA_RELAY, KAFKA_TOPICS } = config;
  const url = urlFrom(config, 'REDIS_URL');
  if (FRESHNESS === 'redis' && url !== undefined)
    return { target: 'redis', open: (schema) => redisTarget(url, schema) };
  const kafka = kafkaFrom(config);
  if (FRESHNESS !== 'kafka' || !KAFKA_RELAY || kafka === null) return null;
  return {
    target: 'kafka',
    open: (schema) => kafkaTarget(kafka, KAFKA_TOPICS[schema.toUpperCase() as EventKind], schema, clock),
  };
}

interface Shared {
  readonly config: Config;
  readonly clock: Clock;
  readonly database: Database;
  readonly transports: Transport[];
  readonly warmUp: WarmUpService;
}

function createService(name: ServiceName, { config, clock, database, transports, warmUp }: Shared): Promise<Subgraph> {
  const secret = config.secrets.internal;
  const options: ServiceOptions = {
    database,
    clock,
    tenant: config.TENANT,
    homeZone: config.HOME_ZONE,
    sample: config.SAMPLE_DATA ? config.SAMPLE_LANGUAGE : null,
    verify: createInternalVerifier({ secret, audience: name, clock }),
    warmUp: (url) => warmUp(name, url),
  };
  if (name === 'attendance') return createAttendanceService(options);
  if (name === 'assignment') return createAssignmentService(options);
  const sign = createInternalSigner({ secret, service: 'lecture', clock });
  const subscriberAt = (subscriber: 'attendance' | 'assignment', url: string) => {
    const transport = createTransport({ url, clock, connections: 4 });
    transports.push(transport);
    return createEnrollmentSubscriber(subscriber, transport, sign);
  };
  const subscribers = [
    subscriberAt('attendance', config.ATTENDANCE_URL),
    subscriberAt('assignment', config.ASSIGNMENT_URL),
  ];
  return createLectureService({ ...options, subscribers });
}

function portOf(name: ServiceName, config: Config): number {
  const { LECTURE_PORT: lecture, ATTENDANCE_PORT: attendance, ASSIGNMENT_PORT: assignment } = config;
  return { lecture, attendance, assignment }[name];
}
