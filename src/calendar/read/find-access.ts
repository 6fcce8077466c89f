// Finds out what a viewer may see of a user: from the token where that is enough, otherwise from
// the viewer's relationships, read through a cache whose values are at most a minute old. If the
// relationships cannot be loaded, the result is an error, never a permission.
import type { Principal } from '../../auth/principal.ts';
import { ApiError } from '../../errors.ts';
import type { FreshCache, Lifetimes, ReadOptions } from '../cache/fresh-cache.ts';
import { isUserAudience } from '../model/ern.ts';
import type { Audiences, Relations } from '../model/relations.ts';
import { type Access, accessByRelationships, accessByToken } from './access.ts';

/**
 * 25 s (+10 %) fresh, and 30 s more if the source fails: a permission that was revoked ends within
 * 60 s.
 */
export const RELATION_LIFETIMES: Partial<Lifetimes> = {
  fresh: () => 25_000,
  staleWhileRevalidate: 0,
  staleIfError: 30_000,
};

/** The caches that relationships are read from. */
export interface RelationshipReaders {
  /** Relationships by user id. */
  readonly relations: FreshCache<string, Relations>;
  /** What the lecture service has a user in, by user id. */
  readonly memberships: FreshCache<string, Audiences>;
}

/**
 * What the viewer may see of the user. Loads nothing if the token is enough. Throws UNAVAILABLE
 * when the relationships cannot be loaded.
 */
export async function findAccess(
  { relations, memberships }: RelationshipReaders,
  viewer: Principal,
  userId: string,
  readOptions: ReadOptions = {},
): Promise<Access> {
  const settled = accessByToken(viewer, userId);
  if (settled !== undefined) return settled;
  const relationships = (await relations.read(viewer.id, readOptions)).value ?? notKnown();
  const none = accessByRelationships(viewer, userId, { ...relationships, audiences: [] });
  if (none !== null || relationships.teaches.length === 0) return none;
  const audiences = (await memberships.read(userId, readOptions)).value?.all ?? notKnown();
  return accessByRelationships(viewer, userId, { ...relationships, audiences });
}

/**
 * Whether the two users have a course in common. Throws UNAVAILABLE when this cannot be looked up.
 */
export async function haveCommonCourse(
  { memberships }: Pick<RelationshipReaders, 'memberships'>,
  viewer: Principal,
  userId: string,
  readOptions: ReadOptions = {},
): Promise<boolean> {
  const [mine, theirs] = await Promise.all([viewer.id, userId].map((id) => memberships.read(id, readOptions)));
  const [ours, others] = [mine?.value ?? notKnown(), theirs?.value ?? notKnown()];
  return ours.all.some((audience) => !isUserAudience(audience) && others.all.includes(audience));
}

/**
 * The users that the viewer observes. Loads nothing if the token says that there are none. Throws
 * UNAVAILABLE when they cannot be loaded.
 */
export async function findObserved(
  { relations }: Pick<RelationshipReaders, 'relations'>,
  viewer: Principal,
  readOptions: ReadOptions = {},
): Promise<readonly string[]> {
  if (!viewer.roles.includes('observer')) return [];
  return ((await relations.read(viewer.id, readOptions)).value ?? notKnown()).observes;
}

function notKnown(): never {
  throw new ApiError('UNAVAILABLE', 'Your permissions cannot be looked up at the moment.');
}
