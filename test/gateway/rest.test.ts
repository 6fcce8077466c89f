// schema/rest.openapi.json is valid, and true: each address and status in it is asked of a running
// gateway.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { startTelemetry } from '../../src/telemetry/telemetry.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import type { SmallGraph } from '../harness/small-graph.ts';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>>; $ref?: string }>>;
}
const description = JSON.parse(readFileSync(new URL('../../schema/rest.openapi.json', import.meta.url), 'utf8'));
const { paths } = description as { readonly paths: Readonly<Record<string, { readonly get: Operation }>> };

/** With everything behind it; and one that takes https only, one refusal, and has no calendar. */
let graph: MockGraph;
let strict: SmallGraph;
let telemetry: Awaited<ReturnType<typeof startTelemetry>>;
let address: string;
let bearer: Readonly<Record<string, string>>;
beforeAll(async () => {
  graph = await startGraph({ sources: 'mock' });
  const gateway = { requireHttps: true, addressLimit: 1 };
  strict = await startGraph({ sources: 'small', gateway, urls: { calendar: 'http://127.0.0.1:9/graphql' } });
  telemetry = await startTelemetry({ port: 0, host: '127.0.0.1', part: 'gateway' });
  bearer = { authorization: `Bearer ${await graph.token('student-1')}` };
  const { body } = await graph.query<{ viewer: { calendarSubscription: { url: string } } }>(
    'student-1',
    '{ viewer { calendarSubscription { url } } }',
  );
  address = new URL(body.data.viewer.calendarSubscription.url).pathname;
});
afterAll(async () => {
  await Promise.all([graph.close(), strict.close(), telemetry.close()]);
});

type Ask = (signal: AbortSignal) => Promise<Response>;
const get = (path: string | (() => string), headers: Readonly<Record<string, string>> = {}): Ask => {
  return (signal) => fetch(`${graph.gatewayUrl}${typeof path === 'string' ? path : path()}`, { headers, signal });
};
const getStrict = (path: string, headers: Readonly<Record<string, string>> = {}): Ask => {
  return (signal) => fetch(`${strict.url}${path}`, { headers, signal });
};
const live = (path = '/live'): Ask => {
  return (signal) => get(path, bearer)(signal);
};
const sixth: Ask = async (signal) => {
  await Promise.all(Array.from({ length: 5 }, () => live()(signal)));
  return live()(signal);
};
const afterRefusal: Ask = async (signal) => {
  await getStrict('/live')(signal);
  return getStrict('/calendar/none.ics')(signal);
};
const unchanged: Ask = async (signal) => {
  const { headers } = await get(() => address)(signal);
  return get(() => address, { 'if-none-match': headers.get('etag') ?? '' })(signal);
};
const CASES: readonly (readonly [string, number, Ask])[] = [
  ['/livez', 200, get('/livez')],
  ['/readyz', 200, get('/readyz')],
  ['/readyz', 503, getStrict('/readyz')],
  ['/metrics', 200, (signal) => fetch(telemetry.addresses.metrics ?? '', { signal })],
  ['/live', 200, live()],
  ['/live', 401, get('/live')],
  ['/live', 403, live('/live?user=student-2')],
  ['/live', 429, sixth],
  ['/calendar/{token}.ics', 200, get(() => address)],
  ['/calendar/{token}.ics', 304, unchanged],
  ['/calendar/{token}.ics', 400, get(() => `${address}?kinds=x`)],
  ['/calendar/{token}.ics', 403, getStrict('/calendar/none.ics', { 'x-forwarded-proto': 'http' })],
  ['/calendar/{token}.ics', 404, get('/calendar/none.ics')],
  ['/calendar/{token}.ics', 503, getStrict('/calendar/none.ics')],
  ['/live', 503, async (signal) => getStrict('/live', { authorization: `Bearer ${await strict.token()}` })(signal)],
  ['/calendar/{token}.ics', 429, afterRefusal],
];

test.each(CASES)('%s is described as it answers with %i', async (path, status, ask) => {
  const leaving = new AbortController();
  const answer = await ask(leaving.signal);
  expect(answer.status).toBe(status);
  const described = paths[path]?.get.responses[status];
  expect(described).toBeDefined();
  const type = answer.headers.get('content-type')?.split(';')[0];
  if (described?.$ref === undefined)
    expect(Object.keys(described?.content ?? {})).toEqual(type === undefined ? [] : [type]);
  else expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
  if (described?.$ref?.endsWith('/Retry')) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  leaving.abort();
});

test('every address and status that is described is asked here', () => {
  const described = Object.entries(paths).flatMap(([path, { get: operation }]) =>
    Object.keys(operation.responses).map((status) => `${path} ${status}`),
  );
  expect(CASES.map(([path, status]) => `${path} ${status}`).toSorted()).toEqual(described.toSorted());
});

test('the description is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(description);
  expect({ valid, errors }).toEqual({ valid: true });
});
