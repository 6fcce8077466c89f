// ERNs, hierarchical resource names: ern:<tenant>:<type>/<id>(/<type>/<id>)*. Parsing and parents.

import { encodeId } from '../../resource-name.ts';

export { isErn, isUserId, MAX_ERN_BYTES } from '../../resource-name.ts';

/** The parent of a resource: its name without the last type/id pair. Null if there is none. */
export function parentOf(ern: string): string | null {
  const cut = ern.lastIndexOf('/', ern.lastIndexOf('/') - 1);
  return cut < 0 ? null : ern.slice(0, cut);
}

/** Whether the one equals the other or belongs to it, like a section of a course. */
export function isWithin(ern: string, whole: string): boolean {
  return ern === whole || ern.startsWith(`${whole}/`);
}

/** The outermost resource of a name: the course, of everything below a course. */
export function rootOf(ern: string): string {
  return ern.split('/', 2).join('/');
}

/** The audience that consists of one user alone. */
export function userAudience(tenant: string, userId: string): string {
  return `ern:${tenant}:user/${encodeId(userId)}`;
}

/** Whether the audience is one user alone: its items may be overrides, which leave fields out. */
export function isUserAudience(audience: string): boolean {
  return /^ern:[^:]+:user\/[^/]+$/.test(audience);
}

/**
 * Whether the audience is a course. A course lists only its own resources (teachers see events by
 * course); sections and groups may list those of their course.
 */
export function isCourseAudience(audience: string): boolean {
  return /^ern:[^:]+:course\/[^/]+$/.test(audience);
}

/** Whether the resource belongs to one user, not to a course. */
export function belongsToUser(ern: string): boolean {
  return /^ern:[^:]+:user\//.test(ern);
}
