// Where in a Redis stream a reader is, and whether it still is: XREAD says nothing of entries that
// were trimmed before they were read, nor of a stream that began anew. Pure: it judges what was
// read in one moment (one MULTI).

/** What XINFO STREAM says (Redis 7 or later); all zeros for a stream that does not exist. */
export interface StreamState {
  /** Id of the last entry ever added, `<ms>-<seq>`. */
  readonly lastId: string;
  /** How many entries were ever added, and how many there are. */
  readonly added: number;
  readonly length: number;
}

/**
 * The last entry read, and how many of all entries ever added are before or at it. A reader to whom
 * the stream has always been empty has nothing to tell it by, should it be filled and flushed
 * within the second between two looks.
 */
export interface Position {
  readonly id: string;
  readonly accounted: number;
}

/**
 * Further behind than this (about a second of reading), it is cheaper to take everything for
 * changed than to read what did.
 */
const MAX_BEHIND = 30_000;

/** The place after everything the stream holds. */
export function endOf({ lastId, added }: StreamState): Position {
  return { id: lastId, accounted: added };
}

/** The place after so many more entries. */
export function moved(at: Position, ids: readonly string[]): Position {
  return { id: ids.at(-1) ?? at.id, accounted: at.accounted + ids.length };
}

/**
 * Why entries are lost to a reader at `at`, or null when none are. `then`: where the entries lead
 * that were found after it in the same moment as `state`; `isAll`: there are no more than these.
 */
export function lossOf(at: Position, then: Position, state: StreamState, isAll: boolean): string | null {
  if (state.added - at.accounted > MAX_BEHIND) return 'too far behind to catch up';
  // Trimming takes the oldest: as long as no more are gone than were read, nothing unread is gone.
  if (state.added - state.length > at.accounted) return 'the stream was trimmed behind the cursor';
  // Whoever has read everything is at the end. Else entries were deleted, or this is another
  // stream: of lower ids (nothing is found after the cursor), of higher ones, or of none.
  const end = endOf(state);
  if (isAll && (then.id !== end.id || then.accounted !== end.accounted))
    return 'the stream is not the one that was read';
  return null;
}
