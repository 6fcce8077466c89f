// The keys by which cached values are invalidated, and the one place that knows their grammar:
//   KIND                       everything of one source
//   KIND|audience              all months of one audience; also the list of audiences of the user
//                              whose own audience it is
//   KIND|audience|YYYY-MM      one slice
//   KIND|audience|audiences    the list of audiences of the user whose own audience it is
//   KIND|audience course       what the user's own audience has of one course, for readers who may
//                              see no more; with `*` in place of the course: of some course
//   KIND|audience course|YYYY-MM
import type { EventKind } from './event.ts';
import { type SliceKey, scopedAudience, WHOLE } from './slice.ts';

/** A parsed key. `month` is null if the key is not about one month. */
export interface InvalidationKey {
  readonly kind: EventKind;
  readonly audience: string | null;
  readonly month: string | null;
  /** Whether it is about a user's list of audiences only. */
  readonly isAudienceList: boolean;
}

const LIST = 'audiences';

/** All slices of an audience, or one of them. */
export function sliceInvalidationKey(kind: EventKind, audience: string, month: string | null): string {
  return month === null ? `${kind}|${audience}` : `${kind}|${audience}|${month}`;
}

/** The list of audiences of the user whose own audience it is. */
export function audienceListInvalidationKey(kind: EventKind, ownAudience: string): string {
  return `${kind}|${ownAudience}|${LIST}`;
}

/** The keys that invalidate a slice, most general first. */
export function keysOfSlice({ kind, audience, month, scope = WHOLE }: SliceKey): readonly string[] {
  const names = scope === WHOLE ? [audience] : ownPartsIn(audience, scope);
  return [kind, ...names.flatMap((name) => [null, month.name].map((one) => sliceInvalidationKey(kind, name, one)))];
}

/** The names of what a user's own audience has of one course, or of a course that is not known. */
export function ownPartsIn(audience: string, course: string): readonly string[] {
  return [WHOLE, course].map((scope) => scopedAudience({ audience, scope }));
}

/** The keys that invalidate a user's list of audiences, most general first. */
export function keysOfAudienceList(kind: EventKind, ownAudience: string): readonly string[] {
  return [kind, sliceInvalidationKey(kind, ownAudience, null), audienceListInvalidationKey(kind, ownAudience)];
}

/**
 * The keys that invalidate what a user is a member of. An item of the user's own does not: that it
 * was written is not for those who may not see it.
 */
export function keysOfMemberships(kind: EventKind, ownAudience: string): readonly string[] {
  return [kind, sliceInvalidationKey(kind, ownAudience, null)];
}

/** Parses a key written by the functions above. An ERN contains no `|`. */
export function parseInvalidationKey(key: string): InvalidationKey {
  const [kind, audience = null, last = null] = key.split('|') as [EventKind, string?, string?];
  const isAudienceList = last === LIST;
  return { kind, audience, month: isAudienceList ? null : last, isAudienceList };
}
