// npm run test:outside [-- seconds]: tools of others against a gateway in the production profile:
// schemathesis, which makes documents from the public schema and must see no server error, and
// clairvoyance, which rebuilds a schema from suggestions and must find none. They are installed
// with pip into node_modules/.cache. SECURITY.md says what they found.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PATIENT } from '../harness/patient.ts';
import { Bars } from './case.ts';
import { startSources } from './children.ts';
import { createIdentity, createTokens } from './identity.ts';
import { startProgram } from './program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));
const VENV_PARENT = `${ROOT}node_modules/.cache`;
const VENV = `${VENV_PARENT}/outside-tools`;
const TOOLS = ['schemathesis==4.32.5', 'clairvoyance==2.5.5'];
const SECONDS = Number(process.argv[2] ?? 60);
/** What the calendar answers; the sources of these tests know nothing else. */
const QUERIES = '^Query\\.(viewer|user|scheduleEvent|freeBusy)$';

process.setMaxListeners(0);
mkdirSync(VENV_PARENT, { recursive: true });
if (!existsSync(`${VENV}/bin/clairvoyance`)) {
  await run('python3', ['-m', 'venv', VENV]);
  await run(`${VENV}/bin/pip`, ['install', '--quiet', ...TOOLS]);
}
const identity = await createIdentity();
const sources = await startSources(1, identity);
const program = await startProgram({ sources, env: { ...PATIENT, MAX_USER_REQUESTS: '0' } });
try {
  const url = `${program.urls[0]}/graphql`;
  const token = await (await createTokens(identity.privateJwk))('user-1');
  const header = `Authorization: Bearer ${token}`;
  const schemathesis = await run(
    `${VENV}/bin/python`,
    [
      ...['-c', 'from schemathesis.cli import schemathesis; schemathesis()', 'run', `${ROOT}schema/public.graphql`],
      ...['--url', url, '-H', header, '--checks', 'not_a_server_error', '--max-time', String(SECONDS), '--no-shrink'],
      ...['--include-name-regex', QUERIES],
    ],
    { SCHEMATHESIS_HOOKS: 'outside_scalars', PYTHONPATH: HERE, PYTHONDONTWRITEBYTECODE: '1' },
  );
  const clairvoyance = await run(`${VENV}/bin/clairvoyance`, ['-H', header, '-p', 'slow', url], {}, SECONDS);
  const bars = new Bars();
  // It counts refusals such as FORBIDDEN as errors of the server.
  bars.hold('schemathesis saw a server error', !/INTERNAL_SERVER_ERROR|^\[5\d\d\]/m.test(schemathesis.output));
  bars.hold('schemathesis sent nothing', /\d+ generated/.test(schemathesis.output));
  bars.hold('clairvoyance found fields', !/"name": "(viewer|calendar|events)"/.test(clairvoyance.output));
  bars.general(program, []);
  process.stdout.write(bars.failures.length === 0 ? 'nothing was found\n' : `${bars.failures.join('\n')}\n`);
  process.exitCode = bars.failures.length;
} finally {
  await program.close();
  sources.stop();
}

/** Prints what it prints; ends it after so many seconds. */
async function run(command: string, args: readonly string[], env: Record<string, string> = {}, seconds = 900) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
    timeout: 1_000 * seconds,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += String(data);
      process.stdout.write(data);
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}
