// The program: node dist/main.js [all|gateway|calendar|lecture|attendance|assignment|migrate]. It
// reads the settings, starts the requested parts, prints their URLs, and closes gracefully on
// SIGTERM and SIGINT. The parts communicate over HTTP only. `migrate` changes the tables and ends.
import closeWithGrace from 'close-with-grace';
import { systemClock } from './clock.ts';
import {
  type Config,
  type Environment,
  environment,
  formerNamesIn,
  hasSecretFiles,
  ignoredInEnvFile,
  loadConfig,
  PROCESS_NAMES,
  type ProcessName,
  SECRETS,
} from './config.ts';
import { publish } from './diagnostics.ts';
import { ConfigError } from './errors.ts';
import { explain, greeting, ignoredLine } from './processes/console.ts';
import { LiveSecrets, watchSecretFiles } from './processes/live-secrets.ts';
import { startLog } from './processes/log.ts';
import { closeAll, type Running } from './processes/running.ts';

const CLOSE_MS = 10_000;
/** How often the files of secrets are read. */
const WATCH_MS = 5_000;

await main(process.argv[2] ?? 'all');

async function main(name: string): Promise<void> {
  try {
    const processName = PROCESS_NAMES.find((one) => one === name);
    if (processName === undefined) throw new ConfigError('process', `one of ${PROCESS_NAMES.join(', ')}`, name);
    const env = environment();
    const config = loadConfig(env, processName);
    process.stderr.write(ignoredInEnvFile().map(ignoredLine).join(''));
    const log = startLog(config.LOG_LEVEL, processName, systemClock);
    for (const use of formerNamesIn(env)) publish('calendar:former-name', use);
    if (processName === 'migrate') return await migrate(config);
    // First, so that what happens at the start is counted.
    const telemetry = await startTelemetry(processName, config);
    const live = new LiveSecrets(config.secrets, { clock: systemClock, overlapMs: config.SECRET_OVERLAP });
    const parts = await start(processName, { ...config, secrets: live });
    const running = [...parts, ...telemetry, ...watchSecrets(config, { part: processName, live, first: env })];
    closeWithGrace({ delay: CLOSE_MS, logger: log }, async ({ err }) => {
      if (err !== undefined) log.fatal({ err }, 'ending after an uncaught error');
      await closeAll(running, systemClock);
    });
    process.stdout.write(greeting(Object.assign({}, ...running.map((part) => part.addresses)), config));
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

/** Reads the files of secrets again while it runs, if there are any. */
function watchSecrets(
  { SECRET_OVERLAP }: Config,
  { part, live, first }: { part: ProcessName; live: LiveSecrets; first: Environment },
): Running[] {
  if (!hasSecretFiles()) return [];
  const watch = watchSecretFiles({
    live,
    first,
    read: environment,
    parse: (read) => loadConfig(read, part).secrets,
    names: SECRETS,
    clock: systemClock,
    everyMs: Math.min(WATCH_MS, SECRET_OVERLAP / 4),
  });
  return [watch];
}

async function migrate(config: Config): Promise<void> {
  const { migrateServices } = await import('./processes/migrate.ts');
  process.stdout.write(`${await migrateServices(config, systemClock)}\n`);
}

/** Counts and serves metrics, and sends traces, if the settings ask for it. */
async function startTelemetry(part: ProcessName, config: Config): Promise<Running[]> {
  const { METRICS_PORT: port, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, HOST: host, tracedShare: share } = config;
  const running: Running[] = [];
  if (port !== undefined)
    running.push(await (await import('./telemetry/telemetry.ts')).startTelemetry({ part, port, host }));
  if (endpoint !== undefined)
    running.push((await import('./telemetry/traces.ts')).startTraces({ part, endpoint, share }));
  return running;
}

/**
 * Starts the parts of a process: those that are called before those that call. The result has the
 * reverse order.
 */
async function start(processName: ProcessName, config: Config): Promise<readonly Running[]> {
  const has = (part: ProcessName) => processName === 'all' || processName === part;
  const services = (['lecture', 'attendance', 'assignment'] as const).filter(has);
  // The code of a part is loaded when it is needed: a gateway alone needs no database. It is loaded
  // side by side, but the calendar's feeds start only when the services answer.
  const calendarCode = has('calendar') ? import('./processes/calendar.ts') : null;
  const servicesCode = services.length > 0 ? import('./processes/services.ts') : null;
  const { firstPage, warmUpCalendar, warmUpService } = await import('./processes/warm-up.ts');
  const running =
    servicesCode &&
    (await (
      await servicesCode
    ).startServices(services, config, systemClock, (name, url) => warmUpService(name, url, config, systemClock)));
  const calendar =
    calendarCode &&
    (await (await calendarCode).startCalendar(config, systemClock, (url) => warmUpCalendar(url, config, systemClock)));
  const called = [calendar, running].filter((part) => part !== null);
  if (!has('gateway')) return called;
  const { startGateway } = await import('./processes/gateway.ts');
  const warmUp = firstPage(systemClock);
  return [await startGateway(config, systemClock, { warmUp, ...(running && { services: running }) }), ...called];
}
