// Finds out what a viewer may see of a user: from the token where that is enough, otherwise from
// the viewer's relationships, read through a cache whose values are at most a minute old. If the
// relationships cannot be loaded, the result is an error, never a permission.
import type { Principal } from '../../auth/principal.ts';
import { mayObserve } from '../../auth/rights.ts';
import { ApiError } from '../../errors.ts';
import type { FreshCache, Lifetimes, ReadOptions } from '../cache/fresh-cache.ts';
import { isUserAudience } from '../model/ern.ts';
import { EVENT_KINDS } from '../model/event.ts';
import { type HeldAudiences, hasAudiences, unpackAudiences } from '../model/packed.ts';
import type { Relations } from '../model/relations.ts';
import type { AudienceKey } from '../model/slice.ts';
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
  readonly memberships: FreshCache<string, HeldAudiences>;
  readonly audiences: FreshCache<AudienceKey, HeldAudiences>;
}

/**
 * What the viewer may see of the user. Loads nothing if the token is enough. Nothing of a user whom
 * no source knows. For a teacher whose courses are not cached, those of the user are loaded
 * with them. Throws UNAVAILABLE when the relationships cannot be loaded.
 */
export async function findAccess(
  readers: RelationshipReaders,
  viewer: Principal,
  userId: string,
  readOptions: ReadOptions = {},
): Promise<Access> {
  const settled = accessByToken(viewer, userId);
  if (settled === 'ALL' && viewer.id !== userId) return (await isKnown(readers, userId, readOptions)) ? 'ALL' : null;
  return settled === undefined ? accessByLookUp(readers, viewer, userId, readOptions) : settled;
}

async function accessByLookUp(
  { relations, memberships }: RelationshipReaders,
  viewer: Principal,
  userId: string,
  readOptions: ReadOptions,
): Promise<Access> {
  const known = relations.peek(viewer.id, readOptions);
  const reading = known ?? relations.read(viewer.id, readOptions);
  // Both in one call to the source: in turn they could need the whole time of a request.
  const early = known === undefined && !mayObserve(viewer) ? memberships.read(userId, readOptions) : null;
  const relationships = (await reading).value ?? notKnown();
  const none = accessByRelationships(viewer, userId, { ...relationships, audiences: [] });
  if (none !== null || relationships.teaches.length === 0) return none;
  const held = (await (early ?? memberships.read(userId, readOptions))).value ?? notKnown();
  return accessByRelationships(viewer, userId, { ...relationships, audiences: unpackAudiences(held).all });
}

/**
 * Whether any source knows the user, for viewers who may read everybody: an id that is misspelt is
 * not an empty calendar. A source that does not answer may know the user.
 */
async function isKnown(
  { relations, audiences }: Pick<RelationshipReaders, 'relations' | 'audiences'>,
  userId: string,
  readOptions: ReadOptions,
): Promise<boolean> {
  const isInSome = (held: HeldAudiences | null | undefined) => held != null && hasAudiences(held);
  if (EVENT_KINDS.some((kind) => isInSome(audiences.peek({ kind, userId }, readOptions)?.value))) return true;
  const [related, ...lists] = await Promise.all([
    relations.read(userId, readOptions),
    ...EVENT_KINDS.map((kind) => audiences.read({ kind, userId }, readOptions)),
  ]);
  const hasNoRelations = related.value?.teaches.length === 0 && related.value.observes.length === 0;
  return !hasNoRelations || lists.some(({ value }) => value === null || isInSome(value));
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
  const audiencesOf = async (id: string) =>
    unpackAudiences((await memberships.read(id, readOptions)).value ?? notKnown()).all;
  const [ours, others] = await Promise.all([audiencesOf(viewer.id), audiencesOf(userId)]);
  return ours.some((audience) => !isUserAudience(audience) && others.includes(audience));
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
  if (!mayObserve(viewer)) return [];
  return ((await relations.read(viewer.id, readOptions)).value ?? notKnown()).observes;
}

function notKnown(): never {
  throw new ApiError('UNAVAILABLE', 'Your permissions cannot be looked up at the moment.');
}
