// Promise: a user, or a client address with many refused requests, is answered with 429 beyond its
// limit, and nobody else is.
import { afterEach, expect, test } from '@jest/globals';
import { type ManualClock, manualClock } from '../../harness/clock.ts';
import { eventually } from '../../harness/eventually.ts';
import { startGraph } from '../../harness/graph.ts';
import type { SmallGraph } from '../../harness/small-graph.ts';

let graph: SmallGraph;
let clock: ManualClock;
let owners = 0;
afterEach(() => graph.close());

async function start(options: { userLimit?: number; addressLimit?: number; trustedProxies?: string[] }) {
  clock = manualClock();
  owners = 0;
  const calendarSubscriptionOwner = (_: unknown, { token }: { token: string }) => {
    owners += 1;
    return token.startsWith('valid') ? { user: 'student-1' } : null;
  };
  graph = await startGraph({
    sources: 'small',
    resolvers: { calendar: { Query: { viewer: () => ({ id: 'someone' }), calendarSubscriptionOwner } } },
    gateway: { clock, ...options },
  });
}

const ask = async (user: string) => (await graph.query(user, '{ viewer { id } }')).status;
/** With a token that a client keeps. */
const askWith = async (token: string) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return (await graph.send({ method: 'POST', headers, body: JSON.stringify({ query: '{ viewer { id } }' }) })).status;
};
/** A request without a valid token, through a proxy that says who asks. */
const refused = (from: string) =>
  graph.send({ method: 'POST', headers: { 'x-forwarded-for': from, authorization: 'Bearer x' }, body: '{' });
const subscription = async (token: string) => (await graph.send({ path: `/calendar/${token}.ics` })).status;

test('a user beyond the limit gets 429 with Retry-After before the body is read; others and later requests are answered', async () => {
  await start({ userLimit: 2 });
  expect([await ask('student-1'), await ask('student-1')]).toEqual([200, 200]);
  const headers = { authorization: `Bearer ${await graph.token('student-1')}`, 'content-type': 'application/json' };
  const beyond = await graph.send({ method: 'POST', headers, body: '{ not json' });
  expect([beyond.status, beyond.headers.get('retry-after')]).toEqual([429, '30']);
  expect(beyond.body).toEqual({
    errors: [
      {
        message: 'At most 2 requests a minute for each user. Try again in 30 s.',
        extensions: { code: 'OVERLOADED' },
      },
    ],
  });
  expect((await graph.send({ path: '/live', headers })).status).toBe(429);
  expect(await ask('student-2')).toBe(200);
  await clock.advance(30_000);
  expect([await ask('student-1'), await ask('student-1')]).toEqual([200, 429]);
});

test('a user has a tenth of the requests in flight at a time, and the place of one that ends is free again', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let waiting = 0;
  const viewer = async () => {
    waiting += 1;
    await held;
    return { id: 'someone' };
  };
  const resolvers = { calendar: { Query: { viewer } } };
  graph = await startGraph({ sources: 'small', resolvers, gateway: { userLimit: 1_000, maxInFlight: 121 } });
  const running = Array.from({ length: 13 }, () => ask('student-1'));
  await eventually('all of them', () => waiting === 13);
  const further = await graph.query('student-1', '{ viewer { id } }');
  expect([further.status, further.headers.get('retry-after')]).toEqual([429, '1']);
  expect(further.body.errors?.[0]?.message).toMatch(/^At most 13 requests at a time for each user\./);
  const other = ask('student-2');
  await eventually('another user’s', () => waiting === 14);
  release();
  expect(await Promise.all([...running, other])).toEqual(Array(14).fill(200));
  await eventually('a free place', async () => (await ask('student-1')) === 200);
});

test('an address with too many refused requests gets 429 for further ones, and users who were signed in before are answered', async () => {
  await start({ addressLimit: 3 });
  const [one, other] = [await graph.token('student-1'), await graph.token('student-2')];
  expect(await askWith(one)).toBe(200);
  const statuses = [await refused('1'), await refused('2'), await refused('3'), await refused('4')];
  // Nobody configured a proxy, so what the header says is not believed: it is one address.
  expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
  expect(statuses[3]?.headers.get('retry-after')).toBe('20');
  expect(statuses[3]?.headers.get('www-authenticate')).toBeNull();
  expect([await askWith(one), await askWith(other)]).toEqual([200, 429]);
  await clock.advance(20_000);
  expect([(await refused('5')).status, (await refused('6')).status]).toEqual([401, 429]);
  await clock.advance(20_000);
  expect(await askWith(other)).toBe(200);
});

test('wrong subscription addresses count, and beyond the limit the calendar is not asked', async () => {
  await start({ addressLimit: 2 });
  expect([await subscription('a'), await subscription('b')]).toEqual([404, 404]);
  expect([await subscription('c'), (await refused('1')).status]).toEqual([429, 429]);
  expect(owners).toBe(2);
});

test('beyond the limit a subscription address that was read before is still answered', async () => {
  await start({ addressLimit: 1 });
  expect([await subscription('valid-1'), await subscription('a')]).toEqual([200, 404]);
  expect([await subscription('b'), await subscription('valid-2'), await subscription('valid-1')]).toEqual([
    429, 429, 200,
  ]);
});

test('behind a trusted proxy the client’s address is the last one that no trusted proxy added', async () => {
  await start({ addressLimit: 1, trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] });
  const from = async (header: string) => (await refused(header)).status;
  expect([await from('192.0.2.1'), await from('192.0.2.1')]).toEqual([401, 429]);
  expect([await from('192.0.2.2'), await from('192.0.2.2, 10.1.2.3')]).toEqual([401, 429]);
  // What the client itself writes in front changes nothing.
  expect([await from('198.51.100.1, 192.0.2.3'), await from('198.51.100.2, 192.0.2.3')]).toEqual([401, 429]);
});

test('without a limit nothing is 429', async () => {
  await start({});
  for (let index = 0; index < 20; index += 1) {
    expect([await ask('student-1'), (await refused('1')).status]).toEqual([200, 401]);
  }
});
