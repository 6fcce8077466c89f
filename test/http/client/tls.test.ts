// Promise: an answer over TLS counts only with a certificate for the name that was asked for, valid
// now, and of an authority that is trusted; otherwise the service is UNREACHABLE and sees no
// request.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/clock.ts';
import { createTransport } from '../../../src/http/client/transport.ts';
import { describeWith } from '../../harness/child-server.ts';
import { findBinary } from '../../harness/server-process.ts';

const OPENSSL = findBinary(['/usr/bin/openssl', '/usr/local/bin/openssl']);
const NEED = { found: OPENSSL !== undefined, debian: 'openssl' };

describeWith(NEED, 'a service with TLS', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tls-'));
    ssl('req', '-x509', ...KEY, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=a test');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ssl = (...args: string[]) => execFileSync(String(OPENSSL), args, { cwd: folder, stdio: 'ignore' });
  const text = (file: string) => readFileSync(join(folder, file), 'utf8');

  /** A certificate of the test's authority. */
  function certificate(host: string, days: string) {
    writeFileSync(join(folder, 'ext'), `subjectAltName=DNS:${host}`);
    ssl('req', ...KEY, '-keyout', 'own.key', '-out', 'own.csr', '-subj', `/CN=${host}`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    ssl('x509', '-req', '-in', 'own.csr', ...by, '-days', days, '-extfile', 'ext', '-out', 'own.pem');
    return { key: text('own.key'), cert: text('own.pem') };
  }

  function ownCertificate() {
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    ssl('req', '-x509', ...KEY, '-keyout', 'own.key', '-out', 'own.pem', '-days', '2', ...names);
    return { key: text('own.key'), cert: text('own.pem') };
  }

  async function ask(identity: { key: string; cert: string }): Promise<{ reason: unknown; requests: number }> {
    let requests = 0;
    const server = createServer(identity, (_, response) => {
      requests += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const { port } = server.address() as AddressInfo;
    const transport = createTransport({ url: `https://localhost:${port}/graphql`, clock: systemClock });
    const reason: unknown = await transport.post({ body: '{}', deadlineMs: 20_000, retry: true }).then(
      () => null,
      (error: { reason?: unknown }) => error.reason,
    );
    await transport.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return { reason, requests };
  }

  test.each<[string, () => { key: string; cert: string }]>([
    ['has expired', () => certificate('localhost', '-1')],
    ['is for another name', () => certificate('other.test', '2')],
    ['is of an authority that nobody trusts', () => certificate('localhost', '2')],
    ['signed itself', ownCertificate],
  ])('whose certificate %s is UNREACHABLE and sees no request', async (_, make) => {
    expect(await ask(make())).toEqual({ reason: 'UNREACHABLE', requests: 0 });
  });
});
