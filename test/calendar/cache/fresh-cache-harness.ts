// A cache of strings on a manual clock, whose loads end when the test says so and are recorded.

import { FreshCache, type FreshCacheOptions } from '../../../src/calendar/cache/fresh-cache.ts';
import { Invalidations } from '../../../src/calendar/cache/invalidations.ts';
import { type FailureReason, SourceError } from '../../../src/errors.ts';
import { manualClock, settled } from '../../harness/clock.ts';

/** One call of the source. */
export interface HarnessLoad {
  readonly key: string;
  readonly land: (value: string) => Promise<void>;
  readonly fail: (reason?: FailureReason, retryAfterMs?: number) => Promise<void>;
}

/**
 * Jitter is off (exactly 1.0 of the lifetime; back-off is 7/8 of its step) unless `random` is
 * given.
 */
export function createHarness(options: Partial<FreshCacheOptions<string, string>> = {}) {
  const clock = manualClock();
  const invalidations = new Invalidations({ now: () => clock.elapsed() });
  const loads: HarnessLoad[] = [];
  const load = (key: string) =>
    new Promise<string>((resolve, reject) => {
      loads.push({
        key,
        land: (value) => {
          resolve(value);
          return settled();
        },
        fail: (reason = 'UNREACHABLE', retryAfterMs = 0) => {
          reject(new SourceError(reason, 'as the test has it', { retryAfterMs }));
          return settled();
        },
      });
    });
  const cache = new FreshCache<string, string>({
    load,
    clock,
    invalidations,
    id: (key) => key,
    invalidationKeys: (key) => ['all', key],
    sizeOf: (value) => value.length,
    maxBytes: 1_000,
    random: () => 0.5,
    ...options,
  });
  return {
    cache,
    clock,
    invalidations,
    loads,
    /** The latest load. */
    last: (): HarnessLoad => {
      const latest = loads.at(-1);
      if (latest === undefined) throw new Error('nothing was loaded');
      return latest;
    },
    /** Reads cold and lands `value`. */
    warm: async (key: string, value: string): Promise<void> => {
      const reading = cache.read(key);
      await loads.at(-1)?.land(value);
      await reading;
    },
    landAll: async (value: string): Promise<void> => {
      for (const each of loads) await each.land(value);
    },
  };
}
