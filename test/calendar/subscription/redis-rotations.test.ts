// Rotations in a real Redis: the same contract as in memory, for every replica and across restarts;
// without Redis nothing is guessed.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SubscriptionAddresses } from '../../../src/calendar/subscription/address.ts';
import { type RedisRotations, redisRotations } from '../../../src/calendar/subscription/redis-rotations.ts';
import { describeWith, type RealServer } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { REDIS, startRedis } from '../../harness/redis-server.ts';
import { testsRotations } from './rotations.ts';

const SECRET = new TextEncoder().encode('a secret for tests, thirty-two bytes at least');

describeWith(REDIS, 'rotations in Redis', () => {
  let server: RealServer;
  let store: RedisRotations;
  const answers = (one: RedisRotations) => () =>
    one.rotatedAt('x').then(
      () => true,
      () => false,
    );
  beforeAll(async () => {
    server = await startRedis();
    store = redisRotations({ url: server.url, tenant: 'lms' });
    await eventually('the store answers', answers(store));
  });
  afterAll(async () => {
    await store.close();
    await server.close();
  });

  testsRotations(() => store);

  test('a rotation at one replica invalidates the address at another, and not that of another tenant’s user', async () => {
    const [other, tenant] = ['lms', 'other'].map((name) => redisRotations({ url: server.url, tenant: name }));
    if (other === undefined || tenant === undefined) throw new Error('two stores');
    await eventually('both answer', answers(other));
    await eventually('both answer', answers(tenant));
    const [here, there] = [store, other].map((one) => new SubscriptionAddresses(SECRET, one));
    const old = await here?.addressOf('student-1');
    const rotated = await there?.rotate('student-1', 1_772_409_600_000);
    expect(await here?.check(old?.token ?? '')).toBeNull();
    expect((await here?.check(rotated?.token ?? ''))?.user).toBe('student-1');
    expect(await tenant.rotatedAt('student-1')).toBe(0);
    await Promise.all([other.close(), tenant.close()]);
  });

  test('while Redis is down addresses are UNAVAILABLE; afterwards they are valid as before', async () => {
    await store.rotate('student-2', 5_000);
    await server.stop();
    for (const ask of [store.rotatedAt('student-2'), store.rotate('student-2', 6_000)]) {
      await expect(ask).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    }
    await server.start();
    await eventually('it answers again', answers(store));
    expect(await store.rotatedAt('student-2')).toBe(5_000);
  });

  test('while Redis hangs addresses are UNAVAILABLE', async () => {
    server.freeze();
    await expect(store.rotatedAt('student-2')).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    server.thaw();
    await eventually('it answers again', answers(store));
  });
});
