// Decides who may see whose calendar. A pure function, called before any cache is read.
import type { Principal } from '../../auth/principal.ts';
import { allows, mayAdministrate, mayObserve, mayTeach } from '../../auth/rights.ts';
import { isWithin } from '../model/ern.ts';

/** What a viewer may see of a user: all events, or those of these courses (ERNs). Null: nothing. */
export type Access = 'ALL' | ReadonlySet<string> | null;

/** What the decision depends on. */
export interface Relationships {
  /** ERNs of the courses that the viewer teaches. */
  readonly teaches: readonly string[];
  /** Ids of the users that the viewer observes. */
  readonly observes: readonly string[];
  /** The user's audiences. */
  readonly audiences: readonly string[];
}

/**
 * The decision, if the token alone is enough: for oneself, for an administrator, and for users who
 * cannot have relationships. Otherwise undefined.
 */
export function accessByToken(viewer: Principal, userId: string): Access | undefined {
  if (viewer.id === userId && allows('calendar', 'self')) return 'ALL';
  if (mayAdministrate(viewer, 'calendar')) return 'ALL';
  return mayTeach(viewer) || mayObserve(viewer) ? undefined : null;
}

/**
 * The decision by relationships: observers see everything of the users they observe, teachers the
 * courses they teach.
 */
export function accessByRelationships(viewer: Principal, userId: string, relationships: Relationships): Access {
  if (mayObserve(viewer) && allows('calendar', 'observer') && relationships.observes.includes(userId)) return 'ALL';
  if (!(mayTeach(viewer) && allows('calendar', 'staff'))) return null;
  const attends = (course: string) => relationships.audiences.some((audience) => isWithin(audience, course));
  const courses = relationships.teaches.filter(attends);
  return courses.length > 0 ? new Set(courses) : null;
}
