// Rotations in a real Redis: the same contract as in memory, for every replica and across restarts;
// without Redis nothing is guessed.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { SubscriptionAddresses } from '../../../src/calendar/subscription/address.ts';
import { type RedisRotations, redisRotations } from '../../../src/calendar/subscription/redis-rotations.ts';
import { describeWith, type RealServer } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { REDIS, startRedis } from '../../harness/redis-server.ts';
import { layWire } from '../../harness/wire.ts';
import { testsRotations } from './rotations.ts';

const SECRET = new TextEncoder().encode('a secret for tests, thirty-two bytes at least');

describeWith(REDIS, 'rotations in Redis', () => {
  let server: RealServer;
  let store: RedisRotations;
  const answers = (one: RedisRotations) => () =>
    one.rotationOf('x').then(
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
    expect((await tenant.rotationOf('student-1')).at).toBe(0);
    await Promise.all([other.close(), tenant.close()]);
  });

  test('while Redis is down addresses are UNAVAILABLE; afterwards they are valid as before', async () => {
    await store.rotate('student-2', 5_000);
    await server.stop();
    for (const ask of [store.rotationOf('student-2'), store.rotate('student-2', 6_000)]) {
      await expect(ask).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    }
    await server.start();
    await eventually('it answers again', answers(store));
    expect((await store.rotationOf('student-2')).at).toBe(5_000);
  });

  test('a Redis that has lost them makes no ended address valid again, and no other one either', async () => {
    const addresses = new SubscriptionAddresses(SECRET, store);
    const ended = await addresses.addressOf('student-3');
    const current = await addresses.rotate('student-3', 7_000);
    expect((await addresses.check(current.token))?.user).toBe('student-3');
    const admin = new Redis(server.url);
    await admin.flushall();
    await admin.quit();
    for (const { token } of [ended, current]) expect(await addresses.check(token)).toBeNull();
    expect((await addresses.check((await addresses.addressOf('student-3')).token))?.user).toBe('student-3');
  });

  test('are stored in the server that takes over when the one that was connected becomes a replica', async () => {
    const [wire, other] = [await layWire(server.url), await startRedis()];
    const moving = redisRotations({ url: wire.url, tenant: 'lms' });
    await eventually('it answers', answers(moving));
    const admin = new Redis(server.url);
    await admin.replicaof('127.0.0.1', new URL(other.url).port);
    wire.aim(other.url);
    await eventually('a rotation that is stored', () =>
      moving.rotate('student-4', 9_000).then(
        () => true,
        () => false,
      ),
    );
    const there = new Redis(other.url);
    expect(Number(await there.hget('lms:feed-rotations', 'student-4'))).toBeGreaterThanOrEqual(9_000);
    await admin.replicaof('NO', 'ONE');
    await Promise.all([admin.quit(), there.quit(), moving.close()]);
    await Promise.all([wire.close(), other.close()]);
  }, 30_000);

  test('are read again within seconds after the connection fell silent', async () => {
    const wire = await layWire(server.url);
    const silent = redisRotations({ url: wire.url, tenant: 'lms' });
    await eventually('it answers', answers(silent));
    wire.deaden();
    await expect(silent.rotationOf('student-2')).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    await eventually('it answers on another connection', answers(silent));
    await silent.close();
    await wire.close();
  }, 30_000);

  test('while Redis hangs addresses are UNAVAILABLE', async () => {
    server.freeze();
    await expect(store.rotationOf('student-2')).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    server.thaw();
    await eventually('it answers again', answers(store));
  });
});
