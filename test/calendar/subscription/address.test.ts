// Subscription addresses: each names its owner, cannot be forged, and only the latest is valid.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { memoryRotations, noRotations, SubscriptionAddresses } from '../../../src/calendar/subscription/address.ts';
import { testsRotations } from './rotations.ts';

const SECRET = new TextEncoder().encode('a secret for tests, thirty-two bytes at least');
const OTHER = new TextEncoder().encode('another one for tests, thirty-two bytes');

const user = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });

test('an address names its owner, for any user id', async () => {
  await fc.assert(
    fc.asyncProperty(user, async (id) => {
      const addresses = new SubscriptionAddresses(SECRET, memoryRotations());
      const { token } = await addresses.addressOf(id);
      expect(token).toMatch(/^[\w.-]+$/);
      expect((await addresses.check(token))?.user).toBe(id);
    }),
  );
});

test('an address of a child or a course says so, and is another one than that of the whole calendar', async () => {
  const id = fc.option(user, { nil: null });
  await fc.assert(
    fc.asyncProperty(user, id, id, async (owner, child, course) => {
      const addresses = new SubscriptionAddresses(SECRET, memoryRotations());
      const { token } = await addresses.addressOf(owner, { child, course });
      expect(await addresses.check(token)).toEqual({ user: owner, child, course });
      const [named = '', at = '', ...rest] = token.split('.');
      if (rest.length > 1) expect(await addresses.check([named, at, rest.at(-1)].join('.'))).toBeNull();
    }),
  );
});

test('an address is of one tenant', async () => {
  const rotations = memoryRotations();
  const { token } = await new SubscriptionAddresses(SECRET, rotations, 'one').addressOf('student-1');
  expect(await new SubscriptionAddresses(SECRET, rotations, 'other').check(token)).toBeNull();
});

test('an address with one character changed, added or removed is invalid', async () => {
  const addresses = new SubscriptionAddresses(SECRET, memoryRotations());
  const { token } = await addresses.addressOf('student-1');
  await fc.assert(
    fc.asyncProperty(
      fc.nat(token.length),
      fc.nat(1),
      fc.constantFrom('A', '0', 'a', '.', '-', ''),
      async (at, cut, put) => {
        const changed = token.slice(0, at) + put + token.slice(at + cut);
        expect((await addresses.check(changed))?.user).toBe(changed === token ? 'student-1' : undefined);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a malformed address is invalid, never an error', async () => {
  const addresses = new SubscriptionAddresses(SECRET, memoryRotations());
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => expect(await addresses.check(text)).toBeNull()),
  );
  expect(await addresses.check('A'.repeat(100_000))).toBeNull();
});

test('an address is valid in other processes with the same secret, and in none with another', async () => {
  const rotations = memoryRotations();
  const { token } = await new SubscriptionAddresses(SECRET, rotations).addressOf('student-1');
  expect((await new SubscriptionAddresses(SECRET, rotations).check(token))?.user).toBe('student-1');
  expect(await new SubscriptionAddresses(OTHER, rotations).check(token)).toBeNull();
});

test('two rotations within a millisecond give two addresses, and only the last is valid', async () => {
  const addresses = new SubscriptionAddresses(SECRET, memoryRotations());
  const all = [await addresses.addressOf('student-1')];
  for (let n = 0; n < 3; n += 1) all.push(await addresses.rotate('student-1', 1_000));
  expect(await Promise.all(all.map(({ token }) => addresses.check(token)))).toEqual([
    null,
    null,
    null,
    { user: 'student-1', child: null, course: null },
  ]);
  expect(all.map(({ rotatedAt }) => rotatedAt)).toEqual([null, 1_000, 1_001, 1_002]);
});

describe('rotations in memory', () => {
  testsRotations(memoryRotations);
});

test('without a store addresses are valid, and a rotation is a CONFLICT', async () => {
  const addresses = new SubscriptionAddresses(SECRET, noRotations());
  const { token } = await addresses.addressOf('student-1');
  await expect(addresses.rotate('student-1', 1_000)).rejects.toMatchObject({
    message: 'Subscription URLs cannot be rotated: this deployment has no store for rotations.',
    extensions: { code: 'CONFLICT' },
  });
  expect((await addresses.check(token))?.user).toBe('student-1');
});
