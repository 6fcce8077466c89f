// The calendar's `/changes` stream: authorises the viewer, then streams what changes on one user's
// calendar for as long as the viewer is allowed to see it.
import type { Principal } from '../../auth/principal.ts';
import type { Clock } from '../../clock.ts';
import { isUserId } from '../model/ern.ts';
import { findAccess, type RelationshipReaders } from '../read/find-access.ts';
import type { ReadThrough } from '../read/read-calendar.ts';
import { forbidden, viewerOf } from '../read/viewer.ts';
import type { ChangeLog } from './change-log.ts';
import { audiencesOfUser, seenAudiences, watch, whileAllowed } from './watch.ts';

/** Options of {@link createChangeStream}. Times in milliseconds. */
export interface ChangeStreamOptions {
  readonly caches: RelationshipReaders & Pick<ReadThrough, 'foreignAudiences'>;
  readonly changeLog: ChangeLog;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly ownAudience: (userId: string) => string;
}

/** One request for the stream. `after`: the id of the last event the client has seen. */
export interface ChangeStreamRequest {
  readonly caller: { readonly user: Principal | null };
  readonly query: URLSearchParams;
  readonly after: string | null;
  readonly signal: AbortSignal;
}

const NOTHING: ReadonlySet<string> = new Set();

/** The server-sent events. Rejects with UNAUTHENTICATED, FORBIDDEN or UNAVAILABLE. */
export function createChangeStream(options: ChangeStreamOptions) {
  const { caches, changeLog, clock, ownAudience } = options;
  return async ({ caller, query, after, signal }: ChangeStreamRequest): Promise<AsyncIterable<string>> => {
    const viewer = viewerOf({ caller });
    const requested = query.get('user');
    if (requested !== null && !isUserId(requested)) forbidden();
    const userId = requested ?? viewer.id;
    const accessOf = () => findAccess(caches, viewer, userId);
    if ((await accessOf()) === null) forbidden();
    const ended = new AbortController();
    // Looked up again with the audiences, so that the stream follows what the viewer may see, and
    // ends with the last right.
    const audiencesOf = async () => {
      const found = await accessOf().catch(() => NOTHING);
      if (found === null) ended.abort();
      const access = found ?? NOTHING;
      const cache = access === 'ALL' ? caches.audiences : caches.foreignAudiences;
      const own = ownAudience(userId);
      return seenAudiences(await audiencesOfUser(cache, userId, own, options), access, own);
    };
    const ownAudiences = [ownAudience(userId), ownAudience(viewer.id)];
    const both = AbortSignal.any([signal, ended.signal]);
    const events = watch({ changeLog, clock, audiencesOf, ownAudiences }, after, both);
    return userId === viewer.id ? events : whileAllowed(events, async () => (await accessOf()) !== null);
  };
}
