// The URL token of a user's calendar subscription: it names the user and what it shows, and is
// signed. Anyone who has it can read that, so it can be rotated: it contains the time of the last
// rotation, and only the latest one is valid.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../../errors.ts';

/** The last rotation of a user's addresses. */
export interface Rotation {
  /** Milliseconds; 0: never. */
  readonly at: number;
  /**
   * Which record of rotations says so, in [0-9a-z]. A store that has lost its record begins another
   * one: addresses of the lost record, of which some were ended, are no longer valid.
   */
  readonly record: string;
}

/** Stores the time of each user's last rotation. All replicas must share it. */
export interface RotationStore {
  rotationOf(userId: string): Promise<Rotation>;
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
    rotationOf: async (userId) => ({ at: rotations.get(userId) ?? 0, record: '' }),
    rotate: async (userId, at) => void rotations.set(userId, Math.max(at, (rotations.get(userId) ?? 0) + 1)),
  };
}

/**
 * Stores nothing: addresses are valid as long as their key, and cannot be rotated. For production
 * without a store.
 */
export function noRotations(): RotationStore {
  return {
    rotationOf: async () => ({ at: 0, record: '' }),
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

/** What an address shows of its owner's calendars. */
export interface SubscriptionScope {
  /** The id of a user whom the owner observes; null: the owner's own calendar. */
  readonly child: string | null;
  /** The ERN of a course; null: all courses. */
  readonly course: string | null;
}

/** A valid address. */
export interface CheckedAddress extends SubscriptionScope {
  readonly user: string;
}

const WHOLE: SubscriptionScope = { child: null, course: null };

/** Base64url without padding: 24 characters use all bits. */
const MAC_BYTES = 18;
const MAX_TOKEN = 2_048;

/**
 * Creates and checks addresses. `secrets`: any secret of ours, or several, of which the first makes
 * addresses and all are accepted; the key is derived for this purpose and tenant (RFC 5869).
 */
export class SubscriptionAddresses {
  readonly #secrets: () => readonly Uint8Array[];
  readonly #tenant: string;
  readonly #keys = new WeakMap<Uint8Array, Uint8Array>();
  readonly #rotations: RotationStore;

  constructor(secrets: Uint8Array | (() => readonly Uint8Array[]), rotations: RotationStore, tenant = 'lms') {
    this.#secrets = typeof secrets === 'function' ? secrets : () => [secrets];
    this.#tenant = tenant;
    this.#rotations = rotations;
  }

  async addressOf(userId: string, { child, course }: SubscriptionScope = WHOLE): Promise<SubscriptionAddress> {
    const rotation = await this.#rotations.rotationOf(userId);
    const scope = child === null && course === null ? '' : `.${encoded(JSON.stringify([child, course]))}`;
    const named = `${encoded(userId)}.${versionOf(rotation)}${scope}`;
    return {
      token: `${named}.${this.#macs(named)[0]?.toString('base64url')}`,
      rotatedAt: rotation.at === 0 ? null : rotation.at,
    };
  }

  /**
   * Ends all addresses of the user, and gives the new one of the whole calendar. `now` in
   * milliseconds.
   */
  async rotate(userId: string, now: number): Promise<SubscriptionAddress> {
    await this.#rotations.rotate(userId, now);
    return this.addressOf(userId);
  }

  /** Whose address it is and what it shows; null when it is forged or no longer valid. */
  async check(token: string): Promise<CheckedAddress | null> {
    const match = token.length > MAX_TOKEN ? null : /^([\w-]+)\.([0-9a-z]+)(\.[\w-]+)?\.([\w-]{24})$/.exec(token);
    if (match === null) return null;
    const [, named = '', version = '', scope = '', mac = ''] = match;
    const given = Buffer.from(mac, 'base64url');
    const isOurs = (one: Buffer) => one.length === given.length && timingSafeEqual(one, given);
    if (!this.#macs(`${named}.${version}${scope}`).some(isOurs)) return null;
    const user = decoded(named);
    if (versionOf(await this.#rotations.rotationOf(user)) !== version) return null;
    return { user, ...scopeOf(scope) };
  }

  /** One for each secret. */
  #macs(text: string): readonly Buffer[] {
    return this.#secrets().map((secret) =>
      createHmac('sha256', this.#keyOf(secret)).update(text).digest().subarray(0, MAC_BYTES),
    );
  }

  #keyOf(secret: Uint8Array): Uint8Array {
    const known = this.#keys.get(secret);
    if (known !== undefined) return known;
    const key = new Uint8Array(hkdfSync('sha256', secret, this.#tenant, 'calendar feed address', 32));
    this.#keys.set(secret, key);
    return key;
  }
}

const versionOf = ({ at, record }: Rotation): string => `${record}${at.toString(36)}`;

/** It is signed, so it is what `addressOf` has written; empty: the whole calendar. */
function scopeOf(text: string): SubscriptionScope {
  if (text === '') return WHOLE;
  const [child = null, course = null] = JSON.parse(decoded(text.slice(1))) as (string | null)[];
  return { child, course };
}

const encoded = (text: string): string => Buffer.from(text).toString('base64url');
const decoded = (text: string): string => Buffer.from(text, 'base64url').toString();
