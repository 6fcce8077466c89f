// A validator (RFC 9110 §8.8): everything that one answer was read from, with digests of its
// content, and between which instants the answer is right. It is text for an HTTP header, and
// opaque to all others. Pure.
import { DIGEST_LENGTH } from './digest.ts';

/** The caches that an answer is read from. */
export const CACHE_NAMES = ['audiences', 'slices', 'relations', 'memberships'] as const;
export type CacheName = (typeof CACHE_NAMES)[number];

/** Whether this is one of the caches. */
export function isCacheName(name: string): name is CacheName {
  return CACHE_NAMES.some((one) => one === name);
}

/** One value that an answer was read from. */
export interface RecordedRead {
  readonly cache: CacheName;
  /** The cache's identity of the key. */
  readonly id: string;
  readonly digest: string;
  /** When the value was loaded, in milliseconds, if the answer shows it; otherwise null. */
  readonly fetchedAt: number | null;
}

/** See the head of this file. */
export interface Validator {
  /** The settings and the program that made the answer. */
  readonly realm: string;
  /** The answer is right from `since` until before `until`; milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
  readonly reads: readonly RecordedRead[];
}

/** Longer validators are not sent: an HTTP header has limits. */
export const MAX_VALIDATOR_LENGTH = 48 * 1024;

/** All but printable ASCII, the separator, and the sign of encoding. */
const SPECIAL = /[^\x21-\x7e]|[%,]/gu;

/** The validator as text; null if it is too long. */
export function formatValidator({ realm, since, until, reads }: Validator): string | null {
  const parts = reads.map(({ cache, id, digest, fetchedAt }) => {
    const name = id.replace(SPECIAL, (character) => encodeURIComponent(character));
    return `${cache[0]}${digest}${name}@${fetchedAt ?? ''}`;
  });
  const text = [realm, finite(since), finite(until), ...parts].join(',');
  return text.length > MAX_VALIDATOR_LENGTH ? null : text;
}

/** Parses a validator; null when it is malformed. */
export function parseValidator(text: string): Validator | null {
  const [realm = '', since = '', until = '', ...parts] = text.split(',');
  const reads: RecordedRead[] = [];
  for (const part of parts) {
    const cache = CACHE_NAMES.find((name) => name[0] === part[0]);
    const end = part.lastIndexOf('@');
    const id = decoded(part.slice(1 + DIGEST_LENGTH, end));
    if (cache === undefined || id === null || end < 1 + DIGEST_LENGTH) return null;
    const fetchedAt = part.slice(end + 1);
    reads.push({
      cache,
      id,
      digest: part.slice(1, 1 + DIGEST_LENGTH),
      fetchedAt: fetchedAt === '' ? null : Number(fetchedAt),
    });
  }
  return {
    realm,
    since: since === '' ? Number.NEGATIVE_INFINITY : Number(since),
    until: until === '' ? Number.POSITIVE_INFINITY : Number(until),
    reads,
  };
}

const finite = (instant: number): string => (Number.isFinite(instant) ? String(instant) : '');

function decoded(text: string): string | null {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
