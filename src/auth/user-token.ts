// The token that a user shows the gateway: a JWT from the deployment's identity provider, fully
// verified (RFC 8725). Keys in the token itself (`jwk`, `jku`, `x5u`) are ignored: only `keys`
// counts.
import { createHash } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Clock } from '../clock.ts';
import { DAY_MS } from '../durations.ts';
import { ApiError } from '../errors.ts';
import { isUserId } from '../resource-name.ts';
import { authorizationOf, tokenIn, unauthenticated } from './bearer.ts';
import { ExpiringMap } from './expiring-map.ts';
import { type Principal, rolesFrom } from './principal.ts';

/**
 * Asymmetric algorithms only: no secret shared with the provider, and no public key that could be
 * used as a secret.
 */
const ALGORITHMS = ['ES256', 'RS256', 'EdDSA', 'PS256'];
const REMEMBERED = 10_000;
const REMEMBER_MS = 60_000;
/** So many digests of tokens that verified once are remembered until the tokens end. */
const KNOWN = 50_000;
/** Maximum number of keys that are tried for a token without `kid`. */
const MAX_KEYS = 10;

/** What a user's token must fulfil. */
export interface UserVerifierOptions {
  /** The provider's keys: createRemoteKeys, or jose's createLocalJWKSet. */
  readonly keys: JWTVerifyGetKey;
  /**
   * Reads the keys again after a wrong signature, because a key may have been replaced under its
   * id; true if there are other ones now. Default: keys never change.
   */
  readonly newerKeys?: () => Promise<boolean>;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
  /** Maximum lifetime of a token in milliseconds. Default 24 h. */
  readonly maxLifetimeMs?: number;
  /** Tolerated clock difference in milliseconds. Default 5 s. */
  readonly toleranceMs?: number;
}

/** The user of a verified token, and when the token ends, in milliseconds since 1970. */
export interface VerifiedUser {
  readonly principal: Principal;
  readonly endsAt: number;
}

/**
 * Returns the user of a request, from its raw headers: at once for a token that is remembered.
 * Throws, or rejects with, ApiError UNAUTHENTICATED, or UNAVAILABLE while the provider's keys have
 * never been read. `onlyKnown`: a token that has never verified here is refused without checking
 * its signature.
 */
export type VerifyUser = (rawHeaders: readonly string[], onlyKnown?: boolean) => VerifiedUser | Promise<VerifiedUser>;

/**
 * Verifies signature, times, issuer, audience and subject. A verified token is remembered until its
 * end, at most 60 s.
 */
export function createUserVerifier(options: UserVerifierOptions): VerifyUser {
  const { clock, maxLifetimeMs = DAY_MS, toleranceMs = 5_000 } = options;
  const verified = new ExpiringMap<VerifiedUser>(clock, REMEMBERED);
  const known = new ExpiringMap<true>(clock, KNOWN);
  const verify = async (authorization: string, onlyKnown: boolean): Promise<VerifiedUser> => {
    const token = tokenIn(authorization);
    const digest = createHash('sha256').update(token).digest('base64url');
    if (onlyKnown && known.get(digest) === undefined) throw unauthenticated('one that is not known');
    const now = clock.now();
    const claims = await claimsOf(token, options, now, toleranceMs);
    const endsAt = endOf(claims, now, maxLifetimeMs);
    const user = { principal: principalFrom(claims), endsAt };
    // Written in other ways a token would take the place of other users' tokens.
    if (authorization === `Bearer ${token}`)
      verified.set(authorization, user, Math.min(endsAt + toleranceMs, now + REMEMBER_MS));
    known.set(digest, true, endsAt + toleranceMs);
    return user;
  };
  return (rawHeaders, onlyKnown = false) => {
    const authorization = authorizationOf(rawHeaders);
    return verified.get(authorization) ?? verify(authorization, onlyKnown);
  };
}

async function claimsOf(
  token: string,
  { keys, newerKeys, issuer, audience }: UserVerifierOptions,
  now: number,
  toleranceMs: number,
): Promise<JWTPayload> {
  const options: JWTVerifyOptions = {
    algorithms: ALGORITHMS,
    issuer,
    audience,
    requiredClaims: ['sub', 'exp', 'iss', 'aud'],
    currentDate: new Date(now),
    clockTolerance: toleranceMs / 1000,
  };
  try {
    try {
      return await verifyWith(keys, token, options);
    } catch (error) {
      const isOldKey = error instanceof errors.JWSSignatureVerificationFailed && (await newerKeys?.()) === true;
      if (!isOldKey) throw error;
      return await verifyWith(keys, token, options);
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw unauthenticated('one that does not verify');
  }
}

/** Tries every key that fits: a token without `kid` may fit several while keys are rotated. */
async function verifyWith(keys: JWTVerifyGetKey, token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let tried = 0;
    for await (const key of error) {
      tried += 1;
      if (tried > MAX_KEYS) break;
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (refusal) {
        if (!(refusal instanceof errors.JWSSignatureVerificationFailed)) throw refusal;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/**
 * The end of the token, in milliseconds. Refuses lifetimes over `maxLifetimeMs`, counted from `iat`
 * and from now.
 */
function endOf({ exp = 0, iat }: JWTPayload, now: number, maxLifetimeMs: number): number {
  const end = exp * 1000;
  const start = Math.min(now, (iat ?? Number.POSITIVE_INFINITY) * 1000);
  if (end - start > maxLifetimeMs) throw unauthenticated('one with too long a lifetime');
  return end;
}

function principalFrom({ sub, roles, scope }: JWTPayload): Principal {
  // The subject becomes part of resource names and log lines: it must not contain separators or
  // control characters.
  if (!isUserId(sub)) throw unauthenticated('one without a usable sub');
  return {
    id: sub,
    roles: rolesFrom(roles),
    scopes: typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [],
  };
}
