// The services fulfil the same contract on PostgreSQL: the one at TEST_DATABASE_URL, in a database
// of its own, or one started here.
import { afterAll, beforeAll, describe } from '@jest/globals';
import pg from 'pg';
import { openPostgres } from '../../src/services/storage/postgres.ts';
import { POSTGRES, startPostgres } from '../harness/postgres-server.ts';
import { type Services, startServices } from './harness.ts';
import { describeAudit } from './suites/audit.ts';
import { describeChanging, describeLateCommit } from './suites/changing.ts';
import { describeDueDates, describeSimultaneousStudents } from './suites/due-dates.ts';
import { describeEnrolling } from './suites/enrolling.ts';
import { describeItemCopies, describeSimultaneousMove } from './suites/item-copies.ts';
import { describeJoining } from './suites/joining.ts';
import { describeMovedChecks } from './suites/moved-checks.ts';
import { describeReading } from './suites/reading.ts';
import { describeRights } from './suites/rights.ts';
import { describeTeaching } from './suites/teaching.ts';
import { describeTexts } from './suites/texts.ts';
import { describeUserIds } from './suites/user-ids.ts';
import { describeWriting } from './suites/writing.ts';

const given = process.env.TEST_DATABASE_URL;
const name = `calendar_test_${process.pid}`;
const suite = given === undefined && !POSTGRES.found ? describe.skip : describe;

suite('on PostgreSQL', () => {
  let services: Services;
  let end: () => Promise<unknown>;

  beforeAll(async () => {
    const server = given === undefined ? await startPostgres() : undefined;
    const url = new URL(server?.url ?? given ?? '');
    await asOwner(url, `CREATE DATABASE ${name}`);
    end = () => server?.close() ?? asOwner(url, `DROP DATABASE ${name} WITH (FORCE)`);
    const own = new URL(`/${name}${url.search}`, url);
    services = await startServices(async () => openPostgres(own.href));
  }, 60_000);
  afterAll(async () => {
    await services.close();
    await end();
  });

  describeReading(() => services);
  describeWriting(() => services);
  describeEnrolling(() => services);
  describeChanging(() => services);
  describeDueDates(() => services);
  describeItemCopies(() => services);
  describeTeaching(() => services);
  describeJoining(() => services);
  describeTexts(() => services);
  describeMovedChecks(() => services);
  describeUserIds(() => services);
  describeAudit(() => services);
  describeRights(() => services);
  describeSimultaneousStudents(() => services);
  describeLateCommit(() => services);
  describeSimultaneousMove(() => services);
});

async function asOwner(url: URL, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(sql);
  await client.end();
}
