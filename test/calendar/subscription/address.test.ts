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
      expect(await addresses.ownerOf(token)).toBe(id);
    }),
  );
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
        expect(await addresses.ownerOf(changed)).toBe(changed === token ? 'student-1' : null);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a malformed address is invalid, never an error', async () => {
  const addresses = new SubscriptionAddresses(SECRET, memoryRotations());
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => expect(await addresses.ownerOf(text)).toBeNull()),
  );
  expect(await addresses.ownerOf('A'.repeat(100_000))).toBeNull();
});

test('an address is valid in other processes with the same secret, and in none with another', async () => {
  const rotations = memoryRotations();
  const { token } = await new SubscriptionAddresses(SECRET, rotations).addressOf('student-1');
  expect(await new SubscriptionAddresses(SECRET, rotations).ownerOf(token)).toBe('student-1');
  expect(await new SubscriptionAddresses(OTHER, rotations).ownerOf(token)).toBeNull();
});

test('two rotations within a millisecond give two addresses, and only the last is valid', async () => {
  const addresses = new SubscriptionAddresses(SECRET, memoryRotations());
  const all = [await addresses.addressOf('student-1')];
  for (let n = 0; n < 3; n += 1) all.push(await addresses.rotate('student-1', 1_000));
  expect(await Promise.all(all.map(({ token }) => addresses.ownerOf(token)))).toEqual([null, null, null, 'student-1']);
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
  expect(await addresses.ownerOf(token)).toBe('student-1');
});
