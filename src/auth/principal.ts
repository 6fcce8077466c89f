// Who is asking: a signed-in user as the gateway knows them, and a caller as a subgraph knows them.

const ROLES = ['student', 'teacher', 'observer', 'admin'] as const;

/**
 * What kinds of relation to others a user may have; the relations themselves are asked of the
 * services.
 */
export type Role = (typeof ROLES)[number];

/** A signed-in user, from a verified token. */
export interface Principal {
  readonly id: string;
  readonly roles: readonly Role[];
  /** OAuth scopes, e.g. `calendar:read-any` (an administrator reading anyone). */
  readonly scopes: readonly string[];
}

/** Who calls a subgraph, from a verified internal token. */
export interface Caller {
  /** The calling service: `gateway`, `calendar`, `lecture`. */
  readonly service: string;
  /** What the service may do here for itself, e.g. `schedule:read`. */
  readonly scopes: readonly string[];
  /** The user on whose behalf, or null when the service calls as itself. */
  readonly user: Principal | null;
}

/**
 * The roles we know among a claim's values; anything else in it is somebody else's and passed over.
 */
export function rolesFrom(claim: unknown): readonly Role[] {
  return Array.isArray(claim) ? ROLES.filter((role) => claim.includes(role)) : [];
}
