// That a message reaches every listener. In a process of its own, because it collects garbage.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const MODULE = new URL('../src/diagnostics.ts', import.meta.url).href;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Publishes without a listener, lets the channel be collected, listens, and publishes again. */
const PROGRAM = `
import { listen, publish } from '${MODULE}';
const pause = () => new Promise((done) => setTimeout(done, 5));
for (const name of ['calendar:sql', 'calendar:error', 'calendar:answer']) {
  publish(name, {});
  await pause();
  gc();
  listen(name, () => console.log(name));
  await pause();
  publish(name, {});
}`;

test('a listener of a channel that was published to before is not lost when memory is collected', async () => {
  const options = ['--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', PROGRAM];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: ROOT });
  expect(stdout.trim().split('\n')).toEqual(['calendar:sql', 'calendar:error', 'calendar:answer']);
});
