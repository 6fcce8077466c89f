// The owner of the shown calendar: the signed-in user, or ?user=<id> for users who may see others.
// A parent who has not chosen sees the first child.
import { DOCUMENTS } from '../operations/documents.ts';
import { parseAddress } from './address.ts';
import { ask } from './graph.ts';
import type { Observed } from './graph-types.ts';
import type { Session } from './session.ts';

/** The owner, and who else may be chosen. */
export interface CalendarOwner {
  /** Null: the signed-in user's own. */
  readonly user: string | null;
  /** The children that a parent may choose from. */
  readonly observed: readonly string[];
  /** Whether other users may be chosen by id. */
  readonly canPickAnyUser: boolean;
}

/**
 * Finds the owner; asks the API only for parents. The server checks permission again with every
 * answer.
 */
export async function findCalendarOwner({ token, userId, roles }: Session): Promise<CalendarOwner> {
  const given = parseAddress(location.search).user;
  const user = given === userId ? null : given;
  const canPickAnyUser = roles.includes('teacher') || roles.includes('admin');
  if (!roles.includes('observer')) return { user, observed: [], canPickAnyUser };
  const answer = await ask<Observed>(token, DOCUMENTS.observed, {}).catch(() => null);
  const observed = (answer?.observed ?? []).map(({ id }) => id);
  return { user: user ?? observed[0] ?? null, observed, canPickAnyUser };
}

/** Shows the same period of another user; an empty name: one's own. */
export function showCalendarOf(user: string): void {
  const address = new URLSearchParams(location.search);
  for (const name of ['user', 'event', 'hideCourse']) address.delete(name);
  if (user !== '') address.set('user', user);
  location.search = address.toString();
}
