// Warms up the process: the first query takes ten times as long as the second, because nothing is
// compiled and no statement is planned. Used where one process runs everything; the answer is
// ignored.

import { createInternalSigner } from '../auth/internal-token.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { DAY_MS } from '../durations.ts';
import { createTransport } from '../http/client/transport.ts';

const WAIT_MS = 2_000;

const QUERY = `query ($from: DateTime!, $to: DateTime!) {
  viewer { id calendar(from: $from, to: $to) { now completeness sources { kind status } events {
    id kind title course { title color } startsAt endsAt phase completion isOverdue
  } } }
}`;

/** Queries the calendar for a demo user's month, as the gateway would. Never rejects. */
export async function warmUp(config: Config, clock: Clock): Promise<void> {
  const transport = createTransport({ url: config.CALENDAR_URL, clock, maxBytes: config.MAX_ANSWER });
  const sign = createInternalSigner({ secret: config.INTERNAL_SECRET, service: 'gateway', clock });
  const token = await sign({ audience: 'calendar', user: { id: 'student-1', roles: ['student'], scopes: [] } });
  const at = (days: number) => new Date(clock.now() + days * DAY_MS).toISOString();
  await transport
    .post({
      body: JSON.stringify({ query: QUERY, variables: { from: at(-15), to: at(15) } }),
      headers: { authorization: `Bearer ${token}` },
      deadlineMs: WAIT_MS,
    })
    .catch(() => undefined);
  await transport.close();
}
