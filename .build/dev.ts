// `npm run dev`: starts everything, and at each change of the sources builds what changed and
// starts again. A build that fails is reported, and what runs goes on.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.ts';
import { ROOT, STEPS } from './steps.ts';

/** An editor writes a file in several steps: they are one change. */
const QUIET_MS = 150;
const WATCHED = ['src', 'schema', '.'];

const say = (line: string) => process.stdout.write(`${line}\n`);
let running: ChildProcess | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let turn = Promise.resolve();

await buildAndStart(true);
for (const folder of WATCHED) {
  const isRoot = folder === '.';
  watch(join(ROOT, folder), { recursive: !isRoot }, (_, file) => {
    if (isRoot && file !== '.env' && file !== 'package-lock.json') return;
    clearTimeout(timer);
    const isRestart = isRoot || folder === 'schema';
    timer = setTimeout(() => {
      turn = turn.then(() => buildAndStart(isRestart));
    }, QUIET_MS);
  });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void stop().then(() => process.exit(0)));
}

async function buildAndStart(isRestart: boolean): Promise<void> {
  try {
    const built = await build(ROOT, STEPS, say);
    if (built.length === 0 && !isRestart) return;
  } catch (error) {
    say((error as Error).message);
    say(running === null ? 'Waiting for a change.' : 'What runs is the build before.');
    return;
  }
  await stop();
  const args = ['--liftoff-only', '--enable-source-maps', 'dist/main.js', ...process.argv.slice(2)];
  running = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
}

async function stop(): Promise<void> {
  const child = running;
  running = null;
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
