// User tokens: what is accepted, what is refused, and how long a verified token is cached.
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CryptoKey,
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { createDevIssuer } from '../../src/auth/dev-keys.ts';
import { createUserVerifier, type UserVerifierOptions, type VerifyUser } from '../../src/auth/user-token.ts';
import { ApiError } from '../../src/errors.ts';
import { handClock } from './hand-clock.ts';

const issuer = 'https://login.example';
const audience = 'calendar';
const headers = (token: string) => ['Host', 'x', 'Authorization', `Bearer ${token}`];

let privateKey: CryptoKey;
let publicKey: CryptoKey;
let foreign: CryptoKey;

beforeAll(async () => {
  ({ privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true }));
  ({ privateKey: foreign } = await generateKeyPair('ES256'));
});

async function provider() {
  const clock = handClock();
  const now = clock.now() / 1000;
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' };
  let lookups = 0;
  const local = createLocalJWKSet({ keys: [jwk] });
  const verify = verifier({
    keys: async (header, token) => {
      lookups += 1;
      return local(header, token);
    },
    issuer,
    audience,
    clock,
  });
  const good: JWTPayload = { sub: 'student-1', iss: issuer, aud: audience, iat: now, exp: now + 3600 };
  const token = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, key = privateKey) =>
    new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'one', ...header }).sign(key);
  return { clock, now, verify, token, jwk, lookups: () => lookups };
}

/** The verifier, whose refusals all are rejections here. */
function verifier(options: UserVerifierOptions) {
  const verify = createUserVerifier(options);
  return async (...request: Parameters<VerifyUser>) => verify(...request);
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect((error as ApiError).extensions.code).toBe('UNAUTHENTICATED');
  return (error as ApiError).message;
}

describe('a valid user token', () => {
  test('gives the user, the known roles, the scopes and its end', async () => {
    const { now, verify, token } = await provider();
    const claims = { roles: ['admin', 'janitor', 7], scope: 'calendar:read-any openid' };
    expect(await verify(headers(await token(claims)))).toEqual({
      principal: { id: 'student-1', roles: ['admin'], scopes: ['calendar:read-any', 'openid'] },
      endsAt: (now + 3600) * 1000,
    });
  });

  test('may omit roles, scope and iat, and may have several audiences', async () => {
    const { verify, token } = await provider();
    const { principal } = await verify(
      headers(await token({ aud: ['other', audience], iat: undefined, scope: undefined })),
    );
    expect(principal).toEqual({ id: 'student-1', roles: [], scopes: [] });
  });

  test.each(['RS256', 'PS256', 'EdDSA'])('may be signed with %s', async (alg) => {
    const pair = await generateKeyPair(alg);
    const clock = handClock();
    const keys = createLocalJWKSet({ keys: [await exportJWK(pair.publicKey)] });
    const token = new SignJWT({ sub: 'u', iss: issuer, aud: audience, exp: clock.now() / 1000 + 60 });
    const verify = verifier({ keys, issuer, audience, clock });
    const signed = await token.setProtectedHeader({ alg }).sign(pair.privateKey);
    expect(await verify(headers(signed))).toMatchObject({ principal: { id: 'u' } });
  });

  test('is verified once a minute, and never accepted after its end', async () => {
    const { clock, verify, token, lookups } = await provider();
    const short = await token({ exp: clock.now() / 1000 + 90 });
    for (let s = 0; s < 95; s += 1) {
      await verify(headers(short));
      clock.advance(1_000);
    }
    expect(lookups()).toBe(2);
    await refusal(verify(headers(short)));
  });
});

describe('a request without a usable token is refused', () => {
  const cases: [string, string[]][] = [
    ['without a token', ['Host', 'x']],
    ['with an empty one', ['Authorization', 'Bearer ']],
    ['with another scheme', ['Authorization', 'Basic dXNlcjpwYXNz']],
    ['with something after the token', ['Authorization', 'Bearer a.b.c d']],
    ['with no token at all in it', ['Authorization', 'Bearer 🙂']],
  ];
  test.each(cases)('%s', async (_, raw) => {
    const { verify } = await provider();
    await refusal(verify(raw));
  });

  test('with a token of more than 8 KB, even if it is valid', async () => {
    const { verify, token } = await provider();
    const large = await token({ picture: 'x'.repeat(5_000) });
    expect(await verify(headers(large))).toMatchObject({ principal: { id: 'student-1' } });
    await refusal(verify(headers(await token({ picture: 'x'.repeat(6_000) }))));
  });

  test('with two Authorization headers, even if both are valid', async () => {
    const { verify, token } = await provider();
    const good = headers(await token());
    expect(await refusal(verify([...good, 'authorization', good[3] ?? '']))).toMatch(/several Authorization headers/);
    expect(await verify(good)).toMatchObject({ principal: { id: 'student-1' } });
  });
});

