// Where in a Redis stream a reader is, and whether it still is: XREAD says nothing of entries that were trimmed before
// they were read, nor of a stream that began anew. Pure: it judges what was read in one moment (one MULTI).

/** What XINFO STREAM says (Redis 7 or later); all zeros for a stream that does not exist. */
export interface StreamState {
  /** Id of the last entry ever added, `<ms>-<seq>`. */
  readonly lastId: string;
  /** How many entries were ever added, and how many there are. */
  readonly added: number;
  readonly length: number;
}

/** The last entry read, and how many of all entries ever added are before or at it. */
export interface Position {
  readonly id: string;
  readonly accounted: number;
}

/** The place after everything the stream holds. */
export function endOf({ lastId, added }: StreamState): Position {
  return { id: lastId, accounted: added };
}

/**
 * Why entries were lost to a reader at `at`, or null when none were. `read` are the entries after it that were found in
 * the same moment as `state`; `isAll`: there are no more than these.
 */
export function lossOf(at: Position, state: StreamState, read: number, isAll: boolean): string | null {
  if (isBefore(state.lastId, at.id)) return 'the stream began anew';
  // Trimming takes the oldest: as long as no more are gone than we have read, nothing unread is gone.
  if (state.added - state.length > at.accounted) return 'the stream was trimmed behind the cursor';
  // And at the end of the stream the count must come out: deleted entries, or another stream of higher ids.
  if (isAll && state.added !== at.accounted + read) return 'the stream is not the one that was read';
  return null;
}

/** Whether one entry id comes before another. */
function isBefore(one: string, other: string): boolean {
  const [oneMs = 0, oneSeq = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherSeq = 0] = other.split('-').map(Number);
  return oneMs < otherMs || (oneMs === otherMs && oneSeq < otherSeq);
}
