// An identity provider for the processes of one run: a key, and tokens that it signed.
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

export const ISSUER = { JWT_ISSUER: 'https://id.fault.test', JWT_AUDIENCE: 'calendar' };
const LIFETIME_S = 3_600;

/** A key that another process can sign with, and what the gateway reads of it. */
export interface Identity {
  readonly privateJwk: JWK;
  /** The JWKS as text. */
  readonly jwks: string;
}

/** Creates a key of the algorithm ES256. */
export async function createIdentity(): Promise<Identity> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const known = { kid: 'fault', alg: 'ES256' };
  return {
    privateJwk: { ...(await exportJWK(privateKey)), ...known },
    jwks: JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), ...known }] }),
  };
}

/** Signs tokens for users; each is signed once. `user#2` is another token of the same user. */
export async function createTokens(privateJwk: JWK): Promise<(user: string, claims?: object) => Promise<string>> {
  const key = (await importJWK(privateJwk, 'ES256')) as CryptoKey;
  const tokens = new Map<string, Promise<string>>();
  return (user, claims = {}) => {
    const known = tokens.get(user);
    if (known !== undefined) return known;
    const token = new SignJWT({ roles: ['student'], ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'fault' })
      .setSubject(user.replace(/#.*/, ''))
      .setIssuer(ISSUER.JWT_ISSUER)
      .setAudience(ISSUER.JWT_AUDIENCE)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1_000) + LIFETIME_S)
      .sign(key);
    tokens.set(user, token);
    return token;
  };
}
