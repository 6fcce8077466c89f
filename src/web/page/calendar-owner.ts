// Whose calendar is shown: one's own, or that of ?user=<id> for those who may see others'. A parent
// who has chosen nobody sees their first child's.
import { DOCUMENTS } from '../operations/documents.ts';
import { ask } from './graph.ts';
import type { Observed } from './graph-types.ts';
import type { Session } from './session.ts';

/** Whose calendar it is, and how another can be chosen. */
export interface CalendarOwner {
  /** Null: the signed-in user's own. */
  readonly user: string | null;
  /** Those a parent may choose from. */
  readonly observed: readonly string[];
  /** Whether others may be named by their ids. */
  readonly canPickAnyUser: boolean;
}

/**
 * Finds out; asks only for a parent. What a parent may see is asked again of the server with every
 * answer.
 */
export async function findWhose({ token, roles }: Session): Promise<CalendarOwner> {
  const user = new URLSearchParams(location.search).get('user');
  const canPickAnyUser = roles.includes('teacher') || roles.includes('admin');
  if (!roles.includes('observer')) return { user, observed: [], canPickAnyUser };
  const answer = await ask<Observed>(token, DOCUMENTS.observed, {}).catch(() => null);
  const observed = (answer?.observed ?? []).map(({ id }) => id);
  return { user: user ?? observed[0] ?? null, observed, canPickAnyUser };
}

/** Shows another's; an empty name: one's own. */
export function chooseWhose(user: string): void {
  location.search = user === '' ? '' : String(new URLSearchParams({ user }));
}
