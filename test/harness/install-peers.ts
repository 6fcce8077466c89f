// Packages that only some tests compare with or show as examples: they are installed in a folder of
// their own, with its own lock, when such a test runs. They are no dependencies of the project.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Offline, one attempt fails at once; a slow registry is waited for, but not for long. */
const INSTALL = ['ci', '--ignore-scripts', '--prefer-offline', '--fetch-retries=0', '--no-audit', '--no-fund'];
const PATIENCE_MS = 60_000;

/**
 * Installs what the folder's lock says, where it is not there yet. Answers why it could not, or
 * null. `folder` ends with a slash.
 */
export async function installPeersIn(folder: URL): Promise<string | null> {
  if (areInstalled(folder)) return null;
  const cwd = fileURLToPath(folder);
  try {
    await promisify(execFile)('npm', INSTALL, { cwd, timeout: PATIENCE_MS });
    return null;
  } catch (error) {
    const code = /npm error code (\w+)/.exec(String(error))?.[1] ?? 'no answer';
    return `npm ci in ${cwd}: ${code}`;
  }
}

function areInstalled(folder: URL): boolean {
  const versionIn = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Manifest;
  try {
    return Object.entries(versionIn('package.json').dependencies).every(
      ([name, version]) => versionIn(`node_modules/${name}/package.json`).version === version,
    );
  } catch {
    return false;
  }
}

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}
