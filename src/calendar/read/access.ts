// Who may see whose calendar: one pure function over what is known of the viewer, asked before any
// cache is.
import type { Principal } from '../../auth/principal.ts';
import { isWithin } from '../model/ern.ts';

/**
 * What a viewer may see of a user: everything, or the events of these courses (ERNs). Null:
 * nothing.
 */
export type Access = 'ALL' | ReadonlySet<string> | null;

/** What has to be known of viewer and user. */
export interface Relationships {
  /** Courses the viewer teaches. */
  readonly teaches: readonly string[];
  /** Users the viewer observes. */
  readonly observes: readonly string[];
  /** The user's audiences. */
  readonly audiences: readonly string[];
}

/** The scope an administrator needs besides the role. */
export const READ_ANY = 'calendar:read-any';

/**
 * What the token alone settles: oneself, an administrator, or somebody who can have no
 * relationships at all. Else undefined.
 */
export function accessByToken(viewer: Principal, userId: string): Access | undefined {
  if (viewer.id === userId) return 'ALL';
  if (viewer.roles.includes('admin') && viewer.scopes.includes(READ_ANY)) return 'ALL';
  return viewer.roles.includes('teacher') || viewer.roles.includes('observer') ? undefined : null;
}

/**
 * What the viewer's relationships allow: observers see all of those they observe, teachers the
 * courses they teach.
 */
export function accessByRelationships(viewer: Principal, userId: string, relationships: Relationships): Access {
  if (viewer.roles.includes('observer') && relationships.observes.includes(userId)) return 'ALL';
  if (!viewer.roles.includes('teacher')) return null;
  const attends = (course: string) => relationships.audiences.some((audience) => isWithin(audience, course));
  const courses = relationships.teaches.filter(attends);
  return courses.length > 0 ? new Set(courses) : null;
}
