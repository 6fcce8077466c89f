// The program as started from a terminal: what it prints when it cannot start, and that it ends on
// SIGTERM.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from './harness/free-port.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SECRET = 'a secret of thirty-two bytes, or more';

/** A start compiles everything; on a busy machine that takes a while. */
const START_MS = 120_000;

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/**
 * Starts the program; `ready` resolves with its output once it is ready or has ended, `ended` with
 * its exit code.
 */
function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
  });
  started.push(child);
  let output = '';
  const until = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += String(chunk);
        if (output.includes('Ready.')) resolve(output);
      });
    }
    child.on('close', () => resolve(output));
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, ready: until, ended };
}

describe('the program does not start, and prints the reason without a stack', () => {
  test.each([
    [
      'a part that is none',
      ['clock'],
      {},
      'process: expected one of all, gateway, calendar, lecture, attendance, assignment, migrate',
    ],
    ['a setting that is wrong', ['gateway'], { PORT: 'x', INTERNAL_SECRET: SECRET }, 'PORT: expected a whole number'],
  ])('%s', async (_, args, env, message) => {
    const { code, output } = await start(args, env).ended;
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(output).not.toMatch(/ at .*main/);
  });

  test(
    'with a port that is in use',
    async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const env = { INTERNAL_SECRET: SECRET, HOST: '127.0.0.1', PORT: String(port) };
      const { code, output } = await start(['gateway'], env).ended;
      expect([code, output]).toEqual([
        1,
        `Port ${port} is taken: something else listens there. Set another (see .env.example).\n`,
      ]);
      await new Promise((resolve) => server.close(resolve));
    },
    START_MS,
  );
});

test(
  'the program prints its URLs, and ends with 0 on SIGTERM',
  async () => {
    const nobody = 'http://127.0.0.1:1/graphql';
    const env = { INTERNAL_SECRET: SECRET, PORT: '0', CALENDAR_URL: nobody };
    const { child, ready, ended } = start(['gateway'], env);
    const output = await ready;
    const url = /http:\/\/localhost:\d+/.exec(output)?.[0];
    expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect(await (await fetch(`${url}/dev/token?user=student-1`)).text()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  },
  START_MS,
);

/** On a busy machine nothing is late. */
const PATIENT = { GATEWAY_TIMEOUT: '30s', CALENDAR_TIMEOUT: '25s', SOURCE_TIMEOUT: '20s' };

test(
  'everything in one process starts and ends without a line in the log',
  async () => {
    const names = ['PORT', 'CALENDAR_PORT', 'LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'];
    const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])));
    // The change feeds speak once a second: within 20 ms here, so that one is lost if it can be.
    const { child, ready, ended } = start(['all'], { ...ports, POLL_INTERVAL: '20ms', GRAPHIQL: 'false', ...PATIENT });
    expect(await ready).toMatch(/^\s*Ready\./);
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect([code, output.split('\n').filter((line) => line.startsWith('{'))]).toEqual([0, []]);
  },
  START_MS,
);
