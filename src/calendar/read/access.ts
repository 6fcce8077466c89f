// Who may see whose calendar: one pure function over what is known of the viewer, asked before any cache is.
import type { Principal } from '../../auth/principal.ts';
import { isWithin } from '../model/ern.ts';

/** What a viewer may see of a user: everything, or the events of these courses (ERNs). Null: nothing. */
export type Access = 'ALL' | ReadonlySet<string> | null;

/** What has to be known of viewer and user. */
export interface Ties {
  /** Courses the viewer teaches. */
  readonly teaches: readonly string[];
  /** Users the viewer observes. */
  readonly observes: readonly string[];
  /** The user's audiences. */
  readonly audiences: readonly string[];
}

/** The scope an administrator needs besides the role. */
export const READ_ANY = 'calendar:read-any';

/** What the token alone settles: oneself, an administrator, or somebody who can have no ties at all. Else undefined. */
export function accessByToken(viewer: Principal, userId: string): Access | undefined {
  if (viewer.id === userId) return 'ALL';
  if (viewer.roles.includes('admin') && viewer.scopes.includes(READ_ANY)) return 'ALL';
  return viewer.roles.includes('teacher') || viewer.roles.includes('observer') ? undefined : null;
}

/** What the viewer's ties allow: observers see all of those they observe, teachers the courses they teach. */
export function accessByTies(viewer: Principal, userId: string, ties: Ties): Access {
  if (viewer.roles.includes('observer') && ties.observes.includes(userId)) return 'ALL';
  if (!viewer.roles.includes('teacher')) return null;
  const attends = (course: string) => ties.audiences.some((audience) => isWithin(audience, course));
  const courses = ties.teaches.filter(attends);
  return courses.length > 0 ? new Set(courses) : null;
}
