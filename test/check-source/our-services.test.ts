// `npm run check:source` on the three services of this project, with their sample data.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createInternalSigner } from '../../src/auth/internal-token.ts';
import { SOURCE_ADAPTERS } from '../../src/calendar/sources/kinds.ts';
import { systemClock as clock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { EVENT_KINDS } from '../../src/event-kinds.ts';
import { createTransport } from '../../src/http/client/transport.ts';
import type { Running } from '../../src/processes/running.ts';
import { startServices } from '../../src/processes/services.ts';
import { freePort } from '../harness/free-port.ts';
import { checkSource } from './check-source.ts';
import { reportOf } from './report.ts';

let services: Running;
let secret: Uint8Array;
beforeAll(async () => {
  const names = ['LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'];
  const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])));
  const config = loadConfig({ HOST: '127.0.0.1', ...ports }, 'all');
  secret = config.INTERNAL_SECRET;
  services = await startServices(['lecture', 'attendance', 'assignment'], config, clock);
});
afterAll(() => services.close());

test.each(EVENT_KINDS)('the service of %s keeps the source contract', async (kind) => {
  const transport = createTransport({ url: addressOf(kind.toLowerCase()), clock, maxBytes: 4 * 1024 * 1024 });
  const { text, passed } = reportOf(
    await checkSource({
      adapter: SOURCE_ADAPTERS[kind],
      user: 'student-1',
      clock,
      // How long a busy machine takes is not what is tested.
      timeoutMs: 20_000,
      batch: 500,
      async post(body, claims) {
        const sign = createInternalSigner({ secret, service: claims?.issuer ?? 'calendar', clock });
        const headers: Record<string, string> =
          claims === null ? {} : { authorization: `Bearer ${await sign(claims)}` };
        return (await transport.post({ body, headers, deadlineMs: 20_000 })).body;
      },
    }),
  );
  await transport.close();
  expect(text).toContain('The service keeps the source contract.');
  expect(passed).toBe(true);
});

function addressOf(service: string): string {
  const url = services.addresses[service];
  if (url === undefined) throw new Error(`${service} has no address`);
  return url;
}
