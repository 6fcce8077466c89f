// An identity provider for development: an ES256 key that is created at start and lost at the end,
// and tokens for demo users. The caller must not use it in production.
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTVerifyGetKey, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import { badInput } from '../errors.ts';
import { DEBUG, READ_ANY } from './rights.ts';

const LIFETIME_MS = 12 * 60 * 60_000;

/** Keys for createUserVerifier, and tokens that they verify. */
export interface DevIssuer {
  readonly keys: JWTVerifyGetKey;
  /**
   * A token of 12 h for `student-N`, `teacher-N`, `observer-N` or `admin-N`, with `debug` also with
   * the scope `calendar:debug`; throws BAD_USER_INPUT for any other user.
   */
  token(userId: string, debug?: boolean): Promise<string>;
}

/**
 * Creates the key. A user's role follows from the name; administrators have the scope
 * `calendar:read-any`.
 */
export async function createDevIssuer(options: { clock: Clock; issuer: string; audience: string }): Promise<DevIssuer> {
  const { clock, issuer, audience } = options;
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return {
    keys: createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'dev' }] }),
    async token(userId, debug = false) {
      const role = /^(student|teacher|observer|admin)-[1-9]\d{0,5}$/.exec(userId)?.[1];
      if (role === undefined) throw badInput('user', 'student-N, teacher-N, observer-N or admin-N', userId);
      const now = clock.now();
      const scopes = [...(role === 'admin' ? [READ_ANY] : []), ...(debug ? [DEBUG] : [])];
      return new SignJWT({ roles: [role], ...(scopes.length > 0 && { scope: scopes.join(' ') }) })
        .setProtectedHeader({ alg: 'ES256', kid: 'dev' })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(new Date(now))
        .setExpirationTime(new Date(now + LIFETIME_MS))
        .sign(privateKey);
    },
  };
}
