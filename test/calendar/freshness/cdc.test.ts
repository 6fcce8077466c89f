// The feed contract for PostgreSQL's log on a real server, and what it leaves there.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { POSTGRES } from '../../harness/postgres-server.ts';
import { type CdcFixture, startCdcFixture } from './cdc-fixture.ts';
import { describeChangeFeed } from './contract.ts';
import { listenTo } from './listener.ts';

describeWith(POSTGRES, 'the CDC feed keeps the contract of feeds', () => {
  describeChangeFeed(startCdcFixture);
});

describeWith(POSTGRES, 'the CDC feed', () => {
  let fixture: CdcFixture;
  beforeAll(async () => {
    fixture = await startCdcFixture();
  }, 60_000);
  afterAll(() => fixture.close());

  test('reports each change with the source that its schema names', async () => {
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    await fixture.sql("INSERT INTO assignment.outbox (ern, audience) VALUES ('x', 'ern:lms:course/1')");
    await listener.hears('ern:lms:course/1');
    expect(listener.changes).toEqual([{ kind: 'ASSIGNMENT', audience: 'ern:lms:course/1', span: null }]);
    await listener.stop();
  });

  test('reports the changes of a transaction when it commits, however late', async () => {
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    const late = fixture.sql(
      "WITH written AS (INSERT INTO lecture.outbox (ern, audience) VALUES ('x', 'ern:lms:course/late') RETURNING 1) SELECT pg_sleep(1.5), * FROM written",
    );
    await fixture.write({ audience: 'ern:lms:course/soon', from: null, to: null });
    await listener.hears('ern:lms:course/soon');
    await late;
    await listener.hears('ern:lms:course/late');
    expect(listener.changes.map((change) => change.audience)).toEqual(['ern:lms:course/soon', 'ern:lms:course/late']);
    await listener.stop();
  });

  test('an infinite instant makes it a change of the whole audience', async () => {
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    await fixture.write({ audience: 'ern:lms:course/1', from: '2026-03-02T00:00:00Z', to: 'infinity' });
    await fixture.write({ audience: 'ern:lms:course/2', from: null, to: null });
    await listener.hears('ern:lms:course/2');
    expect(listener.changes[0]).toMatchObject({ audience: 'ern:lms:course/1', span: null });
    await listener.stop();
  });

  test('finds its tables after they were dropped and created again', async () => {
    await fixture.sql('DROP TABLE attendance.outbox');
    await fixture.sql('CREATE TABLE attendance.outbox (audience text, starts_at timestamptz, ends_at timestamptz)');
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    await fixture.sql("INSERT INTO attendance.outbox VALUES ('ern:lms:course/second')");
    await listener.hears('ern:lms:course/second');
    await listener.stop();
  });

  test('lets the server remove the log it has read, and leaves no replication slot behind', async () => {
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    const unread = async () => {
      const [slot] = await fixture.sql<{ bytes: string }>(
        'SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::text AS bytes FROM pg_replication_slots',
      );
      return Number(slot?.bytes);
    };
    await fixture.sql(
      "INSERT INTO lecture.outbox (ern, audience) SELECT 'x', 'ern:lms:course/' || n FROM generate_series(1, 20000) n",
    );
    await eventually('the log to be acknowledged', async () => (await unread()) < 10_000);
    await listener.stop();
    await eventually('no slot', async () => (await fixture.sql('SELECT FROM pg_replication_slots')).length === 0);
  });
});
