// The one way a token is read from a request: exactly one `Authorization: Bearer <token>` header
// (RFC 6750 §2.1).
import { ApiError } from '../errors.ts';

/**
 * Longest token read, in characters: more than any real one, little enough to hash without harm.
 */
const MAX_TOKEN = 8192;

/**
 * The token of a request, from its raw headers (`[name, value, name, value, …]`): node joins or
 * drops repeated headers, so a second Authorization header is seen only there. Throws
 * UNAUTHENTICATED; never repeats the token.
 */
export function bearerToken(rawHeaders: readonly string[]): string {
  const headers = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'authorization');
  const [header] = headers;
  if (header === undefined) throw unauthenticated('no Authorization header');
  if (headers.length > 1) throw unauthenticated(`${headers.length} Authorization headers`);
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(header)?.[1];
  if (token === undefined || token.length > MAX_TOKEN) throw unauthenticated('another form');
  return token;
}

/** Every refusal of a token: one code, one form, nothing of the token itself. */
export function unauthenticated(given: string): ApiError {
  return new ApiError('UNAUTHENTICATED', `Authorization: expected one valid Bearer token, given ${given}.`);
}
