// `npm run check:source -- --url http://localhost:4103/graphql --source assignment --user
// student-1`: checks a service against the source contract and prints a report. Exit code 0: it
// keeps the contract; 1: it does not; 2: the arguments are wrong. The secret is INTERNAL_SECRET.
import { parseArgs } from 'node:util';
import { createInternalSigner, type SignInternal } from '../../src/auth/internal-token.ts';
import { SOURCE_ADAPTERS } from '../../src/calendar/sources/kinds.ts';
import { systemClock as clock } from '../../src/clock.ts';
import { EVENT_KINDS, serviceOf } from '../../src/event-kinds.ts';
import { createTransport } from '../../src/http/client/transport.ts';
import { checkSource, type Subject } from './check-source.ts';
import { reportOf } from './report.ts';

const USAGE =
  `npm run check:source -- --url <the endpoint> --source ${EVENT_KINDS.map(serviceOf).join('|')} --user <someone with events>\n` +
  'with INTERNAL_SECRET in the environment (at least 32 bytes); --timeout <ms> (500), --batch <keys> (500)';

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { url: text, source: text, user: text, timeout: text, batch: text } });
  const { url, source = '', user, timeout = '500', batch = '500' } = values;
  const adapter = Object.values(SOURCE_ADAPTERS).find(({ kind }) => serviceOf(kind) === source);
  if (url === undefined || user === undefined || adapter === undefined)
    throw new Error('--url, --source and --user are needed');
  const secret = new TextEncoder().encode(process.env.INTERNAL_SECRET ?? '');
  const transport = createTransport({ url, clock, maxBytes: 4 * 1024 * 1024 });
  const signers = new Map<string, SignInternal>();
  const signAs = (service: string) => {
    const signer = signers.get(service) ?? createInternalSigner({ secret, service, clock });
    signers.set(service, signer);
    return signer;
  };
  const post: Subject['post'] = async (body, claims) => {
    const headers =
      claims === null ? {} : { authorization: `Bearer ${await signAs(claims.issuer ?? 'calendar')(claims)}` };
    // Longer than the limit, so that the report can say how long it took.
    return (await transport.post({ body, headers, deadlineMs: 10 * Number(timeout) })).body;
  };
  const results = await checkSource({ adapter, post, user, clock, timeoutMs: Number(timeout), batch: Number(batch) });
  await transport.close();
  const report = reportOf(results);
  process.stdout.write(report.text);
  return report.passed ? 0 : 1;
}
