// NOTIFY costs every write a global lock in PostgreSQL, so it is sent only while somebody listens.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { outboxChannel, sayListening } from '../../../src/services/outbox/triggers.ts';
import { openPostgres } from '../../../src/services/storage/postgres.ts';
import { describeWith } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { POSTGRES, startPostgres } from '../../harness/postgres-server.ts';
import type { RealServer } from '../../harness/server-process.ts';
import { type Services, startServices } from '../harness.ts';

describeWith(POSTGRES, 'a write on PostgreSQL', () => {
  let server: RealServer;
  let services: Services;
  let listener: pg.Client;
  const heard: string[] = [];

  beforeAll(async () => {
    server = await startPostgres();
    services = await startServices(async () => openPostgres(server.url));
    await services.reset();
    listener = new pg.Client({ connectionString: server.url });
    await listener.connect();
    listener.on('notification', ({ payload = '' }) => heard.push(payload));
    await listener.query(`LISTEN ${outboxChannel('lecture')}`);
  }, 60_000);
  afterAll(async () => {
    await listener.end();
    await services.close();
    await server.close();
  });

  /** What is heard of one write; our own notification ends it. */
  const write = async (title: string) => {
    heard.length = 0;
    await services.database.script(`UPDATE lecture.course SET title = '${title}'`);
    await services.database.script(`NOTIFY ${outboxChannel('lecture')}, 'end'`);
    await eventually('the end', () => heard.includes('end'));
    return [...heard];
  };

  test('notifies while a relay says that it listens, and not before or after', async () => {
    expect(await write('A')).toEqual(['end']);
    await sayListening(services.database, 'lecture', 60_000);
    expect(await write('B')).toEqual(['', 'end']);
    await sayListening(services.database, 'lecture', -1);
    expect(await write('C')).toEqual(['end']);
  });
});
