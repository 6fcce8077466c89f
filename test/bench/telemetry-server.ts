// The process of `telemetry.ts`: two gateways without telemetry, and one whose requests are traced,
// each with a calendar of its own; metrics are counted while the parent says so.
import { once } from 'node:events';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { startCalendar } from '../../src/processes/calendar.ts';
import { startGateway } from '../../src/processes/gateway.ts';
import { type Metrics, startMetrics } from '../../src/telemetry/metrics.ts';
import { startTraces } from '../../src/telemetry/traces.ts';
import { setTracing } from '../../src/tracing.ts';

/** What the parent says first. */
export interface Beginning {
  readonly settings: Readonly<Record<string, string>>;
  /** Ports of a gateway and a calendar, for each pair. */
  readonly ports: readonly (readonly [string, string])[];
  /** The collector. */
  readonly endpoint: string;
}

/** What it says then; the answer is the milliseconds of CPU so far. */
export interface Wanted {
  readonly isCounting: boolean;
  /** The part of the requests that are traced. */
  readonly share: number;
  /** Whether the metrics are read, too. */
  readonly isScraped: boolean;
}

const [{ settings, ports, endpoint }] = (await once(process, 'message')) as [Beginning];
const urls: string[] = [];
for (const [index, [PORT, CALENDAR_PORT]] of ports.entries()) {
  // Servers ask when they are made whether there are traces.
  if (index === ports.length - 1) startTraces({ part: 'all', endpoint, share: 1 });
  const config = loadConfig({ ...settings, PORT, CALENDAR_PORT }, 'all');
  await startCalendar(config, systemClock);
  urls.push(`${(await startGateway(config, systemClock)).addresses.gateway}/graphql`);
}

let metrics: Metrics | undefined;
process.once('disconnect', () => process.exit());
process.on('message', ({ isCounting, share, isScraped }: Wanted) => {
  if (isScraped) metrics?.text();
  if (!isCounting) {
    metrics?.stop();
    metrics = undefined;
  } else metrics ??= startMetrics({ version: '0', part: 'all' });
  setTracing(() => Math.random() < share);
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1_000);
});
process.send?.(urls);
