// Reads the token of a request: exactly one `Authorization: Bearer <token>` header (RFC 6750 §2.1).
import { ApiError } from '../errors.ts';

const NAME = 'authorization';
/** Maximum length of a token in characters: longer than real ones, short enough to hash cheaply. */
const MAX_TOKEN = 8192;

/**
 * The value of a request's only Authorization header, from its raw headers (`[name, value, name,
 * value, …]`): Node joins or drops repeated headers, so a second one shows only there. Throws
 * UNAUTHENTICATED.
 */
export function authorizationOf(rawHeaders: readonly string[]): string {
  let header: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length !== NAME.length || name.toLowerCase() !== NAME) continue;
    if (header !== undefined) throw unauthenticated('several Authorization headers');
    header = rawHeaders[i + 1];
  }
  if (header === undefined) throw unauthenticated('no Authorization header');
  return header;
}

/** The token in it. Throws UNAUTHENTICATED; the message never contains the token. */
export function tokenIn(authorization: string): string {
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1];
  if (token === undefined || token.length > MAX_TOKEN) throw unauthenticated('another form');
  return token;
}

/** The token of a request, from its raw headers. Throws as the two above. */
export function bearerToken(rawHeaders: readonly string[]): string {
  return tokenIn(authorizationOf(rawHeaders));
}

/** The error of every refused token: one code, one form, nothing from the token. */
export function unauthenticated(given: string): ApiError {
  return new ApiError('UNAUTHENTICATED', `Authorization: expected one valid Bearer token, given ${given}.`);
}
