// The grammar of user ids and resource names, one for all parts. A user id is what an identity
// provider gives: `auth0|64a9…`, an e-mail address, a Korean name. In a resource name, characters
// that the name itself does not allow are percent-encoded (RFC 3986 §2.1, UTF-8, capital letters).

const PLAIN = 'A-Za-z0-9._~@-';
const SEGMENT = `(?:[${PLAIN}]|%[0-9A-F]{2})+`;
const ERN = new RegExp(`^ern:[${PLAIN}]+:${SEGMENT}/${SEGMENT}(?:/${SEGMENT}/${SEGMENT})*$`);
/** Would be resolved, not kept, where a name stands in the path of a URL. */
const DOTS = /(?:^|\/)\.{1,2}(?:\/|$)/;
/** No control, format, private or unassigned characters, no unpaired surrogates, no spaces. */
const USER_ID = /^[^\p{C}\p{Z}]{1,128}$/u;
const NOT_PLAIN = new RegExp(`[^${PLAIN}]`, 'gu');

const CHARACTERS = /^[^\p{C}\p{Z}]+$/u;

/** Maximum length of a resource name in bytes, where an encoded character counts as one. */
export const MAX_ERN_BYTES = 256;
/** Each character is at most four bytes of UTF-8, and each byte three characters when encoded. */
const MAX_ENCODED = 12 * MAX_ERN_BYTES;

/** What {@link isUserId} accepts, for messages. */
export const EXPECTED_USER_ID = 'a user id (1 to 128 characters without spaces and control characters)';

/** Whether the text may be the id of a user. */
export function isUserId(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 256 && USER_ID.test(text) && !DOTS.test(text);
}

/**
 * Whether the text is a well-formed resource name: `ern:<tenant>:<type>/<id>(/<type>/<id>)*`, at
 * most 256 characters, with nothing encoded that need not be. So no two names mean the same.
 */
export function isErn(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > MAX_ENCODED || !ERN.test(text)) return false;
  return text.includes('%') ? isCanonical(text) : text.length <= MAX_ERN_BYTES;
}

/** A user id as it stands in a resource name. */
export function encodeId(id: string): string {
  return id.replace(NOT_PLAIN, encodeCharacter);
}

/** The user id in a segment of a valid resource name. */
export function decodeId(segment: string): string {
  return decodeURIComponent(segment);
}

/** `encodeURIComponent` leaves `!'()*` as they are. */
function encodeCharacter(character: string): string {
  return encodeURIComponent(character).replace(
    /[!'()*]/,
    (plain) => `%${plain.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function isCanonical(name: string): boolean {
  const [scheme, tenant, path] = name.split(':');
  const segments = (path ?? '').split('/');
  try {
    const decoded = segments.map(decodeId);
    const { length } = `${scheme}:${tenant}:${decoded.join('/')}`.replace(/./gsu, 'x');
    return length <= MAX_ERN_BYTES && decoded.every((id, n) => CHARACTERS.test(id) && encodeId(id) === segments[n]);
  } catch {
    // Not UTF-8.
    return false;
  }
}
