// What an answer says of the copies it was made from, for a token with the scope `calendar:debug`:
// for each slice and each list of audiences whether it was loaded for this answer, how old it is,
// and when it was last invalidated and by what. What is read for those who may not see everything,
// staff or who asks when somebody is busy, is left out. `deploy/README.md` uses it.
import type { Principal } from '../../auth/principal.ts';
import { DEBUG } from '../../auth/rights.ts';
import type { Clock } from '../../clock.ts';
import type { ReadDetails } from '../cache/fresh-cache.ts';
import type { SourceReason, SourceState } from '../model/status.ts';

/** What is said of one copy. Instants in RFC 3339. */
interface CopyDetails {
  readonly kind: string;
  /** LOADED: the answer has waited for a load. HIT: it was in the cache. */
  readonly read: 'HIT' | 'LOADED';
  readonly state: SourceState;
  readonly reason: SourceReason | null;
  readonly fetchedAt: string | null;
  readonly ageMs: number | null;
  /** Null: not since the calendar was started. */
  readonly invalidatedAt: string | null;
  /** The feed, and what it said. */
  readonly invalidatedBy: string | null;
}

/** What is said of an answer. */
export interface DebugDetails {
  readonly slices: readonly (CopyDetails & { readonly audience: string; readonly month: string })[];
  readonly audiences: readonly (CopyDetails & { readonly user: string })[];
}

/** Records the reads of one request. */
export class DebugReads {
  readonly #clock: Clock;
  readonly #slices = new Map<string, DebugDetails['slices'][number]>();
  readonly #audiences = new Map<string, DebugDetails['audiences'][number]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A copy was read. One that is read again replaces what was said of it. */
  readonly read = ({ cache, id, ...details }: ReadDetails): void => {
    const end = id.indexOf('|');
    const [kind, rest] = [id.slice(0, end), id.slice(end + 1)];
    if (cache === 'audiences') this.#audiences.set(id, { kind, user: rest, ...this.#copy(details) });
    // What is read for those who may not see everything is kept apart, behind a space.
    if (cache !== 'slices' || rest.includes(' ')) return;
    const last = rest.lastIndexOf('|');
    const slice = { audience: rest.slice(0, last), month: rest.slice(last + 1) };
    this.#slices.set(id, { kind, ...slice, ...this.#copy(details) });
  };

  /** What was read, in that order. */
  get details(): DebugDetails {
    return { slices: [...this.#slices.values()], audiences: [...this.#audiences.values()] };
  }

  #copy({ reading, isLoaded, invalidation }: Omit<ReadDetails, 'cache' | 'id'>): Omit<CopyDetails, 'kind'> {
    const { state, reason, fetchedAt } = reading;
    const now = this.#clock.now();
    const at = now - (this.#clock.elapsed() - invalidation.at);
    return {
      read: isLoaded ? 'LOADED' : 'HIT',
      state,
      reason,
      fetchedAt: fetchedAt === null ? null : new Date(fetchedAt).toISOString(),
      ageMs: fetchedAt === null ? null : now - fetchedAt,
      invalidatedAt: Number.isFinite(at) ? new Date(at).toISOString() : null,
      invalidatedBy: invalidation.by,
    };
  }
}

/** A recorder for a viewer who may see this; null for all others. */
export function debugReadsFor(viewer: Principal | null, clock: Clock): DebugReads | null {
  return viewer?.scopes.includes(DEBUG) === true ? new DebugReads(clock) : null;
}
