// Signing in: a token in the URL counts only with the state that this tab made and sent.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { signIn, signInAddress } from '../../src/web/page/session.ts';

const TOKEN = `x.${btoa(JSON.stringify({ roles: ['student'] }))}.y`;
let shown: string[];

function browser(hash: string): void {
  Object.assign(globalThis, { location: { hash, pathname: '/', search: '?event=1' } });
}

beforeEach(() => {
  const kept = new Map<string, string>();
  shown = [];
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
    expect(await signIn()).toEqual({ token: TOKEN, demoUser: null, roles: ['student'] });
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

test('every sign-in has a state of its own, of 192 random bits', () => {
  const addresses = new Set(Array.from({ length: 100 }, signInAddress));
  expect(addresses.size).toBe(100);
  for (const address of addresses) expect(address).toMatch(/^\/sign-in\?state=[0-9a-f]{48}$/);
});
