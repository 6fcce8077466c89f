// Reads slices so that those of one audience do not contradict each other. Slices are loaded one by
// one: an item that is moved over a month's end between two loads would be in neither month. A
// contradiction shows in the revisions that the source gives, or in an item that reaches into a
// month whose slice does not have it; then the audience's slices are read again, together.
import type { FreshCache, ReadOptions } from '../cache/fresh-cache.ts';
import { overlaps } from '../model/event.ts';
import { type HeldSlice, unpackSlice } from '../model/packed.ts';
import { type Slice, type SliceKey, scopedAudience } from '../model/slice.ts';
import { isCut, type Reading } from '../model/status.ts';
import { readThrough } from './read-through.ts';

/** A slice with its reading. */
export interface Copy {
  readonly key: SliceKey;
  readonly reading: Reading<Slice>;
}

type Slices = Pick<FreshCache<SliceKey, HeldSlice>, 'peek' | 'read'>;
type FreshCopy = Copy & { readonly reading: Extract<Reading<Slice>, { state: 'FRESH' }> };

/** So often slices that contradict each other are read again; what changes faster is STALE. */
const MAX_ROUNDS = 2;

/**
 * The slices of these keys, together with those that were read `before`. Slices that still
 * contradict each other after two rounds are STALE. Never rejects.
 */
export async function readSlices(
  slices: Slices,
  keys: readonly SliceKey[],
  readOptions: ReadOptions,
  before: readonly Copy[] = [],
): Promise<readonly Copy[]> {
  const read = async (key: SliceKey): Promise<Copy> => ({
    key,
    reading: unpacked(await readThrough(slices, key, readOptions)),
  });
  const again = async ({ key }: Copy): Promise<Copy> => ({
    key,
    reading: unpacked(await slices.read(key, { ...readOptions, maxAge: 0 })),
  });
  let copies = [...before, ...(await Promise.all(keys.map(read)))];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const audiences = inContradiction(copies);
    if (audiences.size === 0) return copies;
    copies = await Promise.all(
      copies.map(async (copy) => (audiences.has(scopedAudience(copy.key)) ? again(copy) : copy)),
    );
  }
  const audiences = inContradiction(copies);
  return copies.map((copy) => (audiences.has(scopedAudience(copy.key)) ? revalidating(slices, copy) : copy));
}

/** Once for each read: from here on nothing is packed. */
function unpacked(reading: Reading<HeldSlice>): Reading<Slice> {
  return reading.value === null ? reading : { ...reading, value: unpackSlice(reading.value) };
}

function revalidating(slices: Slices, { key, reading }: Copy): Copy {
  if (reading.state !== 'FRESH') return { key, reading };
  void slices.read(key, { maxAge: 0 });
  return { key, reading: { ...reading, state: 'STALE', reason: 'REVALIDATING' } };
}

/** The audiences with fresh slices that contradict each other. */
function inContradiction(copies: readonly Copy[]): ReadonlySet<string> {
  const byAudience = new Map<string, FreshCopy[]>();
  for (const copy of copies) {
    if (!isFresh(copy)) continue;
    const audience = scopedAudience(copy.key);
    const same = byAudience.get(audience);
    if (same === undefined) byAudience.set(audience, [copy]);
    else same.push(copy);
  }
  const found = new Set<string>();
  for (const [audience, same] of byAudience) {
    if (same.length > 1 && (differInRevision(same) || differInItems(same))) found.add(audience);
  }
  return found;
}

const isFresh = (copy: Copy): copy is FreshCopy => copy.reading.state === 'FRESH';

/** Whether the source says that something was moved between the loads. */
function differInRevision(copies: readonly FreshCopy[]): boolean {
  const revisions = copies.map(({ reading }) => reading.value.revision).filter((revision) => revision !== null);
  return revisions.some((revision) => revision !== revisions[0]);
}

/** Whether an item reaches into the next month, whose slice has it otherwise or not at all. */
function differInItems(copies: readonly FreshCopy[]): boolean {
  const inOrder = [...copies].sort((a, b) => a.key.month.from - b.key.month.from);
  return inOrder.some((copy, index) => {
    const next = inOrder[index + 1];
    if (next === undefined || copy.reading.fetchedAt === next.reading.fetchedAt) return false;
    return lacks(copy, next) || lacks(next, copy);
  });
}

function lacks(copy: FreshCopy, other: FreshCopy): boolean {
  if (isCut(copy.reading.value)) return false;
  const { from, to } = copy.key.month;
  return other.reading.value.items.some(({ ern, startsAt, endsAt, updatedAt }) => {
    if (startsAt === null || endsAt === null || !overlaps(startsAt, endsAt, from, to)) return false;
    return !copy.reading.value.items.some((item) => item.ern === ern && item.updatedAt === updatedAt);
  });
}
