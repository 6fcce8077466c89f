// The file of a secret is replaced while the program runs: no part has it at the same moment as
// another, and no call is refused.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createInternalSigner, createInternalVerifier } from '../../src/auth/internal-token.ts';
import { memoryRotations, SubscriptionAddresses } from '../../src/calendar/subscription/address.ts';
import type { Environment, Secrets } from '../../src/config.ts';
import { loadConfig } from '../../src/config.ts';
import { listen } from '../../src/diagnostics.ts';
import { LiveSecrets, watchSecretFiles } from '../../src/processes/live-secrets.ts';
import { manualClock } from '../harness/clock.ts';

const OVERLAP_MS = 300_000;
const textOf = (number: number) => `secret number ${number} of thirty-two bytes or more`;
const parse = (env: Environment): Secrets => loadConfig(env, 'calendar').secrets;
const secrets = (number: number) => parse({ INTERNAL_SECRET: textOf(number) });

test('a token is accepted at every moment, however late each part gets the new file', async () => {
  const delay = fc.integer({ min: 0, max: OVERLAP_MS - 61_000 });
  await fc.assert(
    fc.asyncProperty(delay, delay, fc.integer({ min: 1_000, max: 60_000 }), async (callers, called, step) => {
      const clock = manualClock();
      const at = { clock, overlapMs: OVERLAP_MS };
      const [caller, service] = [new LiveSecrets(secrets(1), at), new LiveSecrets(secrets(1), at)];
      const sign = createInternalSigner({ secret: caller.internal, service: 'gateway', clock });
      const verify = createInternalVerifier({ secret: service.internal, audience: 'calendar', clock });
      clock.after(callers, () => caller.replace(secrets(2)));
      clock.after(called, () => service.replace(secrets(2)));
      for (let passed = 0; passed < 3 * OVERLAP_MS; passed += step) {
        expect((await verify(await sign({ audience: 'calendar' }))).service).toBe('gateway');
        await clock.advance(step);
      }
    }),
    { numRuns: 10 },
  );
});

test('a former secret is no longer accepted after twice the overlap', async () => {
  const clock = manualClock();
  const live = new LiveSecrets(secrets(1), { clock, overlapMs: OVERLAP_MS });
  const old = createInternalSigner({ secret: secrets(1).internal, service: 'gateway', clock });
  const verify = createInternalVerifier({ secret: live.internal, audience: 'calendar', clock });
  live.replace(secrets(2));
  await clock.advance(2 * OVERLAP_MS - 1);
  await verify(await old({ audience: 'calendar' }));
  await clock.advance(60_001);
  await expect(old({ audience: 'calendar' }).then(verify)).rejects.toThrow('does not verify');
});

test('of several replaced one after the other each is accepted in its time', async () => {
  const clock = manualClock();
  const live = new LiveSecrets(secrets(1), { clock, overlapMs: 1_000 });
  const numbers = () =>
    live.internal('gateway', 'calendar').map((one) => Number(/\d+/.exec(new TextDecoder().decode(one))?.[0]));
  live.replace(secrets(2));
  await clock.advance(500);
  live.replace(secrets(3));
  expect(numbers()).toEqual([1, 3, 2]);
  await clock.advance(500);
  expect(numbers()).toEqual([2, 3, 1]);
  await clock.advance(500);
  expect(numbers()).toEqual([3, 2, 1]);
  await clock.advance(500);
  expect(numbers()).toEqual([3, 2]);
  await clock.advance(500);
  expect(numbers()).toEqual([3]);
});

test('subscription addresses of a former secret are valid while it is accepted', async () => {
  const rotations = memoryRotations();
  const before = parse({ INTERNAL_SECRET: textOf(1), SUBSCRIPTION_SECRET: textOf(2) });
  const both = { SUBSCRIPTION_SECRET: textOf(3), SUBSCRIPTION_SECRET_ACCEPTED: textOf(2) };
  const during = parse({ INTERNAL_SECRET: textOf(1), ...both });
  const after = parse({ INTERNAL_SECRET: textOf(1), SUBSCRIPTION_SECRET: textOf(3) });
  const [first, second, third] = [before, during, after].map(
    (one) => new SubscriptionAddresses(one.subscription, rotations),
  );
  const old = (await first?.addressOf('student-1'))?.token ?? '';
  const young = (await second?.addressOf('student-1'))?.token ?? '';
  expect(young).not.toBe(old);
  expect([await second?.check(old), await second?.check(young)]).toMatchObject([
    { user: 'student-1' },
    { user: 'student-1' },
  ]);
  expect(await third?.check(old)).toBeNull();
  expect(await third?.check(young)).toMatchObject({ user: 'student-1' });
});

/** Watches files that a test writes; `meanwhile` happens while the program starts. */
function watched(meanwhile: (env: Record<string, string | undefined>) => void = () => {}) {
  const clock = manualClock();
  const env: Record<string, string | undefined> = { INTERNAL_SECRET: textOf(1), DATABASE_URL: 'postgres://a@b/c' };
  const first = { ...env };
  const live = new LiveSecrets(parse(first), { clock, overlapMs: 1_000 });
  meanwhile(env);
  const heard: unknown[] = [];
  const stop = [
    listen('calendar:secret-file', (change) => void heard.push(change)),
    listen('calendar:error', ({ error }) => void heard.push(String(error))),
  ];
  const read = () => {
    if (env.INTERNAL_SECRET === undefined) throw new Error('cannot be read');
    return { ...env };
  };
  const names = ['INTERNAL_SECRET', 'DATABASE_URL'];
  const watch = watchSecretFiles({ live, first, read, parse, names, clock, everyMs: 100 });
  const close = () => {
    for (const one of stop) one();
    return watch.close();
  };
  return { clock, env, live, heard, close };
}

test('a file with another text is used: a secret between parts in its time, one of a server at once', async () => {
  const { clock, env, live, heard, close } = watched();
  await clock.advance(1_000);
  expect(heard).toEqual([]);
  env.INTERNAL_SECRET = textOf(2);
  env.DATABASE_URL = 'postgres://d@b/c';
  await clock.advance(100);
  expect(heard).toEqual([{ name: 'INTERNAL_SECRET' }, { name: 'DATABASE_URL' }]);
  expect(live.connections().DATABASE_URL).toBe('postgres://d@b/c');
  expect(live.internal('gateway', 'calendar')).toHaveLength(2);
  await close();
});

test('a file that is replaced while the program starts is used', async () => {
  const { clock, live, heard, close } = watched((env) => {
    env.INTERNAL_SECRET = textOf(2);
  });
  await clock.advance(100);
  expect(heard).toEqual([{ name: 'INTERNAL_SECRET' }]);
  expect(live.internal('gateway', 'calendar')).toHaveLength(2);
  await close();
});

test('a file that is missing or wrong is reported and changes nothing, until it is right', async () => {
  const { clock, env, live, heard, close } = watched();
  env.INTERNAL_SECRET = undefined;
  await clock.advance(100);
  env.INTERNAL_SECRET = 'short';
  await clock.advance(100);
  expect(heard).toEqual([expect.stringContaining('cannot be read'), expect.stringContaining('at least 32 bytes')]);
  expect(live.internal('gateway', 'calendar')).toHaveLength(1);
  env.INTERNAL_SECRET = textOf(2);
  await clock.advance(100);
  expect(live.internal('gateway', 'calendar')).toHaveLength(2);
  await close();
});
