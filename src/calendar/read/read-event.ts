// Reads one event of one user from its source, without the cache. Three queries are sent in one
// call. Only for an item that a section or group lists is there a second call, because its name
// does not say which audience has it.
import { ApiError } from '../../errors.ts';
import { isCourseAudience, parentOf } from '../model/ern.ts';
import type { EventKind, Item, ScheduleEvent } from '../model/event.ts';
import type { EventRef } from '../model/event-id.ts';
import type { Audiences } from '../model/relations.ts';
import { toEvent } from './merge.ts';

/**
 * Queries to a source that bypass the cache; made at the same time, they are one call. Each rejects
 * when its source fails.
 */
export interface ItemSources {
  audiences(kind: EventKind, userId: string): Promise<Audiences>;
  /** The item in an audience; null if it is not there. */
  item(kind: EventKind, ern: string, audience: string): Promise<Item | null>;
}

/**
 * The event, or null if it is not in this user's calendar. `deadline` resolves when the reader
 * stops waiting. Throws UNAVAILABLE when the source fails or is too slow.
 */
export async function readEvent(
  source: ItemSources,
  { kind, userId, ern }: EventRef,
  ownAudience: string,
  deadline: Promise<unknown>,
): Promise<ScheduleEvent | null> {
  const parent = parentOf(ern);
  const questions = Promise.all([
    source.audiences(kind, userId),
    parent === null || parent === ownAudience ? null : source.item(kind, ern, parent),
    source.item(kind, ern, ownAudience),
  ]);
  const read = questions.then(async ([{ all, taught }, shared, own]) => {
    const seen = (item: Item | null) => (item !== null && all.includes(item.audience) ? item : null);
    const groups = all.filter((one) => one !== parent && one !== ownAudience && !isCourseAudience(one));
    const base = seen(shared) ?? (await firstOf(groups.map((group) => source.item(kind, ern, group))));
    return { base, correction: seen(own), taught };
  });
  const { base, correction, taught } = await Promise.race([read.catch(unavailable), deadline.then(unavailable)]);
  const event = base
    ? toEvent({ kind, taught }, userId, base, correction ?? undefined)
    : correction && toEvent({ kind, taught }, userId, correction, undefined);
  return event && event.endsAt >= event.startsAt ? event : null;
}

async function firstOf(items: readonly Promise<Item | null>[]): Promise<Item | null> {
  return (await Promise.all(items)).find((item) => item !== null) ?? null;
}

function unavailable(): never {
  throw new ApiError('UNAVAILABLE', 'The event cannot be read from its source at the moment.');
}
