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

const [{ settings, ports, traced, endpoint }] = (await once(process, 'message')) as [Beginning];
const urls: string[] = [];
const traces = startTraces({ part: 'all', endpoint, share: 1 });
for (const [index, [PORT, CALENDAR_PORT]] of ports.entries()) {
  // Servers ask when they are made whether there are traces.
  setTracing(index === traced ? () => true : null);
  const config = loadConfig({ ...settings, PORT, CALENDAR_PORT }, 'all');
  await startCalendar(config, systemClock);
  urls.push(`${(await startGateway(config, systemClock)).addresses.gateway}/graphql`);
}

let metrics: Metrics | undefined;
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
  setTracing(() => Math.random() < share);
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1_000);
}
