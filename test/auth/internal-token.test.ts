// Internal tokens: what is accepted, what is refused, and that each is signed and verified once.
import { describe, expect, test } from '@jest/globals';
import { decodeJwt, SignJWT } from 'jose';
import { ExpiringMap } from '../../src/auth/expiring-map.ts';
import { createInternalSigner, createInternalVerifier } from '../../src/auth/internal-token.ts';
import type { Principal } from '../../src/auth/principal.ts';
import { ApiError, ConfigError } from '../../src/errors.ts';
import { handClock } from './hand-clock.ts';

const secret = new Uint8Array(32).fill(7);
const student: Principal = { id: 'student-1', roles: ['student'], scopes: ['calendar:read'] };

function services() {
  const clock = handClock();
  const sign = createInternalSigner({ secret, service: 'calendar', clock });
  const verify = createInternalVerifier({ secret, audience: 'lecture', clock });
  return { clock, sign, verify };
}

const refused = async (promise: Promise<unknown>) => {
  const error = await promise.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect((error as ApiError).extensions.code).toBe('UNAUTHENTICATED');
  return (error as ApiError).message;
};

describe('an internal token', () => {
  test('names the calling service, its scopes and the user', async () => {
    const { sign, verify } = services();
    const token = await sign({ audience: 'lecture', scopes: ['schedule:read', 'enrollment:write'], user: student });
    expect(await verify(token)).toEqual({
      service: 'calendar',
      scopes: ['schedule:read', 'enrollment:write'],
      user: student,
    });
  });

  test('without a user names the service alone', async () => {
    const { sign, verify } = services();
    expect(await verify(await sign({ audience: 'lecture' }))).toEqual({ service: 'calendar', scopes: [], user: null });
  });

  test('is valid for sixty seconds, cached or not', async () => {
    const { clock, sign, verify } = services();
    const token = await sign({ audience: 'lecture' });
    clock.advance(59_000);
    await verify(token);
    clock.advance(1_000);
    await refused(verify(token));
  });

  test('is reused for 30 s for each audience, scopes and user, then replaced', async () => {
    const { clock, sign } = services();
    const first = await sign({ audience: 'lecture', user: student });
    clock.advance(29_999);
    expect(await sign({ audience: 'lecture', user: student })).toBe(first);
    const others = [
      await sign({ audience: 'attendance', user: student }),
      await sign({ audience: 'lecture', user: { ...student, id: 'student-2' } }),
      await sign({ audience: 'lecture', user: { ...student, roles: ['admin'] } }),
      await sign({ audience: 'lecture', scopes: ['schedule:read'], user: student }),
      await sign({ audience: 'lecture' }),
    ];
    expect(new Set([first, ...others]).size).toBe(6);
    clock.advance(1);
    expect(decodeJwt(await sign({ audience: 'lecture', user: student })).exp).toBeGreaterThan(
      decodeJwt(first).exp ?? 0,
    );
  });
});

