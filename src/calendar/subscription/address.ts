// The address of a user's iCalendar feed: a text that names the user and proves that we made it.
// Whoever has it can read the calendar, so it can be made anew: it carries when that was last done,
// and only the latest is valid.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../../errors.ts';

/**
 * Where it is kept when each user's address was last made anew (milliseconds; 0: never). Shared by
 * replicas, or there is one.
 */
export interface RotationStore {
  rotatedAt(userId: string): Promise<number>;
  /**
   * Remembers `at`, or what is next after the last time if that is later: no rotation leaves the
   * address as it was.
   */
  rotate(userId: string, at: number): Promise<void>;
}

/** Kept in this process: gone with it, so for development only. */
export function memoryRotations(): RotationStore {
  const rotations = new Map<string, number>();
  return {
    rotatedAt: async (userId) => rotations.get(userId) ?? 0,
    rotate: async (userId, at) => void rotations.set(userId, Math.max(at, (rotations.get(userId) ?? 0) + 1)),
  };
}

/**
 * Keeps nothing: addresses are valid as long as their key, and none can be made anew alone. For
 * production without a store.
 */
export function noRotations(): RotationStore {
  return {
    rotatedAt: async () => 0,
    rotate: async () => {
      throw new ApiError('CONFLICT', 'Feed addresses cannot be made anew: this deployment has nowhere to keep that.');
    },
  };
}

/** An address as it is now. */
export interface SubscriptionAddress {
  readonly token: string;
  /** Milliseconds; null: never. */
  readonly rotatedAt: number | null;
}

/** As base64url without padding and without bits to spare: 24 characters. */
const MAC_BYTES = 18;
const MAX_TOKEN = 512;

/**
 * Makes and recognises addresses. `secret`: any of ours; the key is derived for this use alone (RFC
 * 5869).
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

  /** Whose address it is; null for one that is not ours, or no longer. */
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
