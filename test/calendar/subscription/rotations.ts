// The contract of every store of rotations.
import { expect, test } from '@jest/globals';
import type { RotationStore } from '../../../src/calendar/subscription/address.ts';

/** Tests a store that is empty for `user`. */
export function testsRotations(create: () => RotationStore): void {
  test('a user without rotation has the time 0, and each user has their own time', async () => {
    const store = create();
    const rotatedAt = async (user: string) => (await store.rotationOf(user)).at;
    expect(await rotatedAt('a')).toBe(0);
    await store.rotate('a', 1_772_409_600_000);
    expect([await rotatedAt('a'), await rotatedAt('b')]).toEqual([1_772_409_600_000, 0]);
  });

  test('every rotation is later than the previous one, even if the clock goes back', async () => {
    const store = create();
    const rotatedAt = async (user: string) => (await store.rotationOf(user)).at;
    await store.rotate('c', 5_000);
    await store.rotate('c', 5_000);
    await store.rotate('c', 4_000);
    expect(await rotatedAt('c')).toBe(5_002);
  });

  test('user ids with special meaning elsewhere are ordinary ids', async () => {
    const store = create();
    const rotatedAt = async (user: string) => (await store.rotationOf(user)).at;
    for (const name of ['__proto__', 'constructor', 'a b\r\nc', '한글', '']) {
      expect(await rotatedAt(name)).toBe(0);
      await store.rotate(name, 7);
      expect(await rotatedAt(name)).toBe(7);
    }
  });
}
