// The keys by which cached values are invalidated, and the one place that knows their grammar:
//   KIND                       everything of one source
//   KIND|audience              all months of one audience; also the list of audiences of the user
//                              whose own audience it is
//   KIND|audience|YYYY-MM      one slice
//   KIND|audience|audiences    the list of audiences of the user whose own audience it is
import type { EventKind } from './event.ts';
import type { SliceKey } from './slice.ts';

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
export function keysOfSlice({ kind, audience, month }: SliceKey): readonly string[] {
  return [kind, sliceInvalidationKey(kind, audience, null), sliceInvalidationKey(kind, audience, month.name)];
}

/** The keys that invalidate a user's list of audiences, most general first. */
export function keysOfAudienceList(kind: EventKind, ownAudience: string): readonly string[] {
  return [kind, sliceInvalidationKey(kind, ownAudience, null), audienceListInvalidationKey(kind, ownAudience)];
}

/** Parses a key written by the functions above. An ERN contains no `|`. */
export function parseInvalidationKey(key: string): InvalidationKey {
  const [kind, audience = null, last = null] = key.split('|') as [EventKind, string?, string?];
  const isAudienceList = last === LIST;
  return { kind, audience, month: isAudienceList ? null : last, isAudienceList };
}
