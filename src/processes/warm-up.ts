// Warms up each process before it is ready: its first request would take several times as long as
// later ones, because nothing is compiled, connected or planned. The requests are those of an
// unknown user; answers and failures are ignored, because another part may not be up yet.
import { createInternalSigner, type InternalClaims } from '../auth/internal-token.ts';
import type { Principal } from '../auth/principal.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { DAY_MS } from '../durations.ts';
import { parseDocuments } from '../gateway/graph/persisted-documents.ts';
import type { WarmUpQuery } from '../gateway/graph/warm-up.ts';
import { createTransport } from '../http/client/transport.ts';
import { readPersistedDocuments } from '../schema.ts';
import type { ServiceName } from './services.ts';

/** How often each request is repeated, one after the other, and how long at most. */
const ROUNDS = 5;
const MAX_MS = 2_000;

/** The user of these requests. */
const USER: Principal = { id: 'warm-up', roles: ['student'], scopes: [] };

/** The first query of My Page, for the month around now. */
export function firstPage(clock: Clock): WarmUpQuery {
  const documents = [...parseDocuments(readPersistedDocuments()).values()];
  const query = documents.find((text) => /\bquery MyPage\(/.test(text)) ?? '{ viewer { id } }';
  const at = (days: number) => new Date(clock.now() + days * DAY_MS).toISOString();
  return { user: USER, query, variables: { from: at(-15), to: at(15), maxAge: 0 } };
}

/** Reads the user's page at the calendar, as the gateway would. Never rejects. */
export async function warmUpCalendar(url: string, config: Config, clock: Clock): Promise<void> {
  const { query, variables } = firstPage(clock);
  await post(url, { query, variables }, { audience: 'calendar', user: USER }, 'gateway', config, clock);
}

/** Reads the user's audiences and a month, as the calendar would. Never rejects. */
export async function warmUpService(name: ServiceName, url: string, config: Config, clock: Clock): Promise<void> {
  const slice = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Slice`;
  const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on User { ${name}Audiences ${name}Taught }
    ... on ${slice} { audience revision items { ern title startsAt endsAt updatedAt } } } }`;
  const month = { from: new Date(clock.now() - 15 * DAY_MS), to: new Date(clock.now() + 15 * DAY_MS) };
  const audience = `ern:${config.TENANT}:user/${USER.id}`;
  const representations = [
    { __typename: 'User', id: USER.id },
    { __typename: slice, audience, ...month },
  ];
  const claims = { audience: name, scopes: ['schedule:read'] };
  await post(url, { query, variables: { representations } }, claims, 'calendar', config, clock);
}

async function post(
  url: string,
  body: object,
  claims: InternalClaims,
  service: string,
  config: Config,
  clock: Clock,
): Promise<void> {
  const transport = createTransport({ url, clock, maxBytes: config.MAX_ANSWER });
  const sign = createInternalSigner({ secret: config.secrets.internal, service, clock });
  const authorization = `Bearer ${await sign(claims)}`;
  const endsAt = clock.elapsed() + MAX_MS;
  for (let round = 0; round < ROUNDS && clock.elapsed() < endsAt; round += 1) {
    const call = { body: JSON.stringify(body), headers: { authorization }, deadlineMs: endsAt - clock.elapsed() };
    const isAnswered = await transport.post(call).then(
      () => true,
      () => false,
    );
    if (!isAnswered) break;
  }
  await transport.close();
}
