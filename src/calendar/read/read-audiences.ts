// Which slices are read for a reader, and through which copies. A reader who may not see everything
// of a user is answered from the audiences that this reader may see and from nothing else, through
// copies that the user's own reads neither fill nor use: otherwise status, reason, time and
// duration would tell what the user did elsewhere, or that the user was here.
import type { ReadOptions } from '../cache/fresh-cache.ts';
import { isWithin, rootOf } from '../model/ern.ts';
import type { EventKind } from '../model/event.ts';
import { unpackAudiences } from '../model/packed.ts';
import { type Month, onlyItems, type Slice, type SliceKey, WHOLE } from '../model/slice.ts';
import type { Reading } from '../model/status.ts';
import type { ReadThrough } from './read-calendar.ts';
import { readThrough } from './read-through.ts';

/**
 * What a reader sees of the user. ALL: everything, through the user's own copies. BUSY: everything,
 * for free/busy only, through copies that are kept apart. A set: what is in these courses and
 * sections.
 */
export type Sight = 'ALL' | 'BUSY' | ReadonlySet<string>;

/** The audiences of a user that a reader sees. */
export interface SeenAudiences {
  /** Courses, and other shared audiences. */
  readonly shared: readonly string[];
  /** Those that the user teaches. */
  readonly taught: readonly string[];
  /** The slices of the user's own audience, for one month. */
  own(month: Month): readonly SliceKey[];
  /** A slice of a shared audience. */
  sharedSlice(audience: string, month: Month): SliceKey;
  /** The readings that the answer shows the state of. */
  readonly readings: readonly Reading<unknown>[];
}

/** The audiences, or why they cannot be read. Never rejects. */
export async function readAudiences(
  through: Pick<ReadThrough, 'audiences' | 'foreignAudiences' | 'ownAudience'>,
  { userId, sight, readOptions }: { userId: string; sight: Sight; readOptions: ReadOptions },
  kind: EventKind,
): Promise<SeenAudiences | Extract<Reading<unknown>, { state: 'UNAVAILABLE' }>> {
  const cache = sight === 'ALL' ? through.audiences : through.foreignAudiences;
  const list = await readThrough(cache, { kind, userId }, readOptions);
  if (list.state === 'UNAVAILABLE') return list;
  const own = through.ownAudience(userId);
  const { all, taught } = unpackAudiences(list.value);
  const shared = all.filter((audience) => audience !== own && isSeen(sight, audience));
  // The list names the own audience once there is something in it, in whichever course.
  const scopes = sight === 'ALL' ? (all.includes(own) ? [undefined] : []) : scopesOf(sight, all);
  return {
    shared,
    // Who teaches a course is not asked for anything in its sections either.
    taught: taught.filter((audience) => isSeen(sight, audience) || isAround(sight, audience)),
    own: (month) => scopes.map((scope) => ({ kind, audience: own, month, scope })),
    sharedSlice: (audience, month) => ({ kind, audience, month, scope: sight === 'ALL' ? undefined : WHOLE }),
    // The list is one for all courses, so its state would tell of the others.
    readings: typeof sight === 'string' ? [list] : [],
  };
}

function isSeen(sight: Sight, audience: string): boolean {
  return typeof sight === 'string' || [...sight].some((course) => isWithin(audience, course));
}

/** Whether something that is seen lies in the audience. */
function isAround(sight: Sight, audience: string): boolean {
  return typeof sight !== 'string' && [...sight].some((section) => isWithin(section, audience));
}

/**
 * A section's items are named by its course, so a section has the scope of its course. Of a user
 * whom the source does not know nothing is asked.
 */
function scopesOf(sight: Exclude<Sight, 'ALL'>, all: readonly string[]): readonly string[] {
  if (sight === 'BUSY') return all.length === 0 ? [] : [WHOLE];
  return [...new Set([...sight].map(rootOf))];
}

/** A user's own slices without what belongs to items of the course that a section does not list. */
export function ownInSight(sight: Sight, own: readonly Slice[], shared: readonly Slice[]): readonly Slice[] {
  if (typeof sight === 'string') return own;
  const listed = new Set(shared.flatMap(({ items }) => items.map(({ ern }) => ern)));
  const isInSight = (ern: string) => listed.has(ern) || [...sight].some((course) => isWithin(ern, course));
  return own.map((slice) => onlyItems(slice, isInSight));
}
