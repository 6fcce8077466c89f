// The token between our services: HS256, valid for sixty seconds, for one audience, with the user
// it acts for, if any. Subgraphs trust nothing else: no header that names a user, no network
// address.
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import { ConfigError } from '../errors.ts';
import { unauthenticated } from './bearer.ts';
import { ExpiringMap } from './expiring-map.ts';
import { type Caller, type Principal, rolesFrom } from './principal.ts';

const LIFETIME_MS = 60_000;
/** A token in use is replaced well before its end, so that it does not expire on the way. */
const REUSE_MS = 30_000;
const REMEMBERED = 5_000;

/**
 * The claims of a call: the called service, what the caller may do there, and for which user
 * (absent: for itself).
 */
export interface InternalClaims {
  /** Name of the called service. */
  readonly audience: string;
  readonly scopes?: readonly string[];
  readonly user?: Principal | null;
}

/** Returns a token that is valid for at least 30 s. */
export type SignInternal = (claims: InternalClaims) => Promise<string>;
/** Returns the caller of a token; throws ApiError UNAUTHENTICATED. */
export type VerifyInternal = (token: string) => Promise<Caller>;

/**
 * Signs tokens as `service`. `secret`: at least 32 bytes (RFC 7518 §3.2), shared by our services;
 * throws ConfigError if it is shorter.
 */
export function createInternalSigner(options: { secret: Uint8Array; service: string; clock: Clock }): SignInternal {
  const { secret, service, clock } = options;
  checkSecret(secret);
  const signed = new ExpiringMap<string>(clock, REMEMBERED);
  return async ({ audience, scopes = [], user = null }) => {
    const key = JSON.stringify([audience, scopes, user]);
    const known = signed.get(key);
    if (known !== undefined) return known;
    const now = clock.now();
    const token = await new SignJWT({ scp: scopes.join(' '), ...userClaims(user) })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(service)
      .setAudience(audience)
      .setExpirationTime(new Date(now + LIFETIME_MS))
      .sign(secret);
    signed.set(key, token, now + REUSE_MS);
    return token;
  };
}

/** Verifies tokens for `audience`. A verified token is remembered until its end, at most 60 s. */
export function createInternalVerifier(options: {
  secret: Uint8Array;
  audience: string;
  clock: Clock;
}): VerifyInternal {
  const { secret, audience, clock } = options;
  checkSecret(secret);
  const verified = new ExpiringMap<Caller>(clock, REMEMBERED);
  return async (token) => {
    const known = verified.get(token);
    if (known !== undefined) return known;
    const now = clock.now();
    const claims = await claimsOf(token, secret, audience, now);
    const caller = callerFrom(claims);
    verified.set(token, caller, Math.min((claims.exp ?? 0) * 1000, now + LIFETIME_MS));
    return caller;
  };
}

async function claimsOf(token: string, secret: Uint8Array, audience: string, now: number): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp', 'iss', 'aud'],
      currentDate: new Date(now),
    });
    return payload;
  } catch {
    throw unauthenticated('an internal token that does not verify here');
  }
}

function userClaims(user: Principal | null): JWTPayload {
  return user === null ? {} : { sub: user.id, roles: user.roles, scopes: user.scopes };
}

function callerFrom(claims: JWTPayload): Caller {
  const { iss = '', sub, scp, roles, scopes } = claims;
  const user = sub === undefined ? null : { id: sub, roles: rolesFrom(roles), scopes: strings(scopes) };
  return { service: iss, scopes: typeof scp === 'string' ? scp.split(' ').filter(Boolean) : [], user };
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function checkSecret(secret: Uint8Array): void {
  if (secret.byteLength < 32) throw new ConfigError('INTERNAL_SECRET', 'at least 32 bytes', secret.byteLength);
}
