// The feed contract for PostgreSQL's log on a real server, and what it leaves there.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
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
    expect(listener.changes).toMatchObject([{ kind: 'ASSIGNMENT', audience: 'ern:lms:course/1', span: null }]);
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
    await fixture.sql(
      'CREATE TABLE attendance.outbox (ern text, audience text, starts_at timestamptz, ends_at timestamptz)',
    );
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    await fixture.sql("INSERT INTO attendance.outbox VALUES ('x', 'ern:lms:course/second')");
    await listener.hears('ern:lms:course/second');
    await listener.stop();
  });

  test.each([
    ['its table is dropped from the publication', 'ALTER PUBLICATION calendar_lecture DROP TABLE lecture.outbox'],
    ['the publication publishes updates only', "ALTER PUBLICATION calendar_lecture SET (publish = 'update')"],
    ['a row filter', "ALTER PUBLICATION calendar_lecture SET TABLE lecture.outbox WHERE (ern = 'none')"],
    ['a column list', 'ALTER PUBLICATION calendar_lecture SET TABLE lecture.outbox (id, txid)'],
    ['the publication is dropped', 'DROP PUBLICATION calendar_lecture'],
  ])('is not live when %s, replaces the publication, and reports a gap', async (_, sql) => {
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    await fixture.sql(sql);
    await fixture.write({ audience: 'ern:lms:course/unseen', from: null, to: null });
    await eventually('a lost connection', () => listener.lost.length > 0);
    await listener.next('HEARTBEAT');
    expect(listener.count('GAP')).toBeGreaterThan(0);
    await fixture.write({ audience: 'ern:lms:course/seen', from: null, to: null });
    await listener.hears('ern:lms:course/seen');
    await listener.stop();
  });

  test('is not live while the table of one source is not there', async () => {
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    await fixture.sql('ALTER TABLE assignment.outbox RENAME TO elsewhere');
    await eventually('a reason', () => listener.lost.includes('42P01'));
    await fixture.sql('ALTER TABLE assignment.elsewhere RENAME TO outbox');
    await listener.next('HEARTBEAT');
    expect(listener.count('GAP')).toBe(1);
    await listener.stop();
  });

  test('is not live while a transaction that had written before it started is open, and says why', async () => {
    const client = new pg.Client({ connectionString: fixture.url });
    await client.connect();
    await client.query('BEGIN; CREATE TABLE open_for_long ()');
    const listener = listenTo(fixture.feed());
    await eventually('a reason', () => listener.lost.includes('WAITS_FOR_TRANSACTIONS'));
    expect(listener.count('HEARTBEAT')).toBe(0);
    await client.query('ROLLBACK');
    await client.end();
    await listener.next('HEARTBEAT');
    await listener.stop();
  });

  test('does not report the heartbeats of other readers', async () => {
    const listeners = [listenTo(fixture.feed()), listenTo(fixture.feed())];
    for (const listener of listeners) await listener.next('HEARTBEAT');
    for (const listener of listeners) await listener.next('HEARTBEAT');
    expect(
      listeners.flatMap(({ changes, events }) => [...changes, ...events.filter(({ type }) => type === 'GAP')]),
    ).toEqual([]);
    for (const listener of listeners) await listener.stop();
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
