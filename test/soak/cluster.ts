// The parts of the program as processes of their own, as they are deployed: three services, two
// calendars and two gateways.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createClient, type Query } from '../harness/client.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/free-port.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SECRET = 'a secret for the soak test, of 32 bytes or more';
const SERVICES = ['lecture', 'attendance', 'assignment'] as const;
const OUTPUT_KEPT = 4_000;

/** The running parts. */
export interface Cluster {
  /** One for each gateway. */
  readonly gateways: readonly Query[];
  /** Parts that have ended, with the end of what they wrote. */
  ended(): string[];
  close(): Promise<void>;
}

interface Part {
  readonly name: string;
  readonly child: ChildProcess;
  output: string;
}

/** Starts all of them on one database and one Redis, with sample data. */
export async function startCluster(database: string, redis: string): Promise<Cluster> {
  const parts: Part[] = [];
  const start = async (name: string, env: Readonly<Record<string, string>>) => {
    const part = spawnPart(name, env);
    parts.push(part);
    await eventually(`${name} is ready`, () => {
      if (part.child.exitCode !== null) throw new Error(part.output);
      return part.output.includes('Ready.');
    });
  };
  const ports = Object.fromEntries(
    await Promise.all(SERVICES.map(async (service) => [`${service.toUpperCase()}_PORT`, String(await freePort())])),
  ) as Record<string, string>;
  const urls = Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [name.replace('PORT', 'URL'), `http://127.0.0.1:${port}/graphql`]),
  );
  const shared = {
    ...ports,
    ...urls,
    HOST: '127.0.0.1',
    INTERNAL_SECRET: SECRET,
    DATABASE_URL: database,
    REDIS_URL: redis,
    FRESHNESS: 'redis',
    MAX_USER_REQUESTS: '0',
    SAMPLE_DATA: 'true',
    GRAPHIQL: 'false',
  };
  for (const service of SERVICES) await start(service, shared);
  const gateways: Query[] = [];
  for (const _ of [1, 2]) {
    const [calendar, gateway] = [String(await freePort()), String(await freePort())];
    const own = {
      ...shared,
      CALENDAR_PORT: calendar,
      PORT: gateway,
      CALENDAR_URL: `http://127.0.0.1:${calendar}/graphql`,
    };
    await start('calendar', own);
    await start('gateway', own);
    gateways.push(clientOf(`http://127.0.0.1:${gateway}`));
  }
  return {
    gateways,
    ended: () =>
      parts
        .filter(({ child }) => child.exitCode !== null || child.signalCode !== null)
        .map(({ name, output }) => `${name}: ${output}`),
    async close() {
      const running = parts.filter(({ child }) => child.exitCode === null && child.signalCode === null);
      const ends = running.map(({ child }) => once(child, 'exit'));
      for (const { child } of running) child.kill('SIGTERM');
      await Promise.all(ends);
    },
  };
}

function spawnPart(name: string, settings: Readonly<Record<string, string>>): Part {
  const env = { PATH: process.env.PATH, ...settings };
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', name], { cwd: ROOT, env });
  process.once('exit', () => child.kill('SIGKILL'));
  const part: Part = { name, child, output: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => (part.output = (part.output + String(data)).slice(-OUTPUT_KEPT)));
  }
  return part;
}

function clientOf(gateway: string): Query {
  const tokens = new Map<string, Promise<string>>();
  const fetchToken = async (user: string) => (await fetch(`${gateway}/dev/token?user=${user}`)).text();
  return createClient(`${gateway}/graphql`, (user) => {
    const token = tokens.get(user) ?? fetchToken(user);
    tokens.set(user, token);
    return token;
  }).query;
}
