// Promise: stored answers take as many bytes as RESPONSE_CACHE_BYTES says, within a tenth of what
// the process holds, and what is remembered of users' tokens is a bounded number of short entries.
// Seen red: answers of a few KiB held 80 % more than they said while their bytes were parts of
// shared buffers, and compressed ones 45 %.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const FILL = fileURLToPath(new URL('fill.ts', import.meta.url));
const TOKENS = 'tokens of 1,000 users';

interface Measured {
  readonly way: string;
  /** Bytes. */
  readonly said: number | null;
  readonly held: number;
  readonly entries: number;
  readonly limit: number;
}

test('stored answers take what they say within a tenth, and at most the limit; a user’s tokens take less than 2 KiB', async () => {
  // In one thread what V8 compiles meanwhile, and when, does not depend on how busy the machine is.
  const options = ['--expose-gc', '--single-threaded', '--import', 'tsx'];
  const { stdout } = await promisify(execFile)(process.execPath, [...options, FILL]);
  const measured = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Measured);
  const answers = measured.filter(({ said }) => said !== null);
  expect(answers).toHaveLength(5);
  const wrong = answers.filter(
    ({ said, held, limit }) => Number(said) > limit || Math.abs(Number(said) / held - 1) > 0.1,
  );
  expect(wrong).toEqual([]);
  const tokens = measured.find(({ way }) => way === TOKENS);
  expect(Number(tokens?.held) / Number(tokens?.entries)).toBeLessThan(2_048);
}, 120_000);
