// Signing in: a token in the URL counts only with the state that this tab made and sent, and a new
// token only for the user who is signed in.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { refusalOf, signIn, signInAddress } from '../../src/web/page/session.ts';

const tokenOf = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;
const TOKEN = tokenOf({ sub: 'student-1', roles: ['student'], exp: 1_800_000_000 });
const SIGNED_IN = {
  token: TOKEN,
  userId: 'student-1',
  demoUser: null,
  roles: ['student'],
  endsAt: 1_800_000_000_000,
};
let shown: string[];

function browser(hash: string): void {
  Object.assign(globalThis, { location: { hash, pathname: '/', search: '?event=1' } });
}

beforeEach(() => {
  const kept = new Map<string, string>();
  shown = [];
  browser('');
  Object.assign(globalThis, {
    sessionStorage: {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => kept.set(name, value),
      removeItem: (name: string) => kept.delete(name),
    },
    history: { replaceState: (_: null, __: string, url: string) => shown.push(url) },
    fetch: async () => new Response('', { status: 404 }),
  });
});
afterEach(() => {
  for (const name of ['location', 'history', 'sessionStorage']) Reflect.deleteProperty(globalThis, name);
});

describe('#access_token', () => {
  const earlier = (state: string, _later: string) => `&state=${state}`;
  const sent = () => new URL(signInAddress(), 'http://x').searchParams.get('state') ?? '';

  test('with the state that the page made signs the user in, for as long as the tab is open', async () => {
    browser(`#access_token=${TOKEN}&state=${sent()}`);
    expect(await signIn()).toEqual(SIGNED_IN);
    browser('');
    expect(await signIn()).toMatchObject({ token: TOKEN });
  });

  test.each([
    ['without a state', () => ''],
    ['with an empty state', () => '&state='],
    ['with a foreign state', () => '&state=0a1b'],
    ['with the state of an earlier sign-in', () => earlier(sent(), sent())],
  ])('%s is ignored and removed from the URL', async (_, state) => {
    browser(`#access_token=${TOKEN}${state()}`);
    expect(await signIn()).toBeNull();
    expect(shown).toEqual(['/?event=1']);
  });

  test('without a sign-in before is ignored, even with an empty state', async () => {
    browser(`#access_token=${TOKEN}&state=null`);
    expect(await signIn()).toBeNull();
  });

  test('is accepted once: the same URL again changes nothing', async () => {
    const hash = `#access_token=${TOKEN}&state=${sent()}`;
    browser(hash);
    await signIn();
    sessionStorage.removeItem('calendar.token');
    browser(hash);
    expect(await signIn()).toBeNull();
  });
});

test('after the sign-in the page is at the address that the user came from', async () => {
  browser('');
  location.search = '?event=ern&user=student-2';
  const state = new URL(signInAddress(), 'http://x').searchParams.get('state');
  browser(`#access_token=${TOKEN}&state=${state}`);
  location.search = '';
  expect(await signIn()).toMatchObject({ userId: 'student-1' });
  expect(shown).toEqual(['/?event=ern&user=student-2']);
});

test('a new token must be a JWT of the user who is signed in', () => {
  expect(refusalOf(TOKEN, null)).toBeNull();
  expect(refusalOf(tokenOf({ sub: 'student-1', exp: 1_900_000_000 }), SIGNED_IN)).toBeNull();
  expect(refusalOf('not.a.token', SIGNED_IN)).toBe('token: expected a JWT');
  expect(refusalOf(tokenOf({ sub: '학생-2' }), SIGNED_IN)).toBe(
    'token: expected one of the user student-1, who is signed in, given one of 학생-2',
  );
});

test('every sign-in has a state of its own, of 192 random bits', () => {
  const addresses = new Set(Array.from({ length: 100 }, signInAddress));
  expect(addresses.size).toBe(100);
  for (const address of addresses) expect(address).toMatch(/^\/sign-in\?state=[0-9a-f]{48}$/);
});
