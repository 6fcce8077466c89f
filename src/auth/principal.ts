// The identity behind a request: a signed-in user at the gateway, a caller at a subgraph.

const ROLES = ['student', 'teacher', 'observer', 'admin'] as const;

/**
 * The kinds of relationships that a user may have; the services know the relationships themselves.
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
  /** What the service itself may do here, e.g. `schedule:read`. */
  readonly scopes: readonly string[];
  /** The user it acts for, or null when it acts for itself. */
  readonly user: Principal | null;
}

/** The known roles among a claim's values; other values are ignored. */
export function rolesFrom(claim: unknown): readonly Role[] {
  return Array.isArray(claim) ? ROLES.filter((role) => claim.includes(role)) : [];
}
