// What clients may send to the gateway: every answer is JSON, and nothing is executed unless
// allowed.

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listen } from '../../src/diagnostics.ts';
import { startGraph } from '../harness/graph.ts';
import type { SmallGraph } from '../harness/small-graph.ts';

let graph: SmallGraph;
let authorization: string;

beforeAll(async () => {
  graph = await startGraph({ sources: 'small' });
  authorization = `Bearer ${await graph.token()}`;
});
afterAll(() => graph.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const QUERY = JSON.stringify({ query: '{ viewer { id } }' });

function post(body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) {
  return graph.send({ method: 'POST', headers: { ...JSON_TYPE, authorization, ...headers }, body });
}

/**
 * Sends raw bytes, as no well-behaved client would; gives what comes back until the server closes.
 */
async function raw(...lines: string[]): Promise<string> {
  const socket = connect(Number(new URL(graph.url).port), '127.0.0.1');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

test('a signed-in user gets an answer that must not be stored', async () => {
  const { status, headers, body } = await post(QUERY);
  expect(status).toBe(200);
  expect(body).toEqual({ data: { viewer: { id: 'student-1' } } });
  expect(headers.get('cache-control')).toBe('no-store');
});

test('a client that accepts application/graphql-response+json gets it', async () => {
  const { headers } = await post(QUERY, { accept: 'application/graphql-response+json' });
  expect(headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
});

describe('a request without a valid token is 401 before the query is parsed', () => {
  test.each([
    ['no token', {}],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a token of nobody', { authorization: 'Bearer abc.def.ghi' }],
    ['another scheme', { authorization: 'Basic dTpw' }],
  ])('%s', async (_, headers) => {
    const answer = await graph.send({ method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: '{ not json' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="calendar"');
    expect(answer.body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('with two Authorization headers', async () => {
    const answer = await raw(
      'POST /graphql HTTP/1.1',
      'Host: localhost',
      `Authorization: ${authorization}`,
      `Authorization: ${authorization}`,
      'Content-Type: application/json',
      `Content-Length: ${QUERY.length}`,
      'Connection: close',
      '',
      QUERY,
    );
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
  });
});

describe('a request that is not a JSON POST is refused, and nothing is executed', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is 405', async (method) => {
    const { status, headers } = await graph.send({
      path: `/graphql?query={viewer{id}}`,
      method,
      headers: { authorization },
    });
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });

  test.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/graphql',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
  ])('%s is 415', async (type) => {
    expect((await post(QUERY, { 'content-type': type })).status).toBe(415);
  });

  test.each([
    'application/json;',
    'application/json; ',
    'application/json;charset=UTF-8;',
    'application/json; version=1',
    'Application/JSON; profile="x"; charset="utf-8"',
  ])('%j is accepted', async (type) => {
    expect((await post(QUERY, { 'content-type': type })).status).toBe(200);
  });

  test('a batch is 400', async () => {
    expect((await post(`[${QUERY},${QUERY}]`)).status).toBe(400);
  });

  test.each([
    ['half an object', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['nothing', ''],
    ['a number for a query', '{"query":1}'],
    ['a list for variables', '{"query":"{ viewer { id } }","variables":[]}'],
    ['no UTF-8', Buffer.from('7b227175657279223a22ff227d', 'hex')],
    ['a poisoned prototype', '{"query":"{ viewer { id } }","__proto__":{"a":1}}'],
    ['an unknown persisted query', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"0"}}}'],
  ])('%s is 400 in JSON', async (_, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch(/json/);
    expect(answer.body.errors).toHaveLength(1);
    expect(answer.text).not.toMatch(/node_modules|\.ts|at /);
  });

  test.each([
    ['another name', '{"query":"query A { viewer { id } }","operationName":"B"}'],
    ['none, of two', '{"query":"query A { viewer { id } } query B { viewer { id } }"}'],
    ['none, of no operation', '{"query":"fragment F on User { id }"}'],
  ])('an unknown operation is an error of the request: %s', async (_, body) => {
    const answer = await post(body);
    expect([answer.status, answer.body.errors?.[0]?.extensions.code]).toEqual([
      400,
      expect.stringMatching(/^(OPERATION_RESOLUTION_FAILURE|GRAPHQL_VALIDATION_FAILED)$/),
    ]);
  });

  test('a body beyond the limit is 413', async () => {
    expect((await post(JSON.stringify({ query: `{ viewer { id } } #${'x'.repeat(65_536)}` }))).status).toBe(413);
  });

  test('headers beyond the limit are 431', async () => {
    expect(await raw('GET /livez HTTP/1.1', 'Host: x', `X: ${'x'.repeat(17_000)}`)).toMatch(/^HTTP\/1.1 431 /);
  });

  test('a malformed Host header gives 400, and a valid one 200', async () => {
    const lines = [
      `Authorization: ${authorization}`,
      'Content-Type: application/json',
      `Content-Length: ${QUERY.length}`,
    ];
    const answer = (host: string) =>
      raw('POST /graphql HTTP/1.1', `Host: ${host}`, ...lines, 'Connection: close', '', QUERY);
    for (const host of ['[', 'a b', '%', '@', 'x/y', '[::1', 'x:y'])
      expect(await answer(host)).toMatch(/^HTTP\/1.1 400 /);
    for (const host of ['x', 'x.test:4000', '[::1]:4000', '127.0.0.1', ''])
      expect(await answer(host)).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('a query too large is 400 QUERY_TOO_LARGE', () => {
  test.each([
    ['1001 tokens', `{ ${'viewer { id } '.repeat(250)} }`],
    [
      '11 levels',
      '{ viewer { calendar(from: "x", to: "x") { events { course { ern } } } } }'.replace('ern', nested(8)),
    ],
    ['11 aliases', `{ ${Array.from({ length: 11 }, (_, i) => `a${i}: viewer { id }`).join(' ')} }`],
    ['500 duplicate fields', `{ viewer { ${'id '.repeat(500)} } }`],
    ['50 fragments', `{ ${'...F '.repeat(50)} } fragment F on Query { viewer { id } }`],
    ['a fragment cycle', '{ ...F } fragment F on Query { ...F }'],
    ['lists in lists in an argument', `{ lecture(ern: ${'['.repeat(400)}1${']'.repeat(400)}) { title } }`],
    ['objects in an argument', `{ viewer { calendar(filter: ${'{a: '.repeat(200)}1${'}'.repeat(200)}) { version } } }`],
    ['lists in a mutation', `mutation { rotateCalendarSubscription(x: ${'['.repeat(30)}${']'.repeat(30)}) { url } }`],
    ['lists in a default value', `query ($x: [Int] = ${'['.repeat(30)}${']'.repeat(30)}) { viewer { id } }`],
    ['lists in an argument of a directive', `{ viewer @include(if: ${'['.repeat(30)}${']'.repeat(30)}) { id } }`],
    ['300 items in an argument', `{ viewer { calendar(filter: { courses: [${'"x" '.repeat(300)}] }) { version } } }`],
    ['500 times __typename', `{ viewer { ${'__typename '.repeat(500)} } }`],
  ])('%s', async (_, query) => {
    const { status, body } = await graph.query('student-1', query);
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([400, 'QUERY_TOO_LARGE']);
  });

  function nested(levels: number): string {
    return levels === 0 ? 'x' : `x { ${nested(levels - 1)} }`;
  }
});

describe('variables are bounded', () => {
  const query =
    'query ($kinds: [EventKind!]) { viewer { calendar(from: "x", to: "x", filter: {kinds: $kinds}) { version } } }';
  const send = (variables: string, text = query) => post(`{"query":${JSON.stringify(text)},"variables":${variables}}`);

  test('31,000 wrong items in a list are one error, not 31,000', async () => {
    const { status, body, text } = await send(`{"kinds":[${Array(31_000).fill(1).join(',')}]}`);
    expect([status, body.errors?.length, body.errors?.[0]?.extensions.code]).toEqual([400, 1, 'BAD_USER_INPUT']);
    expect(text.length).toBeLessThan(500);
  });

  test('150 wrong items, within the limit of a list, are at most 10 errors', async () => {
    const { body } = await send(`{"kinds":[${Array(150).fill(1).join(',')}]}`);
    expect(body.errors?.length).toBeGreaterThan(0);
    expect(body.errors?.length).toBeLessThanOrEqual(10);
  });

  test('100 wrong fields are at most 10 errors', async () => {
    const { body } = await send('{}', `{ viewer { ${Array.from({ length: 100 }, (_, i) => `x${i}`).join(' ')} } }`);
    expect(body.errors?.length).toBeLessThanOrEqual(10);
  });

  test.each([
    ['lists', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['objects', `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`],
  ])('variables of thousands of nested %s are BAD_USER_INPUT', async (_, value) => {
    const { status, body } = await send(`{"kinds":${value}}`);
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
  });

  test('a subscription is 400 and reports no error to the log', async () => {
    const reports: unknown[] = [];
    const stop = listen('calendar:error', (report) => void reports.push(report));
    const { status, body } = await send('{}', 'subscription { viewer { id } }');
    stop();
    expect([status, body.errors?.length, reports]).toEqual([400, 1, []]);
  });
});

describe('the schema is not shown in production', () => {
  test.each([
    '{ __schema { types { name } } }',
    '{ _service { sdl } }',
    '{ _entities(representations: []) { __typename } }',
  ])('%s is 400', async (query) => {
    expect((await graph.query('student-1', query)).status).toBe(400);
  });

  test('a mistyped field gets no suggestion', async () => {
    const { status, text } = await graph.query('student-1', '{ viewr { id } }');
    expect(status).toBe(400);
    expect(text).not.toContain('Did you mean');
  });

  test('a query plan or trace is never returned', async () => {
    const headers = { 'apollo-query-plan-experimental': '1', 'apollo-federation-include-trace': 'ftv1' };
    expect((await post(QUERY, headers)).body).toEqual({ data: { viewer: { id: 'student-1' } } });
  });

  test('the contract between services cannot be queried', async () => {
    expect((await graph.query('student-1', '{ viewer { lectureAudiences } }')).status).toBe(400);
  });
});

test('no header of a client reaches a subgraph; the internal token names the user', async () => {
  graph.calls.calendar.length = 0;
  await post(QUERY, { 'x-deadline-ms': '999999', 'x-user-id': 'admin-1' });
  const [call] = graph.calls.calendar;
  expect(call?.caller).toEqual({
    service: 'gateway',
    scopes: [],
    user: { id: 'student-1', roles: ['student'], scopes: [] },
  });
  expect(call?.deadlineMs).toBeLessThanOrEqual(graph.options.deadlineMs);
});

test('no other origin is allowed', async () => {
  const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' };
  const { headers: given } = await graph.send({ method: 'OPTIONS', headers });
  expect([...given.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

test('an unknown path is 404 in JSON', async () => {
  const { status, body } = await graph.send({ path: '/..%2f..%2fetc/passwd' });
  expect([status, body.errors?.[0]?.extensions.code]).toEqual([404, 'NOT_FOUND']);
});

test('/livez and /readyz answer 200', async () => {
  expect((await graph.send({ path: '/livez' })).body).toEqual({ status: 'ok' });
  expect((await graph.send({ path: '/readyz' })).body).toEqual({
    status: 'ready',
    subgraphs: { calendar: 'ok', lecture: 'ok', attendance: 'ok', assignment: 'ok' },
    feeds: {},
  });
});

test('without its settings there is no playground and no demo token', async () => {
  expect((await graph.send({ path: '/graphiql' })).status).toBe(404);
  expect((await graph.send({ path: '/dev/token?user=student-1' })).status).toBe(404);
});
