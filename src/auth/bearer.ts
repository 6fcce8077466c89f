// Reads the token of a request: exactly one `Authorization: Bearer <token>` header (RFC 6750 §2.1).
import { ApiError } from '../errors.ts';

/** Maximum length of a token in characters: longer than real ones, short enough to hash cheaply. */
const MAX_TOKEN = 8192;

/**
 * The token of a request, from its raw headers (`[name, value, name, value, …]`): Node joins or
 * drops repeated headers, so a second Authorization header shows only there. Throws
 * UNAUTHENTICATED; the message never contains the token.
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

/** The error of every refused token: one code, one form, nothing from the token. */
export function unauthenticated(given: string): ApiError {
  return new ApiError('UNAUTHENTICATED', `Authorization: expected one valid Bearer token, given ${given}.`);
}
