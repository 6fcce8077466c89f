// Waits for conditions in real time: a call that arrives, a load that ends. No test sleeps.
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 20_000;

/**
 * Looks until `see` gives something, and gives that. Throws, saying what was waited for, after 20
 * s.
 */
export async function eventually<T>(what: string, see: () => Promise<T | false> | T | false): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await see();
    if (seen !== false) return seen;
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await sleep(2);
  }
}
