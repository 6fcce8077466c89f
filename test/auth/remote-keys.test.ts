// The identity provider's keys during an outage: known keys keep working, and unknown ones do not
// cause a flood of requests.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createRemoteKeys } from '../../src/auth/remote-keys.ts';
import { createUserVerifier } from '../../src/auth/user-token.ts';
import { eventually } from '../harness/eventually.ts';
import { handClock } from './hand-clock.ts';

const keys: Record<string, { jwk: JWK; privateKey: CryptoKey }> = {};

beforeAll(async () => {
  for (const kid of ['one', 'two']) {
    const pair = await generateKeyPair('ES256');
    keys[kid] = { jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256' }, privateKey: pair.privateKey };
  }
});

/** A provider that publishes `published` (null: is down) and counts who asks. */
function provider(published: string[] | null) {
  const clock = handClock();
  const service = { published, reads: 0, delay: Promise.resolve() };
  const read = async () => {
    service.reads += 1;
    await service.delay;
    if (service.published === null) throw new Error('connect ECONNREFUSED 10.0.0.9:443');
    // `two as one`: the second key under the first one's id.
    const key = (name: string) => {
      const [kid = '', as = kid] = name.split(' as ');
      const jwk = keys[kid]?.jwk;
      return jwk === undefined ? jwk : { ...jwk, kid: as };
    };
    return JSON.stringify({ keys: service.published.map(key) });
  };
  const remote = createRemoteKeys({ read, clock });
  const verify = createUserVerifier({ ...remote, issuer: 'i', audience: 'a', clock });
  const signIn = async (kid: string, sub = 'u', named: string | null = kid) => {
    const jwt = new SignJWT({ sub, iss: 'i', aud: 'a', exp: clock.now() / 1000 + 60 });
    const key = keys[kid]?.privateKey ?? (await generateKeyPair('ES256')).privateKey;
    const token = await jwt.setProtectedHeader({ alg: 'ES256', ...(named === null ? {} : { kid: named }) }).sign(key);
    const user = Promise.resolve(verify(['authorization', `Bearer ${token}`]));
    return user.then(
      () => 'in',
      (error: { extensions: { code: string }; message: string }) => {
        expect(error.message).not.toMatch(/10\.0\.0\.9/);
        return error.extensions.code;
      },
    );
  };
  return { clock, service, signIn, load: () => remote.load() };
}

describe("the provider's keys", () => {
  test('are read once for any number of users, also at the same time', async () => {
    const { service, signIn } = provider(['one']);
    expect(await Promise.all(Array.from({ length: 50 }, (_, i) => signIn('one', `u${i}`)))).toEqual(
      Array(50).fill('in'),
    );
    expect(service.reads).toBe(1);
  });

  test('can be read before the first token, which then causes no request; a provider that is down is no error', async () => {
    const { service, signIn, load } = provider(['one']);
    await load();
    await load();
    expect(await signIn('one')).toBe('in');
    expect(service.reads).toBe(1);
    await expect(provider(null).load()).resolves.toBeUndefined();
  });

  test('keep working through an outage of 48 h', async () => {
    const { clock, service, signIn } = provider(['one']);
    await signIn('one');
    service.published = null;
    for (let hour = 0; hour < 48; hour += 1) {
      clock.advance(3_600_000);
      expect(await signIn('one')).toBe('in');
    }
    expect(service.reads).toBeLessThanOrEqual(49);
  });

  test('an unknown key id is 401 and causes at most one request per 30 s, also during an outage', async () => {
    for (const after of [['one'], null]) {
      const { clock, service, signIn } = provider(['one']);
      await signIn('one');
      service.published = after;
      for (let s = 0; s < 120; s += 1) {
        clock.advance(1_000);
        expect(await signIn('stranger', `u${s}`)).toBe('UNAUTHENTICATED');
      }
      expect(service.reads).toBeLessThanOrEqual(1 + 4);
      expect(await signIn('one')).toBe('in');
    }
  });

  test('a new key is found within 30 s of the last read, and a withdrawn key is refused after 10 min', async () => {
    const { clock, service, signIn } = provider(['one']);
    await signIn('one');
    service.published = ['two'];
    expect(await signIn('two')).toBe('UNAUTHENTICATED');
    expect(await signIn('one', 'x')).toBe('in');
    clock.advance(30_000);
    expect(await signIn('two')).toBe('in');
    expect(await signIn('one', 'y')).toBe('UNAUTHENTICATED');
  });

  test('are all tried for a token without a key id, and a foreign token without one is still 401', async () => {
    const { signIn } = provider(['one', 'two']);
    expect(await signIn('one', 'u', null)).toBe('in');
    expect(await signIn('two', 'v', null)).toBe('in');
    expect(await signIn('stranger', 'w', null)).toBe('UNAUTHENTICATED');
  });

  test('are read again after a wrong signature, so that a key replaced under its id is found within 30 s', async () => {
    const { clock, service, signIn } = provider(['one']);
    await signIn('one');
    service.published = ['two as one'];
    clock.advance(30_000);
    expect(await signIn('two', 'u', 'one')).toBe('in');
    expect(await signIn('one', 'x')).toBe('UNAUTHENTICATED');
    expect(service.reads).toBe(2);
  });

  test('are requested at most once per 30 s for wrong signatures and unknown key ids together', async () => {
    const { clock, service, signIn } = provider(['one']);
    await signIn('one');
    for (let s = 0; s < 120; s += 1) {
      clock.advance(1_000);
      expect(await signIn('stranger', `u${s}`, s % 2 === 0 ? 'one' : 'other')).toBe('UNAUTHENTICATED');
    }
    expect(service.reads).toBeLessThanOrEqual(1 + 4);
  });

  test('that were never read refuse every sign-in with 503 and are requested again each second', async () => {
    const { clock, service, signIn } = provider(null);
    for (let i = 0; i < 10; i += 1) expect(await signIn('one')).toBe('UNAVAILABLE');
    expect(service.reads).toBe(1);
    clock.advance(1_000);
    service.published = ['one'];
    expect(await signIn('one')).toBe('in');
  });

  test('are requested only once while an answer is pending', async () => {
    const { clock, service, signIn } = provider(['one']);
    let arrive = () => {};
    service.delay = new Promise((resolve) => {
      arrive = resolve;
    });
    const first = signIn('one');
    await eventually('the keys are asked for', () => service.reads > 0);
    clock.advance(5_000);
    const second = signIn('one', 'v');
    await new Promise((resolve) => setTimeout(resolve, 20));
    arrive();
    expect([await first, await second, service.reads]).toEqual(['in', 'in', 1]);
  });

  test('a malformed key set counts as an outage', async () => {
    const { clock, service, signIn } = provider(['one']);
    await signIn('one');
    service.published = ['nobody'];
    clock.advance(600_000);
    await signIn('stranger');
    expect(service.reads).toBe(2);
    expect(await signIn('one', 'z')).toBe('in');
  });
});
