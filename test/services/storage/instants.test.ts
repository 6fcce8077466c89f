// What PostgreSQL is set to does not change how an instant is written.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { scheduleDefinition } from '../../../src/services/assignment/service.ts';
import { createSchedule } from '../../../src/services/shared/schedule.ts';
import { openPostgres } from '../../../src/services/storage/postgres.ts';
import { describeWith } from '../../harness/child-server.ts';
import { POSTGRES, startPostgres } from '../../harness/postgres-server.ts';
import type { RealServer } from '../../harness/server-process.ts';
import { type Services, startServices } from '../harness.ts';

const [COURSE, ITEM] = ['ern:lms:course/1', 'ern:lms:course/1/assignment/1'];
const MARCH = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };

describeWith(POSTGRES, 'where dates are written day first, in another zone', () => {
  let server: RealServer;
  let services: Services;
  let admin: pg.Client;

  beforeAll(async () => {
    server = await startPostgres();
    admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(
      `ALTER DATABASE postgres SET datestyle = 'German'; ALTER DATABASE postgres SET timezone = 'Asia/Seoul'`,
    );
    services = await startServices(async () => openPostgres(server.url));
    await admin.query(`SET session_replication_role = replica;
      INSERT INTO assignment.course VALUES ('${COURSE}', 'A', '#1969c8', null);
      INSERT INTO assignment.item (ern, course, title, starts_at, ends_at)
      VALUES ('${ITEM}', '${COURSE}', 'B', '2026-03-09T01:00:00Z', '2026-03-10T01:00:00Z')`);
  }, 120_000);
  afterAll(async () => {
    await services.close();
    await admin.end();
    await server.close();
  });

  test.each([
    ['03Z', '03.000Z'],
    ['03.4Z', '03.400Z'],
    ['03.456Z', '03.456Z'],
    ['03.456789Z', '03.456Z'],
  ])('an item last changed at second %s says %s, in a slice and by its name', async (written, read) => {
    await admin.query(`UPDATE assignment.item SET updated_at = '2026-03-09T18:02:${written}'`);
    const schedule = createSchedule<{ updatedAt: string }, { updatedAt: string }>(
      services.database,
      scheduleDefinition('lms'),
    );
    const slice = await schedule.slices.load({ audience: COURSE, ...MARCH });
    const item = await schedule.items.load({ ern: ITEM, audience: COURSE });
    const entity = await schedule.entities.load(ITEM);
    const found = [...slice.items, item, entity].map((one) => one?.updatedAt);
    expect(found).toEqual(Array(3).fill(`2026-03-09T18:02:${read}`));
  });
});
