// The status of a reading, of a source, and of a whole answer.
import type { FailureReason } from '../../errors.ts';
import type { EventKind } from './event.ts';

export type { FailureReason };

/** Why a source is not FRESH. */
export type SourceReason = FailureReason | 'REVALIDATING';
export type SourceState = 'FRESH' | 'STALE' | 'UNAVAILABLE';
export type Completeness = 'COMPLETE' | 'STALE' | 'PARTIAL' | 'UNAVAILABLE';

/** The result of a cache read. `fetchedAt`: when the load of the value started, in milliseconds. */
export type Reading<V> =
  | { readonly state: 'FRESH'; readonly value: V; readonly fetchedAt: number; readonly reason: null }
  | { readonly state: 'STALE'; readonly value: V; readonly fetchedAt: number; readonly reason: SourceReason }
  | { readonly state: 'UNAVAILABLE'; readonly value: null; readonly fetchedAt: null; readonly reason: FailureReason };

/** One source's part of an answer. */
export interface SourceStatus {
  readonly kind: EventKind;
  readonly status: SourceState;
  /** Load time of the oldest value used, in milliseconds; null when there was none. */
  readonly fetchedAt: number | null;
  readonly count: number;
  readonly dropped: number;
  readonly truncated: boolean;
  readonly reason: SourceReason | null;
}

/** Whether items of the source are missing from the answer although it was read. */
export function isCut({ dropped, truncated }: Pick<SourceStatus, 'dropped' | 'truncated'>): boolean {
  return dropped > 0 || truncated;
}

/** The completeness of an answer, as the schema defines it. Without any source it is COMPLETE. */
export function completenessOf(
  sources: readonly Pick<SourceStatus, 'status' | 'dropped' | 'truncated'>[],
): Completeness {
  const unavailable = sources.filter((source) => source.status === 'UNAVAILABLE').length;
  if (unavailable > 0) return unavailable === sources.length ? 'UNAVAILABLE' : 'PARTIAL';
  if (sources.some(isCut)) return 'PARTIAL';
  return sources.every((source) => source.status === 'FRESH') ? 'COMPLETE' : 'STALE';
}

/**
 * The combined status of several readings: the worst state, the oldest value, and the first reason
 * for that state.
 */
export function combine(readings: readonly Reading<unknown>[]): Pick<SourceStatus, 'status' | 'fetchedAt' | 'reason'> {
  let worst: Reading<unknown> | undefined;
  let fetchedAt: number | null = null;
  for (const reading of readings) {
    if (worst === undefined || BADNESS[reading.state] > BADNESS[worst.state]) worst = reading;
    if (reading.fetchedAt !== null && (fetchedAt === null || reading.fetchedAt < fetchedAt))
      fetchedAt = reading.fetchedAt;
  }
  return { status: worst?.state ?? 'FRESH', fetchedAt, reason: worst?.reason ?? null };
}

const BADNESS: Readonly<Record<SourceState, number>> = { FRESH: 0, STALE: 1, UNAVAILABLE: 2 };
