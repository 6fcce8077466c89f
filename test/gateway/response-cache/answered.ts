// The response cache with promises, for tests.
import type { Executed, Outcome, ResponseCache } from '../../../src/gateway/response-cache/response-cache.ts';

/** What it answers; rejects if `execute` does. */
export function answered(
  cache: ResponseCache,
  key: string,
  userId: string,
  execute: () => Promise<Executed>,
): Promise<Outcome> {
  return new Promise((resolve, reject) => cache.answer({ key, userId, execute }, resolve, reject));
}
