// How often a viewer may do something, as an error of the graph.
import type { Clock } from '../../clock.ts';
import { ApiError } from '../../errors.ts';
import { TokenBuckets } from '../../token-buckets.ts';

/** Takes one from the viewer's bucket. Throws OVERLOADED, with the time to wait, if it is empty. */
export type RateLimit = (viewer: string) => void;

/** A limit of this many a minute; `what` is in the message: "questions when others are busy". */
export function createRateLimit(perMinute: number, clock: Pick<Clock, 'elapsed'>, what: string): RateLimit {
  const buckets = new TokenBuckets(perMinute, clock);
  return (viewer) => {
    const waitMs = buckets.take(viewer);
    if (waitMs === 0) return;
    const retryAfter = Math.ceil(waitMs / 1000);
    throw new ApiError('OVERLOADED', `At most ${perMinute} ${what} a minute. Try again in ${retryAfter} s.`);
  };
}
