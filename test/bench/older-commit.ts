// An older commit of this project with its own dependencies, to be measured beside this one.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of the commit, built; it is kept for the next run. */
export async function builtCommit(commit: string): Promise<string> {
  const folder = join(tmpdir(), `calendar-bench-${commit}`);
  if (existsSync(join(folder, 'dist/main.js'))) return folder;
  await run('git', ['-C', ROOT, 'worktree', 'add', '--force', '--detach', folder, commit]);
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder });
  await run('npm', ['run', 'build'], { cwd: folder });
  return folder;
}
