// The digest of a cached value's content: equal for equal content, in every process. It is computed
// once for each value, when it is first needed.
import { createHash } from 'node:crypto';

/** Characters of a digest: 96 bits. */
export const DIGEST_LENGTH = 16;
const DIGEST_BYTES = 12;

const DIGESTS = new WeakMap<object, string>();

/** The digest of an immutable value: {@link DIGEST_LENGTH} characters of base64url. */
export function digestOf(value: object): string {
  const known = DIGESTS.get(value);
  if (known !== undefined) return known;
  const bytes = createHash('sha256').update(JSON.stringify(value, withCollections)).digest();
  // Not a part of a longer text, which V8 would keep with it.
  const short = bytes.toString('base64url', 0, DIGEST_BYTES);
  DIGESTS.set(value, short);
  return short;
}

/** JSON would write a set or a map as an empty object. */
function withCollections(_: string, part: unknown): unknown {
  return part instanceof Set || part instanceof Map ? [...part] : part;
}
