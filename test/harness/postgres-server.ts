// A real PostgreSQL (15 or later, wal_level=logical) on a free port, with its own files, which
// survive a restart. Started by root it runs as the user of its package.
import { execFile } from 'node:child_process';
import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { findBinary, launch, type Need, type RealServer, startControlled } from './server-process.ts';

const run = promisify(execFile);
const VERSIONS = [18, 17, 16, 15];
const binary = findBinary(VERSIONS.map((version) => `/usr/lib/postgresql/${version}/bin/postgres`));

/** Whether this machine has PostgreSQL 15 or later. */
export const POSTGRES: Need = { found: binary !== undefined, debian: 'postgresql' };

/** Starts one; takes about two seconds. */
export async function startPostgres(): Promise<RealServer> {
  const place = await newPlace();
  const init = ['-D', place.folder, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
  await run(tool('initdb'), init, place.as);
  return serve(place);
}

/** Starts a standby that follows a running server, until `SELECT pg_promote()` on it. */
export async function startStandby(primary: RealServer): Promise<RealServer> {
  const place = await newPlace();
  const copy = ['-D', place.folder, '-d', primary.url, '--write-recovery-conf', '--checkpoint=fast', '--no-sync'];
  await run(tool('pg_basebackup'), copy, place.as);
  return serve(place);
}

/** Where a server has its files, and as whom it runs. */
interface Place {
  readonly folder: string;
  readonly as: { readonly uid?: number; readonly gid?: number; readonly cwd: string };
}

function tool(name: string): string {
  if (binary === undefined) throw new Error('no postgres');
  return join(dirname(binary), name);
}

async function newPlace(): Promise<Place> {
  const [folder, user] = [await mkdtemp(join(tmpdir(), 'postgres-')), await otherUser()];
  if (user !== null) await chown(folder, user.uid, user.gid);
  return { folder, as: { ...user, cwd: folder } };
}

async function serve({ folder, as }: Place): Promise<RealServer> {
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    wal_level: 'logical',
    fsync: 'off',
    max_wal_senders: 10,
  };
  const args = ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const start = () => launch(tool('postgres'), args, as, () => answersQuery(url));
  // It ends without a checkpoint: its files are removed.
  const server = await startControlled({ start, stopWith: 'SIGINT', closeWith: 'SIGQUIT', folder });
  return {
    url,
    ...server,
  };
}

/** Whom to become; null when we are not root. */
async function otherUser(): Promise<{ readonly uid: number; readonly gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

async function answersQuery(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    await client.end();
    return true;
  } catch {
    return false;
  }
}
