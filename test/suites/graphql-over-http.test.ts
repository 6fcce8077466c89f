// The audits of graphql-http (GraphQL over HTTP: every MUST, SHOULD and MAY) for the gateway and a
// subgraph. Deliberate deviations are listed with their reason; an audit that starts to pass must
// leave the list.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { startGraph } from '../harness/graph.ts';
import type { SmallGraph } from '../harness/small-graph.ts';

const POST_ONLY = 'queries are POST only: an address with a query in it ends up in logs and histories';
const PLAIN_400 = 'what cannot be executed is 400 in every media type, so that proxies and alarms see it';

/** Audits we do not pass, by id. */
const POLICIES: Readonly<Record<string, string>> = {
  '5A70': POST_ONLY,
  D6D5: POST_ONLY,
  '6A70': POST_ONLY,
  '572B': PLAIN_400,
  FDE2: PLAIN_400,
  '7B9B': PLAIN_400,
};

let graph: SmallGraph;
let targets: Record<string, { url: string; token: string }>;

beforeAll(async () => {
  // Three audits ask with `__type`.
  graph = await startGraph({ sources: 'small', gateway: { introspection: true } });
  const { subgraphs, sign } = graph.options;
  targets = {
    gateway: { url: `${graph.url}/graphql`, token: await graph.token() },
    calendar: { url: subgraphs.calendar ?? '', token: await sign({ audience: 'calendar' }) },
  };
});
afterAll(() => graph.close());

describe.each(['gateway', 'calendar'])('%s', (name) => {
  const audits = serverAudits({
    url: () => targets[name]?.url ?? '',
    fetchFn: (url: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${targets[name]?.token ?? ''}`);
      return fetch(url, { ...init, headers });
    },
  });

  test('there are 61 audits', () => {
    expect(audits).toHaveLength(61);
  });

  test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (id, _, audit) => {
    const result = await audit.fn();
    const policy = POLICIES[id];
    if (policy === undefined) expect(result).toEqual({ id, name: audit.name, status: 'ok' });
    else expect(['notice', 'warn']).toContain(result.status);
  });
});