describe('a token is refused', () => {
  const minute = 60;
  const forged = (claims: Record<string, unknown>, key: Uint8Array = secret, alg = 'HS256') =>
    new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
  const now = () => Math.floor(handClock().now() / 1000);
  const good = () => ({ iss: 'calendar', aud: 'lecture', exp: now() + minute });

  test('when it is for another service', async () => {
    const { sign, verify } = services();
    await refused(verify(await sign({ audience: 'attendance', scopes: ['schedule:read'] })));
  });

  test('when it is signed with another secret', async () => {
    await refused(services().verify(await forged(good(), new Uint8Array(32).fill(8))));
  });

  test('when it is signed with another algorithm', async () => {
    const long = new Uint8Array(64).fill(7);
    const verify = createInternalVerifier({ secret: long, audience: 'lecture', clock: handClock() });
    expect(await verify(await forged(good(), long))).toMatchObject({ service: 'calendar' });
    await refused(verify(await forged(good(), long, 'HS512')));
    const none = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(good()))}.`.replaceAll('=', '');
    await refused(services().verify(none));
  });

  test.each(['exp', 'iss', 'aud'])('without %s', async (claim) => {
    await refused(services().verify(await forged({ ...good(), [claim]: undefined })));
  });

  test('when any bit of its signature is flipped', async () => {
    const { sign, verify } = services();
    const token = await sign({ audience: 'lecture' });
    const start = token.lastIndexOf('.') + 1;
    for (let i = start; i < token.length - 1; i += 1) {
      const flipped = token[i] === 'A' ? 'B' : 'A';
      const message = await refused(verify(token.slice(0, i) + flipped + token.slice(i + 1)));
      expect(message).not.toContain(token.slice(0, 20));
    }
  });

  test('when it is malformed', async () => {
    for (const text of ['', '.', '..', 'a.b.c', '🙂', 'x'.repeat(100_000)]) await refused(services().verify(text));
  });
});

describe('with a secret for each pair', () => {
  const secretFor = (text: string) => new TextEncoder().encode(text.padEnd(32, '.'));
  const clock = handClock();
  /** A part that knows the secrets of these pairs, each of which is a text or two. */
  const part = (pairs: Readonly<Record<string, readonly string[]>>) => {
    const secret = (caller: string, audience: string) => (pairs[`${caller}:${audience}`] ?? []).map(secretFor);
    return {
      signAs: (service: string) => createInternalSigner({ secret, service, clock }),
      verifyAt: (audience: string) => createInternalVerifier({ secret, audience, clock }),
    };
  };

  test('a part cannot sign for other parts with the secrets that it knows', async () => {
    const lecture = part({ 'gateway:lecture': ['a'], 'calendar:lecture': ['b'] }).verifyAt('lecture');
    const call = { audience: 'lecture', scopes: ['schedule:read'] };
    expect(await lecture(await part({ 'calendar:lecture': ['b'] }).signAs('calendar')(call))).toMatchObject({
      service: 'calendar',
    });
    // What attendance knows, under every name and for every pair.
    for (const known of ['c', 'd', 'e']) {
      for (const caller of ['gateway', 'calendar', 'attendance', '']) {
        await refused(lecture(await part({ [`${caller}:lecture`]: [known] }).signAs(caller)(call)));
      }
    }
    // The calendar's secret is not the gateway's.
    await refused(lecture(await part({ 'gateway:lecture': ['b'] }).signAs('gateway')(call)));
  });

  test.each(['calendar', 'lecture', 'attendance', 'Gateway', ''])(
    'the secret of the gateway is not accepted from the caller "%s"',
    async (caller) => {
      const lecture = part({ 'gateway:lecture': ['a'], 'calendar:lecture': ['b'] }).verifyAt('lecture');
      const call = { audience: 'lecture', scopes: ['schedule:read'] };
      expect(await lecture(await part({ 'gateway:lecture': ['a'] }).signAs('gateway')(call))).toBeDefined();
      await refused(lecture(await part({ [`${caller}:lecture`]: ['a'] }).signAs(caller)(call)));
    },
  );

  test('a secret is replaced without a refused call: each part has both before one signs with the new one', async () => {
    const pair = 'gateway:calendar';
    const steps = [['old'], ['old', 'new'], ['new', 'old'], ['new']];
    for (const [index, before] of steps.entries()) {
      const after = steps[index + 1] ?? before;
      // While parts are restarted one after the other, either may be a step behind.
      for (const [signing, verifying] of [
        [before, after],
        [after, before],
      ] as const) {
        const token = await part({ [pair]: signing }).signAs('gateway')({ audience: 'calendar' });
        expect(await part({ [pair]: verifying }).verifyAt('calendar')(token)).toMatchObject({ service: 'gateway' });
      }
    }
    const token = await part({ [pair]: ['old'] }).signAs('gateway')({ audience: 'calendar' });
    await refused(part({ [pair]: ['new'] }).verifyAt('calendar')(token));
  });

  test('a call to a part with which there is no secret is an error that names the pair', async () => {
    const sign = part({}).signAs('lecture');
    await expect(sign({ audience: 'calendar' })).rejects.toThrow(
      'INTERNAL_SECRETS: expected a secret for lecture:calendar',
    );
  });
});

test('a secret shorter than 32 bytes stops the start, naming the variable', () => {
  const options = { secret: new Uint8Array(31), clock: handClock() };
  expect(() => createInternalSigner({ ...options, service: 'a' })).toThrow(ConfigError);
  expect(() => createInternalVerifier({ ...options, audience: 'a' })).toThrow(/^INTERNAL_SECRET: .*32 bytes, given 31/);
});

test('the token cache is bounded: the oldest is dropped first, expired ones are not returned', () => {
  const clock = handClock();
  const map = new ExpiringMap<number>(clock, 2);
  const later = clock.now() + 10;
  for (const [i, key] of ['a', 'b', 'a', 'c'].entries()) map.set(key, i, later);
  expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([2, undefined, 3, 2]);
  clock.advance(10);
  expect([map.get('a'), map.get('c'), map.size]).toEqual([undefined, undefined, 0]);
});
