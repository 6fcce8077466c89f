// The common part of the three services: they prepare their tables, run their subgraph, and trim
// the outbox.
import type { VerifyInternal } from '../../auth/internal-token.ts';
import type { Caller } from '../../auth/principal.ts';
import { MAX_SOURCE_BATCH } from '../../batch-limit.ts';
import type { Clock } from '../../clock.ts';
import { reportError } from '../../diagnostics.ts';
import { ConfigError } from '../../errors.ts';
import { readSchema } from '../../schema.ts';
import { createSubgraph, type Subgraph, type WarmUp } from '../../subgraph/subgraph.ts';
import { trimOutbox } from '../outbox/triggers.ts';
import { termAround } from '../sample-data/term.ts';
import type { SampleLanguage } from '../sample-data/words.ts';
import type { Database } from '../storage/database.ts';
import { requireVersion } from '../storage/migrations.ts';
import { nameOf } from './access.ts';
import { isTenant } from './names.ts';
import { migrationsOf, type ServiceTables } from './tables.ts';

/** Options of every service. */
export interface ServiceOptions {
  /** The database of its tables; several services may share it. The service does not close it. */
  readonly database: Database;
  readonly clock: Clock;
  /** Tenant in every resource name. Default `lms`. */
  readonly tenant?: string;
  /** IANA zone of the sample data's timetable, e.g. `Asia/Seoul`. */
  readonly homeZone: string;
  /** The language of the sample data that an empty database is filled with; null: none. */
  readonly sample: SampleLanguage | null;
  /** Verifies tokens for this service. */
  readonly verify: VerifyInternal;
  /** Called when it listens; it is ready when this has ended. Default nothing. */
  readonly warmUp?: WarmUp | undefined;
}

const TRIM_MS = 60_000;
/** A call may wait so long for the database, and an answer needs so long, in milliseconds. */
const DEFAULT_DEADLINE_MS = 10_000;
const MAX_DEADLINE_MS = 30_000;
const ANSWER_MS = 100;
/** The database must answer within this time (milliseconds), or the service is not ready. */
const READY_MS = 1_000;

/** The specific part of a service: tables, resolvers, context, and what to close. */
export interface ServiceDefinition<C extends object> {
  readonly tables: ServiceTables;
  readonly resolvers: object;
  /** Called once for each request, with the database within the caller's deadline. */
  readonly context: (database: Database) => C;
  readonly close?: () => Promise<void>;
}

/**
 * Prepares the tables and builds the subgraph. Rejects when the database cannot be reached, or with
 * ConfigError when its tables must be migrated first.
 */
export async function createService<C extends object>(
  options: ServiceOptions,
  definition: ServiceDefinition<C>,
): Promise<Subgraph> {
  const { database, clock, verify } = options;
  const { tables, resolvers, context } = definition;
  const name = tables.schema;
  const subgraph = createSubgraph({
    name,
    typeDefs: readSchema(name),
    resolvers,
    verify,
    clock,
    context: (caller, deadlineMs) => context(withinDeadline(database, caller, deadlineMs)),
    requireReady: shared(() => database.within(READY_MS).query('SELECT 1')),
    maxRepresentations: MAX_SOURCE_BATCH,
    ...(options.warmUp === undefined ? {} : { warmUp: options.warmUp }),
  });
  await prepare(options, tables);
  const stopTrimming = every(clock, TRIM_MS, () => database.transaction((tx) => trimOutbox(tx, name)));
  return {
    listen: (at) => subgraph.listen(at),
    async close() {
      stopTrimming();
      await subgraph.close();
      await definition.close?.();
    },
  };
}

/**
 * The configured tenant, which becomes part of SQL; throws ConfigError when it is not valid in a
 * resource name.
 */
export function tenantOf({ tenant = 'lms' }: ServiceOptions): string {
  if (!isTenant(tenant)) throw new ConfigError('tenant', 'letters, digits, . _ ~ @ -', tenant);
  return tenant;
}

/** The database for one call; it ends early enough that the caller still gets the answer. */
function withinDeadline(database: Database, caller: Caller, deadlineMs = DEFAULT_DEADLINE_MS): Database {
  const ms = Math.min(deadlineMs, MAX_DEADLINE_MS);
  return database.within(ms - Math.min(ms / 10, ANSWER_MS), nameOf(caller));
}

async function prepare(options: ServiceOptions, tables: ServiceTables): Promise<void> {
  const { database, clock, homeZone, sample } = options;
  const tenant = tenantOf(options);
  const term = sample === null ? null : termAround(clock.now(), homeZone, tenant, sample);
  await requireVersion(database, tables.schema, migrationsOf(tables, tenant, term));
}

/** Calls at the same time share one. */
function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
}

/** Runs `work` every `ms`; a failure is reported and does not end the series. */
export function every(clock: Clock, ms: number, work: () => Promise<void>): () => void {
  let cancel: () => void;
  const turn = () => {
    cancel = clock.after(ms, () => {
      work().catch((error: unknown) => reportError(error));
      turn();
    });
  };
  turn();
  return () => cancel();
}
