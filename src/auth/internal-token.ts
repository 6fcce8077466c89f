// The token between our services: HS256, valid for sixty seconds, for one audience, with the user
// it acts for, if any. Subgraphs trust nothing else: no header that names a user, no network
// address.
import { decodeJwt, type JWTPayload, jwtVerify, SignJWT } from 'jose';
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

/**
 * The secrets between a caller and the service that it calls, at least 32 bytes each (RFC 7518
 * §3.2): the first one signs, all are accepted, so that a secret can be replaced without a pause.
 * None: the caller may not call the service.
 */
export type SecretsOf = (caller: string, audience: string) => readonly Uint8Array[];

/** Returns a token that is valid for at least 30 s. */
export type SignInternal = (claims: InternalClaims) => Promise<string>;
/** Returns the caller of a token; throws ApiError UNAUTHENTICATED. */
export type VerifyInternal = (token: string) => Promise<Caller>;

/**
 * Signs tokens as `service`. `secret`: one for all our services, of at least 32 bytes, or those of
 * each pair; throws ConfigError for one that is shorter. Signing throws ConfigError for a service
 * with which no secret is shared.
 */
export function createInternalSigner(options: {
  secret: Uint8Array | SecretsOf;
  service: string;
  clock: Clock;
}): SignInternal {
  const { service, clock } = options;
  const secretsOf = pairs(options.secret);
  const signed = new ExpiringMap<{ readonly token: string; readonly secret: Uint8Array }>(clock, REMEMBERED);
  return async ({ audience, scopes = [], user = null }) => {
    const key = JSON.stringify([audience, scopes, user]);
    const [secret] = secretsOf(service, audience);
    if (secret === undefined) {
      throw new ConfigError('INTERNAL_SECRETS', `a secret for ${service}:${audience}`, undefined);
    }
    const known = signed.get(key);
    if (known?.secret === secret) return known.token;
    const now = clock.now();
    const token = await new SignJWT({ scp: scopes.join(' '), ...userClaims(user) })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(service)
      .setAudience(audience)
      .setExpirationTime(new Date(now + LIFETIME_MS))
      .sign(secret);
    signed.set(key, { token, secret }, now + REUSE_MS);
    return token;
  };
}

/** Verifies tokens for `audience`. A verified token is remembered until its end, at most 60 s. */
export function createInternalVerifier(options: {
  secret: Uint8Array | SecretsOf;
  audience: string;
  clock: Clock;
}): VerifyInternal {
  const { audience, clock } = options;
  const secretsOf = pairs(options.secret);
  const verified = new ExpiringMap<Caller>(clock, REMEMBERED);
  return async (token) => {
    const known = verified.get(token);
    if (known !== undefined) return known;
    const now = clock.now();
    const claims = await claimsOf(token, secretsOf, audience, now);
    const caller = callerFrom(claims);
    verified.set(token, caller, Math.min((claims.exp ?? 0) * 1000, now + LIFETIME_MS));
    return caller;
  };
}

/** The claims of a token that is signed with a secret of the caller whom it names. */
async function claimsOf(token: string, secretsOf: SecretsOf, audience: string, now: number): Promise<JWTPayload> {
  const issuer = issuerOf(token);
  const options = {
    algorithms: ['HS256'],
    audience,
    issuer,
    requiredClaims: ['exp', 'iss', 'aud'],
    currentDate: new Date(now),
  };
  for (const secret of secretsOf(issuer, audience)) {
    try {
      return (await jwtVerify(token, secret, options)).payload;
    } catch {
      // Perhaps it is signed with the other secret.
    }
  }
  throw unauthenticated('an internal token that does not verify here');
}

/** The caller that an unverified token names; empty if it names none. */
function issuerOf(token: string): string {
  try {
    const { iss } = decodeJwt<{ readonly iss?: unknown }>(token);
    return typeof iss === 'string' ? iss : '';
  } catch {
    return '';
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

/** The secrets of each pair, each of which is checked when it is used. */
function pairs(secret: Uint8Array | SecretsOf): SecretsOf {
  if (typeof secret === 'function') {
    return (caller, audience) => {
      const secrets = secret(caller, audience);
      for (const one of secrets) checkSecret(one);
      return secrets;
    };
  }
  checkSecret(secret);
  return () => [secret];
}

function checkSecret(secret: Uint8Array): void {
  if (secret.byteLength < 32) throw new ConfigError('INTERNAL_SECRET', 'at least 32 bytes', secret.byteLength);
}
