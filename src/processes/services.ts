// Starts the reference services, any of them, on one database: the embedded one, or PostgreSQL.
import { createInternalSigner, createInternalVerifier } from '../auth/internal-token.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import { createAssignmentService } from '../services/assignment/service.ts';
import { createAttendanceService } from '../services/attendance/service.ts';
import { createLectureService } from '../services/lecture/service.ts';
import type { Database } from '../services/shared/database.ts';
import { openEmbedded } from '../services/shared/pglite.ts';
import { openPostgres } from '../services/shared/postgres.ts';
import { startRelay } from '../services/shared/relay.ts';
import type { ServiceOptions } from '../services/shared/service.ts';
import type { Subgraph } from '../subgraph/subgraph.ts';
import { createFollower } from './follower.ts';
import { closeAll, type Running } from './running.ts';

/** The reference services. */
export type ServiceName = 'lecture' | 'attendance' | 'assignment';

/** Starts listening, tables and sample data in place. Rejects when the database cannot be reached or a port is taken. */
export async function startServices(names: readonly ServiceName[], config: Config, clock: Clock): Promise<Running> {
  const database = config.DATABASE_URL === undefined ? await openEmbedded() : openPostgres(config.DATABASE_URL);
  const transports: Transport[] = [];
  const started = await Promise.all(
    names.map(async (name) => {
      const service = await createService(name, config, clock, database, transports);
      const { url } = await service.listen({ port: portOf(name, config), host: config.HOST });
      return { name, url, close: () => service.close() };
    }),
  );
  const relays = relaysOf(names, config, clock, database);
  return {
    addresses: Object.fromEntries(started.map(({ name, url }) => [name, url])),
    close: () => closeAll([...started, ...relays, ...transports, database]),
  };
}

/** With FRESHNESS=redis, each service's way to the stream. */
function relaysOf(names: readonly ServiceName[], config: Config, clock: Clock, database: Database) {
  const { FRESHNESS, REDIS_URL: url } = config;
  if (FRESHNESS !== 'redis' || url === undefined) return [];
  return names.map((schema) => {
    const relay = startRelay({ database, schema, url, clock, random: Math.random });
    return { close: () => relay.stop() };
  });
}

function createService(
  name: ServiceName,
  config: Config,
  clock: Clock,
  database: Database,
  transports: Transport[],
): Promise<Subgraph> {
  const { INTERNAL_SECRET: secret } = config;
  const options: ServiceOptions = {
    database,
    clock,
    tenant: config.TENANT,
    homeZone: config.HOME_ZONE,
    seed: config.SAMPLE_DATA,
    verify: createInternalVerifier({ secret, audience: name, clock }),
  };
  if (name === 'attendance') return createAttendanceService(options);
  if (name === 'assignment') return createAssignmentService(options);
  const sign = createInternalSigner({ secret, service: 'lecture', clock });
  const followerAt = (follower: 'attendance' | 'assignment', url: string) => {
    const transport = createTransport({ url, connections: 4 });
    transports.push(transport);
    return createFollower(follower, transport, sign);
  };
  const followers = [followerAt('attendance', config.ATTENDANCE_URL), followerAt('assignment', config.ASSIGNMENT_URL)];
  return createLectureService({ ...options, followers });
}

function portOf(name: ServiceName, config: Config): number {
  const { LECTURE_PORT: lecture, ATTENDANCE_PORT: attendance, ASSIGNMENT_PORT: assignment } = config;
  return { lecture, attendance, assignment }[name];
}
