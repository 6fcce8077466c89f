// The process of `telemetry.ts`: two gateways without telemetry, and one whose requests are traced,
// each with a calendar of its own; metrics are counted while the parent says so.
import { once } from 'node:events';
import type { Metrics } from '../../src/telemetry/metrics.ts';
import { built } from './built.ts';

/** What the parent says first. */
export interface Beginning {
  readonly settings: Readonly<Record<string, string>>;
  /** Ports of a gateway and a calendar, for each pair. */
  readonly ports: readonly (readonly [string, string])[];
  /** The pair that traces. */
  readonly traced: number;
  /** The collector. */
  readonly endpoint: string;
}

/** What it says then; the answer is the milliseconds of CPU so far. */
export interface Wanted {
  readonly isCounting: boolean;
  /** The part of the requests that are traced. */
  readonly share: number;
  /** Whether the metrics are read and the spans are sent, too. */
  readonly isSent: boolean;
}

const { systemClock } = await built<typeof import('../../src/clock.ts')>('clock');
const { loadConfig } = await built<typeof import('../../src/config.ts')>('config');
const { startCalendar } = await built<typeof import('../../src/processes/calendar.ts')>('processes/calendar');
const { startGateway } = await built<typeof import('../../src/processes/gateway.ts')>('processes/gateway');
const { startMetrics } = await built<typeof import('../../src/telemetry/metrics.ts')>('telemetry/metrics');
const { startTraces } = await built<typeof import('../../src/telemetry/traces.ts')>('telemetry/traces');
const { setTracing } = await built<typeof import('../../src/tracing.ts')>('tracing');

const [{ settings, ports, traced, endpoint }] = (await once(process, 'message')) as [Beginning];
const urls: string[] = [];
// What is traced is sent when the parent says so, not during the rounds of another contender.
process.env.OTEL_BSP_SCHEDULE_DELAY = '3600000';
const traces = startTraces({ part: 'all', endpoint, share: 1 });
for (const [index, [PORT, CALENDAR_PORT]] of ports.entries()) {
  // Servers ask when they are made whether there are traces.
  setTracing(index === traced ? () => true : null);
  const config = loadConfig({ ...settings, PORT, CALENDAR_PORT }, 'all');
  await startCalendar(config, systemClock);
  urls.push(`${(await startGateway(config, systemClock)).addresses.gateway}/graphql`);
}

let metrics: Metrics | undefined;
let sampled = 0;
setTracing(() => Math.random() < sampled);
process.once('disconnect', () => process.exit());
process.on('message', (wanted: Wanted) => void settle(wanted));
process.send?.(urls);

/** Sends what is due, counts and traces from now on as is wanted, and says what all has cost. */
async function settle({ isCounting, share, isSent }: Wanted): Promise<void> {
  if (isSent) metrics?.text();
  if (isSent && share > 0) await traces.flush();
  if (!isCounting) {
    metrics?.stop();
    metrics = undefined;
  } else metrics ??= startMetrics({ version: '0', part: 'all' });
  sampled = share;
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1_000);
}
