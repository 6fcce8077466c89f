// How often a viewer may do something: a token bucket for each viewer, in this process. A full
// bucket has what is allowed in a minute, and it fills evenly.
import { BoundedMap } from '../../bounded-map.ts';
import type { Clock } from '../../clock.ts';
import { ApiError } from '../../errors.ts';

/** Takes one from the viewer's bucket. Throws OVERLOADED, with the time to wait, if it is empty. */
export type RateLimit = (viewer: string) => void;

/** The viewer who came longest ago is forgotten, who then has a full bucket. */
const MAX_VIEWERS = 50_000;
const MINUTE_MS = 60_000;

/** A limit of this many a minute; `what` is in the message: "questions when others are busy". */
export function createRateLimit(perMinute: number, clock: Pick<Clock, 'elapsed'>, what: string): RateLimit {
  const buckets = new BoundedMap<string, { readonly left: number; readonly at: number }>(MAX_VIEWERS);
  const fillMs = MINUTE_MS / perMinute;
  return (viewer) => {
    const now = clock.elapsed();
    const { left, at } = buckets.get(viewer) ?? { left: perMinute, at: now };
    const full = Math.min(perMinute, left + (now - at) / fillMs);
    if (full < 1) {
      const retryAfter = Math.ceil(((1 - full) * fillMs) / 1000);
      throw new ApiError('OVERLOADED', `At most ${perMinute} ${what} a minute. Try again in ${retryAfter} s.`);
    }
    buckets.set(viewer, { left: full - 1, at: now });
  };
}
