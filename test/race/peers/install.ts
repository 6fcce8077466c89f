// The peers are installed in this folder with their own lock, only when a race is run: they are no
// dependencies of the project.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { versionOf } from '../contender.ts';

const FOLDER = new URL('./', import.meta.url);
const MODULES = new URL('./node_modules/', FOLDER);
/** Offline, one attempt fails at once; a slow registry is waited for, but not for long. */
const INSTALL = ['ci', '--ignore-scripts', '--prefer-offline', '--fetch-retries=0', '--no-audit', '--no-fund'];
const PATIENCE_MS = 60_000;

/** Installs what the lock says, where it is not there yet. Answers why it could not, or null. */
export async function installPeers(): Promise<string | null> {
  if (areInstalled()) return null;
  try {
    await promisify(execFile)('npm', INSTALL, { cwd: fileURLToPath(FOLDER), timeout: PATIENCE_MS });
    return null;
  } catch (error) {
    const code = /npm error code (\w+)/.exec(String(error))?.[1] ?? 'no answer';
    return `npm ci in test/race/peers: ${code}`;
  }
}

/** The version of a peer that is installed. */
export const peerVersion = (name: string): string => versionOf(name, MODULES);

/**
 * A peer's module. The name is no literal, so that types are checked without it being installed.
 */
export const importPeer = async <T>(name: string): Promise<T> => (await import(name)) as T;

function areInstalled(): boolean {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(new URL('package.json', FOLDER), 'utf8'),
  );
  try {
    return Object.entries(manifest.dependencies).every(([name, version]) => peerVersion(name) === version);
  } catch {
    return false;
  }
}
