// The URL token of a user's calendar subscription: it names the user and is signed. Anyone who has
// it can read the calendar, so it can be rotated: it contains the time of the last rotation, and
// only the latest one is valid.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../../errors.ts';

/**
 * Stores the time of each user's last rotation (milliseconds; 0: never). All replicas must share
 * it.
 */
export interface RotationStore {
  rotatedAt(userId: string): Promise<number>;
  /**
   * Stores `at`, or the next millisecond if that is not later than the last rotation: every
   * rotation changes the address.
   */
  rotate(userId: string, at: number): Promise<void>;
}

/** In memory, for development only: it is lost when the process ends. */
export function memoryRotations(): RotationStore {
  const rotations = new Map<string, number>();
  return {
    rotatedAt: async (userId) => rotations.get(userId) ?? 0,
    rotate: async (userId, at) => void rotations.set(userId, Math.max(at, (rotations.get(userId) ?? 0) + 1)),
  };
}

/**
 * Stores nothing: addresses are valid as long as their key, and cannot be rotated. For production
 * without a store.
 */
export function noRotations(): RotationStore {
  return {
    rotatedAt: async () => 0,
    rotate: async () => {
      throw new ApiError(
        'CONFLICT',
        'Subscription URLs cannot be rotated: this deployment has no store for rotations.',
      );
    },
  };
}

/** The current address. */
export interface SubscriptionAddress {
  readonly token: string;
  /** Milliseconds; null: never. */
  readonly rotatedAt: number | null;
}

/** Base64url without padding: 24 characters use all bits. */
const MAC_BYTES = 18;
const MAX_TOKEN = 512;

/**
 * Creates and checks addresses. `secret`: any secret of ours; the key is derived for this purpose
 * (RFC 5869).
 */
export class SubscriptionAddresses {
  readonly #key: Uint8Array;
  readonly #rotations: RotationStore;

  constructor(secret: Uint8Array, rotations: RotationStore) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', 'calendar feed address', 32));
    this.#rotations = rotations;
  }

  async addressOf(userId: string): Promise<SubscriptionAddress> {
    const at = await this.#rotations.rotatedAt(userId);
    const named = `${Buffer.from(userId).toString('base64url')}.${at.toString(36)}`;
    return { token: `${named}.${this.#mac(named).toString('base64url')}`, rotatedAt: at === 0 ? null : at };
  }

  /** `now` in milliseconds. */
  async rotate(userId: string, now: number): Promise<SubscriptionAddress> {
    await this.#rotations.rotate(userId, now);
    return this.addressOf(userId);
  }

  /** The user of an address; null when it is forged or no longer valid. */
  async ownerOf(token: string): Promise<string | null> {
    const match = token.length > MAX_TOKEN ? null : /^([\w-]+)\.([0-9a-z]+)\.([\w-]{24})$/.exec(token);
    if (match === null) return null;
    const [, user = '', at = '', mac = ''] = match;
    const [given, expected] = [Buffer.from(mac, 'base64url'), this.#mac(`${user}.${at}`)];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const userId = Buffer.from(user, 'base64url').toString();
    return (await this.#rotations.rotatedAt(userId)) === Number.parseInt(at, 36) ? userId : null;
  }

  #mac(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest().subarray(0, MAC_BYTES);
  }
}
