// Finds out what a viewer may see of a user: by the token alone where that settles it, else by the
// viewer's relationships, read through a cache whose copies are never a minute old. What cannot be
// found out is an error, never a permission.
import type { Principal } from '../../auth/principal.ts';
import { ApiError } from '../../errors.ts';
import type { FreshCache, Lifetimes, ReadOptions } from '../cache/fresh-cache.ts';
import type { Relations } from '../model/relations.ts';
import type { AudienceKey } from '../model/slice.ts';
import { type Access, accessByRelationships, accessByToken } from './access.ts';

/**
 * 25 s (+10 %) fresh and 30 s more when the source fails: what was taken from a teacher is gone
 * within 60 s.
 */
export const RELATION_LIFETIMES: Partial<Lifetimes> = {
  fresh: () => 25_000,
  staleWhileRevalidate: 0,
  staleIfError: 30_000,
};

/** Where relationships are read. */
export interface RelationshipReaders {
  /** By user id. */
  readonly relations: FreshCache<string, Relations>;
  readonly audiences: FreshCache<AudienceKey, readonly string[]>;
}

/**
 * What the viewer may see of the user. Asks nobody when the token settles it. Throws UNAVAILABLE
 * when relationships are not known.
 */
export async function findAccess(
  { relations, audiences }: RelationshipReaders,
  viewer: Principal,
  userId: string,
  readOptions: ReadOptions = {},
): Promise<Access> {
  const settled = accessByToken(viewer, userId);
  if (settled !== undefined) return settled;
  const relationships = (await relations.read(viewer.id, readOptions)).value ?? notKnown();
  const none = accessByRelationships(viewer, userId, { ...relationships, audiences: [] });
  if (none !== null || relationships.teaches.length === 0) return none;
  const theirs = (await audiences.read({ kind: 'LECTURE', userId }, readOptions)).value ?? notKnown();
  return accessByRelationships(viewer, userId, { ...relationships, audiences: theirs });
}

/**
 * The users the viewer observes. Asks nobody when the token says that there can be none. Throws
 * UNAVAILABLE when not known.
 */
export async function findObserved(
  { relations }: Pick<RelationshipReaders, 'relations'>,
  viewer: Principal,
  readOptions: ReadOptions = {},
): Promise<readonly string[]> {
  if (!viewer.roles.includes('observer')) return [];
  return ((await relations.read(viewer.id, readOptions)).value ?? notKnown()).observes;
}

/**
 * The courses that the user teaches; null, and nobody is asked, when the viewer's token says that
 * there can be none. Never rejects: courses that cannot be found out are not among them.
 */
export function findTaughtCourses(
  { relations }: Pick<RelationshipReaders, 'relations'>,
  viewer: Principal,
  userId: string,
  readOptions: ReadOptions = {},
): Promise<ReadonlySet<string>> | null {
  const { roles } = viewer;
  // A feed is read without roles; of the roles of others the token says nothing, and of those who
  // see all only administrators see teachers.
  const mayTeach = viewer.id === userId ? roles.length === 0 || roles.includes('teacher') : roles.includes('admin');
  return mayTeach ? relations.read(userId, readOptions).then(({ value }) => new Set(value?.teaches)) : null;
}

function notKnown(): never {
  throw new ApiError('UNAVAILABLE', 'Whose calendars you may read cannot be found out at the moment.');
}