describe('a token with a bad signature is refused', () => {
  test('alg none', async () => {
    const { verify, token } = await provider();
    const [, payload] = (await token()).split('.');
    for (const alg of ['none', 'None', 'NONE', '']) {
      const head = Buffer.from(JSON.stringify({ alg, kid: 'one' })).toString('base64url');
      await refusal(verify(headers(`${head}.${payload}.`)));
    }
  });

  test('HS256 with the public key as the secret', async () => {
    const { verify, now } = await provider();
    const secrets = [await exportSPKI(publicKey), JSON.stringify(await exportJWK(publicKey))];
    for (const secret of secrets) {
      const claims = new SignJWT({ sub: 'admin-1', iss: issuer, aud: audience, exp: now + 60 });
      const signed = await claims.setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(Buffer.from(secret));
      await refusal(verify(headers(signed)));
    }
  });

  test.each(['ES384', 'RS512', 'PS384'])('%s, an algorithm that is not allowed, with a published key', async (alg) => {
    const pair = await generateKeyPair(alg);
    const keys = createLocalJWKSet({ keys: [await exportJWK(pair.publicKey)] });
    const { clock, now } = await provider();
    const token = new SignJWT({ sub: 'u', iss: issuer, aud: audience, exp: now + 60 }).setProtectedHeader({ alg });
    const verify = verifier({ keys, issuer, audience, clock });
    await refusal(verify(headers(await token.sign(pair.privateKey))));
  });

  test('of an unknown key, even if the token contains that key', async () => {
    const { verify, token } = await provider();
    const pair = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(pair.publicKey);
    const carried = [
      {},
      { jwk },
      { jku: 'http://127.0.0.1:9/keys' },
      { x5u: 'http://127.0.0.1:9/cert' },
      { kid: 'two', jwk },
    ];
    for (const header of carried) await refusal(verify(headers(await token({}, header, pair.privateKey))));
    await refusal(verify(headers(await token({}, {}, foreign))));
  });

  test.each(['two', '', '../../etc/passwd', "' OR 1=1", '__proto__', 'k'.repeat(4_000), 7, null, {}])(
    'of a key named %j',
    async (kid) => {
      const { verify, token } = await provider();
      await refusal(verify(headers(await token({}, { kid }, foreign))));
    },
  );

  test('with any character changed', async () => {
    const { verify, token } = await provider();
    const good = await token();
    for (let i = 0; i < good.length - 1; i += 7) {
      const changed = good.slice(0, i) + (good[i] === 'A' ? 'B' : 'A') + good.slice(i + 1);
      await refusal(verify(headers(changed)));
    }
  });
});

describe('a token with bad claims is refused', () => {
  const day = 24 * 3600;
  const now = handClock().now() / 1000;
  test.each<[string, Record<string, unknown>]>([
    ['no exp', { exp: undefined }],
    ['expired', { exp: now - 6 }],
    ['exp not a number', { exp: 'tomorrow' }],
    ['nbf in the future', { nbf: now + 60 }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'billing' }],
    ['no audience', { aud: undefined }],
    ['a lifetime of ten years', { exp: now + 3650 * day }],
    ['a lifetime of ten years that has run for most of them', { iat: now - 3649 * day, exp: now + day / 2 }],
    ['a lifetime of ten years dated from its end', { iat: now + 3650 * day - 60, exp: now + 3650 * day }],
    ['no sub', { sub: undefined }],
    ['sub an array', { sub: ['student-1'] }],
    ['sub an object', { sub: { id: 'student-1' } }],
    ['sub empty', { sub: '' }],
    ['sub of 5 KB', { sub: 's'.repeat(5_000) }],
    ['sub with a newline', { sub: 'student-1\nadmin-1' }],
    ['sub with a NUL', { sub: 'student-1\0' }],
    ['sub with a direction mark', { sub: 'student\u202e-1' }],
  ])('%s', async (_, claims) => {
    const { verify, token } = await provider();
    const signed = await token(claims);
    const message = await refusal(verify(headers(signed)));
    expect(message.length).toBeLessThan(120);
    expect(message).not.toContain(signed.slice(0, 10));
  });
});

describe('the development issuer', () => {
  test.each([
    ['student-1', ['student'], []],
    ['teacher-12', ['teacher'], []],
    ['observer-1', ['observer'], []],
    ['admin-1', ['admin'], ['calendar:read-any']],
  ])('gives %s a token with roles %j and scopes %j', async (id, roles, scopes) => {
    const clock = handClock();
    const dev = await createDevIssuer({ clock, issuer, audience });
    const verify = verifier({ keys: dev.keys, issuer, audience, clock });
    expect((await verify(headers(await dev.token(id)))).principal).toEqual({ id, roles, scopes });
  });

  test.each(['', 'root', 'student-0', 'student-1 ', 'admin-1;', 'STUDENT-1', 'student-12345678'])(
    'refuses the user name %j with what was expected',
    async (id) => {
      const dev = await createDevIssuer({ clock: handClock(), issuer, audience });
      await expect(dev.token(id)).rejects.toThrow(
        /^user: expected student-N, teacher-N, observer-N or admin-N, given "/,
      );
    },
  );
});

test('where only known tokens are accepted, no signature is checked of one that never verified, and one that did is accepted until its end', async () => {
  const { verify, token, lookups, clock } = await provider();
  const [before, other] = [await token(), await token({ sub: 'student-2' })];
  await verify(headers(before));
  const checked = lookups();
  expect(await refusal(verify(headers(other), true))).toContain('not known');
  expect(await refusal(verify(headers(await token({}, {}, foreign)), true))).toContain('not known');
  expect(lookups()).toBe(checked);
  clock.advance(120_000);
  expect((await verify(headers(before), true)).principal.id).toBe('student-1');
  expect(lookups()).toBe(checked + 1);
  expect((await verify(headers(other))).principal.id).toBe('student-2');
  clock.advance(3_600_000);
  await refusal(verify(headers(before), true));
});
