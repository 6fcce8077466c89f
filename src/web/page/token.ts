// What the page reads from its token, a JWT, without verifying it: the server relies on none of it.

/** Whose token it is and when it ends. */
export interface TokenClaims {
  /** The user's id; empty if the token has none. */
  readonly userId: string;
  readonly roles: readonly string[];
  /** The end in milliseconds since 1970, by the clock of its issuer; null if it has none. */
  readonly endsAt: number | null;
}

/** The claims of a JWT; null for a text that is none. */
export function claimsOf(token: string): TokenClaims | null {
  try {
    const [, payload = ''] = token.split('.');
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims !== 'object' || claims === null) return null;
    const { sub, roles, exp } = claims as { sub?: unknown; roles?: unknown; exp?: unknown };
    return {
      userId: typeof sub === 'string' ? sub : '',
      roles: Array.isArray(roles) ? roles.map(String) : [],
      endsAt: typeof exp === 'number' ? exp * 1000 : null,
    };
  } catch {
    return null;
  }
}
