// The feed contract for Redis on a real server, and the ways a stream can lose entries.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FeedMessage } from '../../../src/calendar/freshness/feed.ts';
import { describeWith } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { REDIS } from '../../harness/redis-server.ts';
import { describeChangeFeed } from './contract.ts';
import { listenTo } from './listener.ts';
import { fieldsOf, KEY, type RedisFixture, startRedisFixture } from './redis-fixture.ts';

describeWith(REDIS, 'the Redis feed keeps the contract of feeds', () => {
  describeChangeFeed(startRedisFixture);
});

describeWith(REDIS, 'the Redis feed', () => {
  let fixture: RedisFixture;
  beforeAll(async () => {
    fixture = await startRedisFixture();
  });
  beforeEach(async () => {
    await fixture.redis.del(KEY);
    await fixture.revive();
  });
  afterAll(() => fixture.close());

  const change = (name: string) => fieldsOf({ audience: `ern:lms:course/${name}`, from: null, to: null });
  const add = (id: string, name: string) => fixture.redis.xadd(KEY, id, ...change(name));

  describe('reports a gap for', () => {
    test.each<[string, () => Promise<unknown>]>([
      ['a stream emptied', () => fixture.redis.xtrim(KEY, 'MAXLEN', 0).then(() => lostOne())],
      ['a stream deleted', () => fixture.redis.del(KEY)],
      ['a flushed server', () => fixture.redis.flushdb()],
      ['a stream replaced by one with lower ids', () => replaceStream('2-1')],
      ['a stream replaced by one with higher ids', () => replaceStream('*')],
      ['an unread entry deleted from the middle', () => deleted()],
    ])('%s', async (_, happens) => {
      await add('5-1', 'one');
      await add('5-2', 'two');
      const listener = listenTo(fixture.feed());
      await listener.next('HEARTBEAT');
      await happens();
      await eventually('a gap', () => listener.count('GAP') === 1);
      await fixture.redis.xadd(KEY, '*', ...change('next'));
      await listener.hears('ern:lms:course/next');
      expect(listener.count('GAP')).toBe(1);
      await listener.stop();
    });
  });

  const lostOne = () =>
    fixture.redis
      .multi()
      .xadd(KEY, '*', ...change('lost'))
      .xtrim(KEY, 'MAXLEN', 0)
      .exec();
  const replaceStream = (id: string) =>
    fixture.redis
      .multi()
      .del(KEY)
      .xadd(KEY, id, ...change('new'))
      .exec();
  const deleted = () =>
    fixture.redis
      .multi()
      .xadd(KEY, '9-1', ...change('gone'))
      .xadd(KEY, '9-2', ...change('kept'))
      .xdel(KEY, '9-1')
      .exec();

  test('reports no gap when entries that it has read are trimmed', async () => {
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    for (let index = 0; index < 5; index += 1) {
      await fixture.redis.xadd(KEY, '*', ...change(`read-${index}`));
      await listener.hears(`ern:lms:course/read-${index}`);
      await fixture.redis.xtrim(KEY, 'MAXLEN', 0);
    }
    await listener.next('HEARTBEAT');
    await listener.next('HEARTBEAT');
    expect(listener.count('GAP')).toBe(0);
    await listener.stop();
  });

  test('treats an entry without a kind as one of all sources, and one with an unknown kind as malformed', async () => {
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    await fixture.redis.xadd(KEY, '*', 'audience', 'ern:lms:course/1');
    await fixture.redis.xadd(KEY, '*', 'audience', 'ern:lms:course/2', 'kind', 'EXAM');
    await fixture.redis.xadd(KEY, '*', 'audience', 'ern:lms:course/3', 'kind', 'ASSIGNMENT', 'from', '', 'to', '');
    await listener.hears('ern:lms:course/3');
    expect(listener.changes).toEqual([
      { kind: null, audience: 'ern:lms:course/1', span: null },
      { kind: 'ASSIGNMENT', audience: 'ern:lms:course/3', span: null },
    ]);
    await listener.stop();
  });

  test('reports a gap when the writer says that it may have lost changes', async () => {
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    await fixture.redis.xadd(KEY, '*', 'kind', 'LECTURE', 'gap', 'lost its cursor');
    await eventually('a gap', () => listener.count('GAP') === 1);
    await listener.stop();
  });

  test('is live for a source only while its writer is alive', async () => {
    await fixture.redis.del(`${KEY}:alive:ATTENDANCE`);
    const listener = listenTo(fixture.feed());
    await listener.next('HEARTBEAT');
    const [first] = listener.events as [Extract<FeedMessage, { type: 'HEARTBEAT' }>];
    expect(first.kinds).toEqual(['LECTURE', 'ASSIGNMENT']);
    await listener.stop();
  });
});
