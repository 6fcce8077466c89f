// Promise: with FRESHNESS=cdc a change shows through the log of the real PostgreSQL that the
// services write to.
import { afterAll } from '@jest/globals';
import { describeWith, type RealServer } from '../../harness/child-server.ts';
import { POSTGRES, startPostgres } from '../../harness/postgres-server.ts';
import { describeFreshness } from './suite.ts';

describeWith(POSTGRES, 'logical replication', () => {
  let postgres: RealServer | undefined;
  describeFreshness(async () => {
    postgres = await startPostgres();
    return { FRESHNESS: 'cdc', CDC_DATABASE_URL: postgres.url, DATABASE_URL: postgres.url };
  });
  afterAll(() => postgres?.close());
});
