// The real site for a browser: the built page, the gateway, the calendar and the three services
// with sample data, each on a free port of this process. Services can be stopped and started.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { startCalendar } from '../../src/processes/calendar.ts';
import { startGateway } from '../../src/processes/gateway.ts';
import { closeAll } from '../../src/processes/running.ts';
import { type ServiceName, startServices } from '../../src/processes/services.ts';
import { freePort } from '../harness/free-port.ts';
import { PATIENT } from '../harness/patient.ts';

/** A running site. */
export interface Site {
  readonly url: string;
  /** Where the page was built into, with a slash at the end. */
  readonly built: URL;
  stop(name: ServiceName): Promise<void>;
  start(name: ServiceName): Promise<void>;
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NAMES = ['lecture', 'attendance', 'assignment'] as const;

/**
 * Builds the page (with GRAPHIQL=true the playground too) and starts everything. `env`: settings
 * besides the ports.
 */
export async function startSite(env: Readonly<Record<string, string>> = {}): Promise<Site> {
  const config = await configure(env);
  const folder = await buildPages(config.GRAPHIQL ? ['page', 'graphiql'] : ['page']);
  const services = await startServices(NAMES, config, systemClock);
  const calendar = await startCalendar(config, systemClock);
  const built = pathToFileURL(`${folder}/`);
  const gateway = await startGateway(config, systemClock, { services, built });
  return {
    url: gateway.addresses.gateway ?? '',
    built,
    start: (name) => services.start(name),
    stop: (name) => services.stop(name),
    async close() {
      await closeAll([gateway, calendar, services], systemClock);
      await rm(folder, { recursive: true });
    },
  };
}

async function buildPages(names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pages-'));
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  for (const name of names) {
    const args = [vite, 'build', '-c', 'src/web/vite.config.ts', '--mode', name, '--logLevel', 'error'];
    await promisify(execFile)(process.execPath, [...args, '--outDir', join(folder, name)], { cwd: ROOT });
  }
  return folder;
}

/** Ports that were free a moment ago; deadlines that leave a busy machine room. */
async function configure(env: Readonly<Record<string, string>>) {
  const [port, calendar, lecture, attendance, assignment] = await Promise.all(Array.from({ length: 5 }, freePort));
  return loadConfig(
    {
      PORT: String(port),
      CALENDAR_PORT: String(calendar),
      LECTURE_PORT: String(lecture),
      ATTENDANCE_PORT: String(attendance),
      ASSIGNMENT_PORT: String(assignment),
      GRAPHIQL: 'false',
      ...PATIENT,
      ...env,
    },
    'all',
  );
}
