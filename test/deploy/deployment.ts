// The deployment of deploy/README.md as processes of this machine, with the command of the image:
// three services, two calendars and two gateways behind balancers, PostgreSQL, Redis, an identity
// provider, and secrets in files.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { build } from '../../.build/build.ts';
import { ROOT, STEPS } from '../../.build/steps.ts';
import { startBalancer } from '../harness/balancer.ts';
import { freePort } from '../harness/free-port.ts';
import { startPostgres } from '../harness/postgres-server.ts';
import { startRedis } from '../harness/redis-server.ts';

/** Parts of which there are two. */
export type Doubled = 'calendar' | 'gateway';
const SERVICES = ['lecture', 'attendance', 'assignment'] as const;
const ISSUER = 'https://id.example';
const OUTPUT_KEPT = 4_000;
/** On a busy machine a start takes a while. */
const START_MS = 60_000;

/** A running process. */
export interface Part {
  readonly name: string;
  readonly port: number;
  readonly child: ChildProcess;
  output: string;
}

/** The ENTRYPOINT of the image, without `node`. */
const COMMAND = (
  JSON.parse(/^ENTRYPOINT (.*)$/m.exec(readFileSync(`${ROOT}deploy/Dockerfile`, 'utf8'))?.[1] ?? '[]') as string[]
).slice(1);

/** Starts everything with sample data. `settings`: those of every part. */
export async function startDeployment(settings: Readonly<Record<string, string>>) {
  await build(ROOT, STEPS.slice(0, 2), () => {});
  const folder = mkdtempSync(join(tmpdir(), 'deployment-'));
  const writeSecret = (name: string, text: string) => {
    writeFileSync(join(folder, name), `${text}\n`);
    return join(folder, name);
  };
  const [database, redis, identity] = await Promise.all([startPostgres(), startRedis(), startIdentityProvider()]);
  const [calendars, gateways] = [await startBalancer('127.0.0.1'), await startBalancer('127.0.0.1')];
  const boards = { calendar: calendars, gateway: gateways };
  const parts: Part[] = [];
  process.once('exit', () => {
    for (const { child } of parts) child.kill('SIGKILL');
  });
  const servicePorts = await Promise.all(SERVICES.map(async (name) => [name, await freePort()] as const));
  const shared = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PUBLIC_URL: 'https://calendar.example',
    INTERNAL_SECRET_FILE: writeSecret('internal_secret', 'the first secret of this deployment, of 32 bytes'),
    DATABASE_URL_FILE: writeSecret('database_url', database.url),
    FRESHNESS: 'redis',
    REDIS_URL: redis.url,
    CALENDAR_URL: `http://127.0.0.1:${calendars.port}/graphql`,
    ...Object.fromEntries(
      servicePorts.flatMap(([name, port]) => [
        [`${name.toUpperCase()}_PORT`, String(port)],
        [`${name.toUpperCase()}_URL`, `http://127.0.0.1:${port}/graphql`],
      ]),
    ),
    JWKS_URL: identity.url,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: 'calendar',
    ...settings,
  };
  const run = async (name: string, port: number, more: Readonly<Record<string, string>> = {}) => {
    const part = spawnPart(name, port, { ...shared, ...more });
    parts.push(part);
    await untilReady(part);
    return part;
  };
  const startOne = async (name: Doubled) => {
    const port = await freePort();
    const part = await run(name, port, { [name === 'gateway' ? 'PORT' : 'CALENDAR_PORT']: String(port) });
    boards[name].ports.add(port);
    return part;
  };
  const running: { readonly [name in Doubled]: Part[] } = { calendar: [], gateway: [] };
  const startAll = async () => {
    await migrate(shared);
    await Promise.all(servicePorts.map(([name, port]) => run(name, port)));
    for (const name of ['calendar', 'gateway'] as const)
      running[name].push(...(await Promise.all([startOne(name), startOne(name)])));
  };
  const close = async () => {
    const left = parts.filter(({ child }) => child.exitCode === null && child.signalCode === null);
    const ends = left.map(({ child }) => once(child, 'exit'));
    for (const { child } of left) child.kill('SIGTERM');
    await Promise.all(ends);
    await Promise.all([calendars, gateways, database, redis, identity].map((one) => one.close()));
    rmSync(folder, { recursive: true });
  };
  await startAll().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const without = (part: Part) => boards[part.name as Doubled].ports.delete(part.port);
  return {
    /** Where clients send requests. */
    url: `http://127.0.0.1:${gateways.port}/graphql`,
    token: identity.token,
    redis,
    running,
    writeSecret,
    /** Replaces both as the guide says: starts the new ones, waits, removes and stops the old. */
    async roll(name: Doubled) {
      const young = await Promise.all([startOne(name), startOne(name)]);
      for (const old of running[name].splice(0)) {
        without(old);
        const ended = once(old.child, 'exit');
        old.child.kill('SIGTERM');
        const [code] = (await ended) as [number | null];
        if (code !== 0) throw new Error(`${name} ended with ${code}: ${old.output}`);
      }
      running[name].push(...young);
    },
    /** Ends one at once; the balancer finds out by itself, as one with health checks would. */
    async kill(part: Part) {
      const ended = once(part.child, 'exit');
      part.child.kill('SIGKILL');
      await ended;
      without(part);
      parts.splice(parts.indexOf(part), 1);
    },
    close,
  };
}

/** Tables and sample data, which production refuses. */
async function migrate(shared: Readonly<Record<string, string>>): Promise<void> {
  const part = spawnPart('migrate', 0, { ...shared, NODE_ENV: 'development', SAMPLE_DATA: 'true' });
  const [code] = (await once(part.child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(part.output);
}

function spawnPart(name: string, port: number, settings: Readonly<Record<string, string>>): Part {
  const env = { PATH: process.env.PATH, ...settings };
  const child = spawn(process.execPath, [...COMMAND, name], { cwd: ROOT, env });
  const part: Part = { name, port, child, output: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => (part.output = (part.output + String(data)).slice(-OUTPUT_KEPT)));
  }
  return part;
}

/** As an orchestrator does. */
async function untilReady(part: Part): Promise<void> {
  const giveUpAt = performance.now() + START_MS;
  const isReady = () =>
    fetch(`http://127.0.0.1:${part.port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    const isOver = part.child.exitCode !== null || performance.now() > giveUpAt;
    if (isOver) throw new Error(`${part.name} is not ready: ${part.output}`);
    await sleep(100);
  }
}

/** The users' tokens, and the keys that verify them. */
async function startIdentityProvider() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'one' }] });
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(keys);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    token: (user: string) =>
      new SignJWT({ roles: [user.split('-')[0]] })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setSubject(user)
        .setIssuer(ISSUER)
        .setAudience('calendar')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
