// What the three services have in common when they start and stop: their tables, the subgraph, and
// the outbox kept short.
import type { VerifyInternal } from '../../auth/internal-token.ts';
import type { Caller } from '../../auth/principal.ts';
import type { Clock } from '../../clock.ts';
import { reportError } from '../../diagnostics.ts';
import { ConfigError } from '../../errors.ts';
import { readSchema } from '../../schema.ts';
import { createSubgraph, type Subgraph } from '../../subgraph/subgraph.ts';
import { trimOutbox } from '../outbox/triggers.ts';
import { termAround } from '../sample-data/term.ts';
import type { Database } from '../storage/database.ts';
import { isId } from './names.ts';
import { prepareTables, type ServiceTables } from './tables.ts';

/**
 * Representations answered in one call: a class of 200 has 200 audiences of its own and its
 * courses'.
 */
const MAX_REPRESENTATIONS = 1_000;

/** What every service is made with. */
export interface ServiceOptions {
  /** Where its tables are; several services may share it. Not closed by the service. */
  readonly database: Database;
  readonly clock: Clock;
  /** Second part of every resource name. Default `lms`. */
  readonly tenant?: string;
  /** IANA zone of the sample data's timetable, e.g. `Asia/Seoul`. */
  readonly homeZone: string;
  /** Whether an empty database is filled with sample data. */
  readonly seed: boolean;
  /** Of tokens made for this service. */
  readonly verify: VerifyInternal;
}

const TRIM_MS = 60_000;

/**
 * A service's own part: its tables, its resolvers, what they find in their context, and what else
 * is to be ended.
 */
export interface ServiceDefinition<C extends object> {
  readonly tables: ServiceTables;
  readonly resolvers: object;
  readonly context: (caller: Caller) => C;
  readonly close?: () => Promise<void>;
}

/** Makes the tables ready and builds the subgraph. Rejects when the database cannot be reached. */
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
    context,
    maxRepresentations: MAX_REPRESENTATIONS,
  });
  await prepare(options, tables);
  const stopTrimming = every(clock, TRIM_MS, () => trimOutbox(database, name));
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
 * The tenant asked for, which becomes part of SQL; throws ConfigError when it cannot stand in a
 * resource name.
 */
export function tenantOf({ tenant = 'lms' }: ServiceOptions): string {
  if (!isId(tenant)) throw new ConfigError('tenant', 'letters, digits, . _ ~ @ -', tenant);
  return tenant;
}

async function prepare(options: ServiceOptions, tables: ServiceTables): Promise<void> {
  const { database, clock, homeZone, seed } = options;
  const tenant = tenantOf(options);
  const term = seed ? termAround(clock.now(), homeZone, tenant) : null;
  await database.transaction((tx) => prepareTables(tx, tables, tenant, term));
}

/**
 * Runs `work` again and again, `ms` apart; a failure is reported and the next turn comes all the
 * same.
 */
function every(clock: Clock, ms: number, work: () => Promise<void>): () => void {
  let cancel: () => void;
  const turn = () => {
    cancel = clock.after(ms, () => {
      work().catch(reportError);
      turn();
    });
  };
  turn();
  return () => cancel();
}
