// What one operation has asked of the subgraphs, and how long it has waited for them.

/** What one operation asked of the subgraphs. */
export interface Fetches {
  count: number;
  /** The validator of the last answer that had one. */
  validator: string | null;
  /** The subgraph that answered a query last, without errors. */
  isWholeFrom: string | null;
  /** What the calendar said of its answers (`extensions.calendar`), if it did. */
  readonly details: unknown[];
  /** The code of the answer's first error. */
  error: string | null;
  /** The time in which the operation waits for subgraphs, in milliseconds. */
  readonly waiting: Waiting;
}

/** Nothing was asked yet. */
export function noFetches(): Fetches {
  const waiting = { calls: 0, since: 0, ms: 0 };
  return { count: 0, validator: null, isWholeFrom: null, details: [], error: null, waiting };
}

/** Calls in flight, since when there are any, and how long there were some before. */
export interface Waiting {
  calls: number;
  since: number;
  ms: number;
}

/** A call begins; milliseconds on the clock that never goes back. */
export function beginCall(waiting: Waiting, now: number): void {
  if (waiting.calls === 0) waiting.since = now;
  waiting.calls += 1;
}

/** A call has ended. */
export function endCall(waiting: Waiting, now: number): void {
  waiting.calls -= 1;
  if (waiting.calls === 0) waiting.ms += now - waiting.since;
}
