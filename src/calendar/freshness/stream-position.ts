// The position of a reader in a Redis stream, and whether it is still valid: XREAD does not report
// entries that were trimmed before they were read, nor a stream that was replaced. Pure: it judges
// what was read in one transaction (MULTI).

/** What XINFO STREAM returns (Redis 7 or later); zeros if there is no stream. */
export interface StreamState {
  /** Id of the last entry ever added, `<ms>-<seq>`. */
  readonly lastId: string;
  /** How many entries were ever added, and how many are there now. */
  readonly added: number;
  readonly length: number;
}

/**
 * The last entry that was read, and how many of all entries ever added come before it, inclusive. A
 * reader that has only seen an empty stream cannot tell if the stream is filled and flushed between
 * two reads.
 */
export interface Position {
  readonly id: string;
  readonly accounted: number;
}

/**
 * If the reader is further behind (about a second of reading), invalidating everything costs less
 * than reading.
 */
const MAX_BEHIND = 30_000;

/** The position at the end of the stream. */
export function endOf({ lastId, added }: StreamState): Position {
  return { id: lastId, accounted: added };
}

/** The position after this many more entries. */
export function moved(at: Position, ids: readonly string[]): Position {
  return { id: ids.at(-1) ?? at.id, accounted: at.accounted + ids.length };
}

/**
 * Why the reader at `at` has missed entries, or null if it has not. `then`: the last of the entries
 * found after it in the same transaction as `state`; `isAll`: there are no more.
 */
export function lossOf(at: Position, then: Position, state: StreamState, isAll: boolean): string | null {
  if (state.added - at.accounted > MAX_BEHIND) return 'too far behind to catch up';
  // Trimming removes the oldest entries: while no more are gone than were read, no unread entry is
  // lost.
  if (state.added - state.length > at.accounted) return 'the stream was trimmed behind the cursor';
  // A reader of everything is at the end. Otherwise entries were deleted, or the stream was
  // replaced by one with lower ids (nothing is found after the cursor), with higher ids, or by
  // none.
  const end = endOf(state);
  if (isAll && (then.id !== end.id || then.accounted !== end.accounted))
    return 'the stream is not the one that was read';
  return null;
}
