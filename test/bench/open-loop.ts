// Load at a fixed rate, whether or not answers have come: a slow answer delays no later request, so
// that waiting in a queue is part of what is measured.
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { WrkRequest } from './wrk.ts';

/** Milliseconds of each answer, from when its request was due. */
export async function openLoop(request: WrkRequest, perSecond: number, seconds: number): Promise<readonly number[]> {
  const { origin, pathname, search } = new URL(request.url);
  const pool = new Pool(origin, { connections: 64, headersTimeout: 120_000 });
  const options = {
    path: pathname + search,
    method: request.method,
    headers: request.headers,
    body: request.body ?? null,
  };
  const count = Math.max(1, Math.round(perSecond * seconds));
  const begin = performance.now();
  const answers = Array.from({ length: count }, async (_, index) => {
    const dueAt = begin + (index * 1_000) / perSecond;
    await sleep(dueAt - performance.now());
    // A timer may be early by less than a millisecond.
    const sentAt = Math.min(dueAt, performance.now());
    const { body } = await pool.request(options);
    await body.arrayBuffer();
    return performance.now() - sentAt;
  });
  const waits = await Promise.all(answers);
  await pool.close();
  return waits;
}
