// Brings the tables of the reference services in PostgreSQL to the version of this program. Run it
// before the new version starts; services that run meanwhile go on.
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { ASSIGNMENT_TABLES } from '../services/assignment/tables.ts';
import { ATTENDANCE_TABLES } from '../services/attendance/tables.ts';
import { LECTURE_TABLES } from '../services/lecture/tables.ts';
import { termAround } from '../services/sample-data/term.ts';
import { migrationsOf } from '../services/shared/tables.ts';
import { migrate } from '../services/storage/migrations.ts';
import { openPostgres } from '../services/storage/postgres.ts';

/**
 * Applies what is missing, and returns a line for each service. Rejects with ConfigError without
 * DATABASE_URL, and with UNAVAILABLE when there is no connection, or no lock within 2 s.
 */
export async function migrateServices(config: Config, clock: Clock): Promise<string> {
  const { DATABASE_URL: url, TENANT: tenant, HOME_ZONE: zone } = config;
  if (url === undefined) throw new ConfigError('DATABASE_URL', 'the database to migrate', 'nothing');
  const term = config.SAMPLE_DATA ? termAround(clock.now(), zone, tenant, config.SAMPLE_LANGUAGE) : null;
  const database = openPostgres(url, 1);
  try {
    const lines: string[] = [];
    for (const tables of [LECTURE_TABLES, ATTENDANCE_TABLES, ASSIGNMENT_TABLES]) {
      const migrations = migrationsOf(tables, tenant, term);
      const applied = await migrate(database, tables.schema, migrations);
      const done = applied.length === 0 ? 'nothing to do' : `applied ${applied.join(', ')}`;
      lines.push(`${tables.schema}: version ${migrations.length}, ${done}`);
    }
    return lines.join('\n');
  } finally {
    await database.close();
  }
}
