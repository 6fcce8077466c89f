// Clients of a subscription: each is given an address, synchronises when it is told to, and says
// what it shows then. Parsers keep what they had when the answer is no calendar, as most clients
// do.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { request } from 'undici';
import { readByIcalJs, readByNodeIcal } from '../examples.ts';

/** One event as the client shows it: title, and start in milliseconds since 1970. */
export type Shown = readonly [title: string, start: number];

/** A client with one address. */
export interface Subscriber {
  readonly sync: () => Promise<void>;
  readonly shown: () => Promise<readonly Shown[]>;
}

/** A client. */
export interface CalendarClient {
  readonly name: string;
  /** Why it cannot run here; null: it can. */
  readonly missing: string | null;
  readonly subscribe: (url: string) => Promise<Subscriber>;
}

const run = promisify(execFile);
const PACKAGES = join(tmpdir(), 'calendar-test-python');
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const READ_ICS = fileURLToPath(new URL('read_ics.py', import.meta.url));
const PATIENCE_MS = 60_000;

/**
 * All of them; looks for what is installed, and installs python-icalendar in a folder of its own.
 */
export async function findClients(): Promise<readonly CalendarClient[]> {
  return [
    parser('ical.js', null, async (ics) => readByIcalJs(ics).map(({ title, start }) => [title, start])),
    parser('node-ical', null, async (ics) => readByNodeIcal(ics).map(({ title, start }) => [title, start])),
    parser('python-icalendar', await installPython(), readByPython),
    { name: 'vdirsyncer and khal', missing: await notInPath('vdirsyncer', 'khal'), subscribe: vdirsyncer },
  ];
}

/** Desktop clients that are looked for by name only: nobody drives them without a display yet. */
export const DESKTOPS = ['evolution-data-server', 'thunderbird'];

function parser(name: string, missing: string | null, read: (ics: string) => Promise<Shown[]>): CalendarClient {
  return {
    name,
    missing,
    async subscribe(url) {
      let shown: readonly Shown[] = [];
      let etag = '';
      return {
        async sync() {
          const { statusCode, headers, body } = await request(url, { headers: { 'if-none-match': etag } });
          const ics = await body.text();
          if (statusCode !== 200) return;
          etag = String(headers.etag);
          shown = await read(ics);
        },
        shown: async () => shown,
      };
    },
  };
}

/** In another zone than the tests' own. */
async function readByPython(ics: string): Promise<Shown[]> {
  const env = { ...process.env, PYTHONPATH: PACKAGES, TZ: 'America/New_York' };
  const child = spawn('python3', [READ_ICS], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(ics);
  return JSON.parse(await text(child.stdout)) as Shown[];
}

async function installPython(): Promise<string | null> {
  const args = ['-m', 'pip', 'install', '-q', '--target', PACKAGES, '--upgrade', '-r', REQUIREMENTS];
  const isThere = () => run('python3', ['-c', 'import icalendar'], { env: { ...process.env, PYTHONPATH: PACKAGES } });
  try {
    await isThere().catch(() => run('python3', args, { timeout: PATIENCE_MS }));
    await isThere();
    return null;
  } catch {
    return 'python-icalendar';
  }
}

async function notInPath(...programs: readonly string[]): Promise<string | null> {
  const found = await Promise.all(
    programs.map((one) =>
      run(one, ['--version']).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean) ? null : programs.join(' and ');
}

/** vdirsyncer copies the calendar into a folder, khal lists the folder. */
async function vdirsyncer(url: string): Promise<Subscriber> {
  const home = await mkdtemp(join(tmpdir(), 'vdirsyncer-'));
  const env = { ...process.env, HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8', VDIRSYNCER_CONFIG: join(home, 'v') };
  await writeFile(
    join(home, 'v'),
    `[general]\nstatus_path = "${home}/status"\n` +
      '[pair x]\na = "remote"\nb = "local"\ncollections = null\nconflict_resolution = "a wins"\n' +
      `[storage remote]\ntype = "http"\nurl = "${url}"\n` +
      `[storage local]\ntype = "filesystem"\npath = "${home}/events"\nfileext = ".ics"\n`,
  );
  await writeFile(
    join(home, 'k'),
    `[calendars]\n[[x]]\npath = ${home}/events\n[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n` +
      'dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ntimeformat = %H:%M\n' +
      'datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n' +
      `[sqlite]\npath = ${home}/khal.db\n`,
  );
  const discover = spawn('vdirsyncer', ['discover'], { env, stdio: ['pipe', 'ignore', 'ignore'] });
  discover.stdin.end('y\ny\ny\n');
  await once(discover, 'close');
  return {
    // It ends with an error when the address does, and keeps what it had.
    sync: async () => void (await run('vdirsyncer', ['sync'], { env }).catch(() => {})),
    async shown() {
      const format = ['--format', '{title}\t{start}', '--day-format', ''];
      const args = ['-c', join(home, 'k'), 'list', ...format, '2026-01-01', '365d'];
      const { stdout } = await run('khal', args, { env });
      return stdout.split('\n').flatMap((one) => {
        const [title, start] = one.split('\t');
        if (title === undefined || start === undefined) return [];
        return [[title, Date.parse(`${start.replace(' ', 'T')}Z`)] as const];
      });
    },
  };
}
