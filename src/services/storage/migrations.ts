// Versions of a service's tables. A service creates the tables of an empty database when it starts;
// existing tables are changed only by `node dist/main.js migrate`. Where nothing is to do, only the
// version is read, and nothing is locked. A step that does not get its locks soon gives up, because
// writers queue behind it.
import { ConfigError } from '../../errors.ts';
import type { Database, Statements } from './database.ts';

/** The step to version n is the nth of a list; it runs once, in a transaction. */
export type Migration = (tx: Statements) => Promise<void>;

/** Writers wait at most so long for a step, in milliseconds. */
const LOCK_MS = 2_000;
/** A step may take so long, in milliseconds. */
const STEP_MS = 600_000;

/**
 * Applies what is missing, and returns the versions that it reached; replicas that do so at the
 * same time wait for each other. Rejects with UNAVAILABLE when a lock is not free within 2 s: then
 * nothing of that step was done, and it can be repeated.
 */
export async function migrate(database: Database, schema: string, migrations: readonly Migration[]): Promise<number[]> {
  const applied: number[] = [];
  for (let version = (await versionOf(database, schema)) + 1; version <= migrations.length; version += 1) {
    const step = migrations[version - 1];
    const isNew = await database.within(STEP_MS).transaction(async (tx) => {
      await tx.query(`SELECT set_config('lock_timeout', '${STEP_MS}', true)`);
      await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`tables of ${schema}`]);
      if ((await versionOf(tx, schema)) >= version) return false;
      await tx.query(`SELECT set_config('lock_timeout', '${LOCK_MS}', true)`);
      await step?.(tx);
      await tx.script(`
        CREATE TABLE IF NOT EXISTS ${schema}.migration (version int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
        INSERT INTO ${schema}.migration (version) VALUES (${version})`);
      return true;
    });
    if (isNew) applied.push(version);
  }
  return applied;
}

/**
 * Creates the tables where there are none. Throws ConfigError where they are of an older version;
 * those of a newer version are accepted, because a deployment is migrated before it is replaced.
 */
export async function requireVersion(
  database: Database,
  schema: string,
  migrations: readonly Migration[],
): Promise<void> {
  const version = await versionOf(database, schema);
  if (version >= migrations.length) return;
  const hasTables = version > 0 || (await exists(database, `${schema}.course`));
  if (!hasTables) return void (await migrate(database, schema, migrations));
  const expected = `tables of ${schema} in version ${migrations.length} (run: node dist/main.js migrate)`;
  throw new ConfigError('DATABASE_URL', expected, `version ${version}`);
}

/** 0: there are no tables, or they are older than their versions. */
async function versionOf(db: Statements, schema: string): Promise<number> {
  if (!(await exists(db, `${schema}.migration`))) return 0;
  const [row] = await db.query<{ version: number }>(
    `SELECT coalesce(max(version), 0)::int AS version FROM ${schema}.migration`,
  );
  return row?.version ?? 0;
}

async function exists(db: Statements, table: string): Promise<boolean> {
  const [row] = await db.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [table]);
  return row?.found === true;
}
