// A real Redis on a free port, with its own files, which survive a restart.
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { findBinary, launch, type Need, type RealServer, startControlled } from './server-process.ts';

const binary = findBinary(['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server']);

/** Whether this machine has Redis. */
export const REDIS: Need = { found: binary !== undefined, debian: 'redis-server' };

/** Starts one; takes about 50 ms. */
export async function startRedis(): Promise<RealServer> {
  if (binary === undefined) throw new Error('no redis-server');
  const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), 'redis-'))];
  const args = [
    ['--port', String(port)],
    ['--bind', '127.0.0.1'],
    ['--dir', folder],
    ['--save', ''],
    ['--appendonly', 'yes'],
  ];
  const start = () => launch(binary, args.flat(), {}, () => answersPing(port));
  const server = await startControlled({ start, stopWith: 'SIGTERM', closeWith: 'SIGKILL', folder });
  return {
    url: `redis://127.0.0.1:${port}`,
    ...server,
  };
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}
