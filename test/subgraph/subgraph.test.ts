// The subgraph factory over real HTTP: authentication, bad requests, and that no internals are
// shown.

import { request as rawRequest } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createInternalSigner, createInternalVerifier } from '../../src/auth/internal-token.ts';
import type { Caller } from '../../src/auth/principal.ts';
import { systemClock } from '../../src/clock.ts';
import { type ErrorReport, listen } from '../../src/diagnostics.ts';
import { ApiError, badInput } from '../../src/errors.ts';
import { createSubgraph, type Subgraph, type SubgraphContext, type WarmUp } from '../../src/subgraph/subgraph.ts';
import { handClock } from '../auth/hand-clock.ts';

const typeDefs = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query {
    context: String
    fail(how: String!): String
    slow: String
  }
  type Thing @key(fields: "id") {
    id: ID!
    name: String
  }
`;
const SECRET = 'canary-7f3a postgres://root:hunter2@10.0.0.3/db';
const secret = new Uint8Array(32).fill(7);
const clock = handClock();
const sign = createInternalSigner({ secret, service: 'gateway', clock });
const ENTITIES = 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Thing { id name } } }';

/** Keeps the field `slow` running until it is let go. */
interface Hold {
  readonly started: Promise<void>;
  begin(): void;
  readonly released: Promise<void>;
  release(): void;
}

const failures: Record<string, () => unknown> = {
  plain: () => {
    throw new Error(SECRET);
  },
  later: () => Promise.reject(new TypeError(SECRET)),
  thrown: () => {
    throw SECRET;
  },
  api: () => {
    throw badInput('how', 'something else', 'api');
  },
  conflict: () => {
    throw new ApiError('CONFLICT', 'Changed meanwhile.', { cursor: 'expired' });
  },
  disguised: () => {
    throw Object.assign(new Error(SECRET), { code: 'BAD_USER_INPUT', extensions: { code: 'DATABASE', sql: SECRET } });
  },
};

let running: Subgraph | undefined;
let hold: Hold;

function newHold(): Hold {
  const events = new EventTarget();
  const once = (name: string) => new Promise<void>((resolve) => events.addEventListener(name, () => resolve()));
  const tell = (name: string) => () => void events.dispatchEvent(new Event(name));
  return { started: once('begin'), begin: tell('begin'), released: once('release'), release: tell('release') };
}

const resolvers = {
  Query: {
    context: (_: unknown, __: unknown, { caller, deadlineMs, extra }: SubgraphContext & { extra: string }) =>
      JSON.stringify({ service: caller.service, user: caller.user?.id, deadlineMs, extra }),
    fail: (_: unknown, { how }: { how: string }) => failures[how]?.(),
    slow: async () => {
      hold.begin();
      await hold.released;
      return 'done';
    },
  },
  Thing: {
    __resolveReference({ id }: { id: unknown }) {
      if (id === 'sync') throw new Error(SECRET);
      if (id === 'missing') return null;
      return id === 'async' ? Promise.reject(new Error(SECRET)) : { id: String(id), name: 'thing' };
    },
  },
};

async function started(options: { introspection?: boolean; bodyLimit?: number; warmUp?: WarmUp } = {}) {
  hold = newHold();
  const verify = createInternalVerifier({ secret, audience: 'lecture', clock });
  const context = (caller: Caller) => ({ extra: `for ${caller.service}` });
  running = createSubgraph({ name: 'lecture', typeDefs, resolvers, verify, clock: systemClock, context, ...options });
  const { url } = await running.listen({ port: 0, host: '127.0.0.1' });
  const token = await sign({ audience: 'lecture' });
  /** Posts as a caller with a good token, unless the headers say otherwise. */
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
    const text = await response.text();
    expect(text).not.toContain('canary');
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
  };
  return { url, token, post };
}

/** The status of a query sent with exactly these headers. */
function rawPost(url: string, headers: string[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = rawRequest(url, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject).end('{"query":"{ context }"}');
  });
}

afterEach(async () => {
  hold.release();
  await running?.close();
  running = undefined;
});

test('a warm-up that fails is reported, and the subgraph becomes ready', async () => {
  const reports: unknown[] = [];
  const stop = listen('calendar:error', ({ error }) => void reports.push(error));
  const failure = new Error('canary');
  const { url } = await started({ warmUp: () => Promise.reject(failure) });
  stop();
  expect(reports).toEqual([failure]);
  expect((await fetch(new URL('/readyz', url))).status).toBe(200);
});

describe('authentication', () => {
  test('accepts a caller with a token, and gives resolvers the caller and its deadline', async () => {
    const { post } = await started();
    const { status, json } = await post({ query: '{ context }' }, { 'x-deadline-ms': '750' });
    expect(status).toBe(200);
    expect(JSON.parse(json.data.context)).toEqual({ service: 'gateway', deadlineMs: 750, extra: 'for gateway' });
  });

  test.each(['', '-1', 'soon', '1e3', '9999999999', '5, 6'])('ignores a deadline of %j', async (deadline) => {
    const { post } = await started();
    const { json } = await post({ query: '{ context }' }, { 'x-deadline-ms': deadline });
    expect(JSON.parse(json.data.context)).not.toHaveProperty('deadlineMs');
  });

  test('answers 401 with WWW-Authenticate without a token, with a bad one, one for another service, or a header naming a user', async () => {
    const { post } = await started();
    const sibling = `Bearer ${await sign({ audience: 'attendance' })}`;
    for (const authorization of ['', 'Bearer ', 'Bearer a.b.c', 'Basic eDp5', sibling]) {
      const { status, headers, json } = await post({ query: '{ context }' }, { authorization, 'x-user-id': 'admin-1' });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer realm="lecture"');
      expect(json.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED' });
      expect(json).not.toHaveProperty('data');
    }
  });

  test('answers 401 to two Authorization headers', async () => {
    const { url, token } = await started();
    const headers = [
      'host',
      'x',
      'content-type',
      'application/json',
      ...Array(2)
        .fill(['authorization', `Bearer ${token}`])
        .flat(),
    ];
    expect(await rawPost(url, headers)).toBe(401);
  });

  test('answers 401 before the body is read, also if it is malformed or huge', async () => {
    const { post } = await started({ bodyLimit: 1_000 });
    for (const body of ['{', 'x'.repeat(5_000)]) expect((await post(body, { authorization: '' })).status).toBe(401);
    expect((await post('a', { authorization: '', 'content-type': 'text/xml' })).status).toBe(401);
  });

  test('is not needed for GET /livez', async () => {
    const { url } = await started();
    const response = await fetch(url.replace('/graphql', '/livez'));
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });
});

describe('a bad request', () => {
  test.each<[string, unknown, Record<string, string>, number]>([
    ['half an object', '{', {}, 400],
    ['an array', '[]', {}, 400],
    ['null', 'null', {}, 400],
    ['a query that is a number', '{"query":1}', {}, 400],
    ['variables that are an array', '{"query":"{context}","variables":[]}', {}, 400],
    ['a batch', '[{"query":"{context}"}]', {}, 400],
    ['a byte that is not UTF-8', new Uint8Array([0xff]), {}, 400],
    ['a key named __proto__', '{"query":"{context}","variables":{"__proto__":{"a":1}}}', {}, 400],
    ['a syntax error', '{"query":"{"}', {}, 400],
    ['an unknown field', '{"query":"{ contexd }"}', {}, 400],
    ['a form', 'query=%7Bcontext%7D', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', '{"query":"{context}"}', { 'content-type': 'text/plain' }, 415],
    ['more than the limit', `{"query":"{ context ${' '.repeat(2_000)} }"}`, {}, 413],
  ])('%s: JSON without data', async (_, body, headers, expected) => {
    const { post } = await started({ bodyLimit: 2_000 });
    const { status, headers: got, json } = await post(body, headers);
    expect(status).toBe(expected);
    expect(got.get('content-type')).toMatch(/^application\/json/);
    expect(json.errors[0].message).not.toMatch(/ at |node_modules|Did you mean/);
    expect(json).not.toHaveProperty('data');
  });

  test('that names an operation that its document has not is answered with an error at each time', async () => {
    const { post } = await started();
    for (const _ of [1, 2, 3, 4]) expect((await post({ query: 'query A { context }' })).json).toHaveProperty('data');
    for (const _ of [1, 2, 3, 4]) {
      const { status, json } = await post({ query: 'query A { context }', operationName: 'B' });
      expect([status, json]).toMatchObject([400, { errors: [{ message: 'Unknown operation named "B".' }] }]);
    }
  });

  test('with another method is 405 with Allow, at another path 404, both as JSON', async () => {
    const { url } = await started();
    const get = await fetch(`${url}?query={context}`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await get.json()).toHaveProperty('errors');
    const other = await fetch(`${url}/../secret`);
    expect([other.status, await other.json()]).toEqual([404, expect.objectContaining({ errors: expect.any(Array) })]);
  });

  test.each(['[', 'a b', '%', '@'])('with the malformed Host header %j is 400', async (host) => {
    const { url, token } = await started();
    const headers = ['host', host, 'content-type', 'application/json', 'authorization', `Bearer ${token}`];
    expect(await rawPost(url, headers)).toBe(400);
  });

  test('for introspection is refused unless the option allows it', async () => {
    const query = '{ __schema { queryType { name } } }';
    expect((await (await started()).post({ query })).status).toBe(400);
    await running?.close();
    expect((await (await started({ introspection: true })).post({ query })).json.data.__schema.queryType.name).toBe(
      'Query',
    );
  });

  test('is repeated in a message with at most 64 characters', async () => {
    const { post } = await started();
    const long = 'x'.repeat(300);
    const variable = await post({ query: 'query($h: String!) { fail(how: $h) }', variables: { h: { [long]: long } } });
    const spaced = await post({
      query: 'query($h: String!) { fail(how: $h) }',
      variables: { h: Array(9).fill('x x x x x x') },
    });
    const inline = await post({ query: `{ fail(how: 1) ${long} }` });
    const literal = await post({ query: `{ fail(how: [${'"x x x", '.repeat(90)}]) }` });
    expect(spaced.json.errors[0].message).toMatch(/^Variable "\$h" got invalid value \["x x x x x x", /);
    for (const { status, text, json } of [variable, spaced, inline, literal]) {
      expect(json.errors.every(({ message }: Error) => message.length < 256)).toBe(true);
      expect(status).toBe(400);
      expect(text).not.toMatch(/x{65}/);
    }
  });
});

describe('_entities', () => {
  const user = (id: unknown) => ({ __typename: 'Thing', id });

  test('answers 200 representations and refuses 201', async () => {
    const { post } = await started();
    const good = await post({ query: ENTITIES, variables: { r: Array.from({ length: 200 }, (_, i) => user(`${i}`)) } });
    expect(good.json.data._entities).toHaveLength(200);
    expect(good.json.data._entities[199]).toEqual({ id: '199', name: 'thing' });
    const { json } = await post({ query: ENTITIES, variables: { r: Array(201).fill(user('1')) } });
    expect(json.data).toBeNull();
    expect(json.errors[0]).toMatchObject({
      message: 'representations: expected at most 200 of them, given 201',
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test.each(['Nothing', '__proto__', 'constructor', 'Query', 'String', '', 7, null, undefined, { a: 1 }])(
    'refuses the type %j with BAD_USER_INPUT',
    async (__typename) => {
      const { post } = await started();
      const { json } = await post({ query: ENTITIES, variables: { r: [user('1'), { __typename, id: '1' }] } });
      expect(json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    },
  );

  test.each([[5], ['text'], [[]], [true]])(
    'refuses a representation that is %j with BAD_USER_INPUT',
    async (representation) => {
      const { post } = await started();
      const { json } = await post({ query: ENTITIES, variables: { r: [representation] } });
      expect(json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    },
  );

  test('never answers 5xx for ids of any shape', async () => {
    const { post } = await started();
    const ids = [{ a: 1 }, [], 'x'.repeat(5_000), '\0', '../..', -1, true, null];
    const { status, json } = await post({ query: ENTITIES, variables: { r: ids.map(user) } });
    expect(status).toBe(200);
    expect(json.data._entities).toHaveLength(ids.length);
  });

  test('gives null for one that fails at once, and answers the others', async () => {
    const { post } = await started();
    const { json } = await post({ query: ENTITIES, variables: { r: ['1', 'sync', '2'].map(user) } });
    expect(json.data._entities).toEqual([{ id: '1', name: 'thing' }, null, { id: '2', name: 'thing' }]);
    expect(json.errors).toEqual([
      expect.objectContaining({ message: 'Something went wrong.', path: ['_entities', 1] }),
    ]);
  });

  test('gives null for one that fails later, and answers the others', async () => {
    const { post } = await started();
    const r = ['1', 'async', 'missing', '2'].map(user);
    const { json } = await post({ query: ENTITIES, variables: { r } });
    expect(json.data._entities).toEqual([{ id: '1', name: 'thing' }, null, null, { id: '2', name: 'thing' }]);
    expect(json.errors).toEqual([
      expect.objectContaining({ message: 'Something went wrong.', path: ['_entities', 1] }),
    ]);
  });
});

describe('an error of a resolver', () => {
  const query = 'query($how: String!) { fail(how: $how) }';

  test.each(['plain', 'later', 'thrown', 'disguised'])(
    '%s is one generic sentence for the client, and the original in the log',
    async (how) => {
      const reports: ErrorReport[] = [];
      const stop = listen('calendar:error', (report) => void reports.push(report));
      try {
        const { post } = await started();
        const { status, json } = await post({ query, variables: { how } });
        expect(status).toBe(200);
        expect(json.data).toEqual({ fail: null });
        expect(json.errors).toEqual([
          {
            message: 'Something went wrong.',
            path: ['fail'],
            locations: expect.any(Array),
            extensions: { code: 'INTERNAL_SERVER_ERROR' },
          },
        ]);
        expect(reports).toMatchObject([{ error: expect.anything(), path: ['fail'] }]);
        expect(String(reports[0]?.error)).toContain('canary');
      } finally {
        stop();
      }
    },
  );

  test('that is made for clients is shown as it is', async () => {
    const { post } = await started();
    const bad = await post({ query, variables: { how: 'api' } });
    expect(bad.json.errors[0]).toMatchObject({
      message: 'how: expected something else, given "api"',
      extensions: { code: 'BAD_USER_INPUT', argument: 'how' },
    });
    const conflict = await post({ query, variables: { how: 'conflict' } });
    expect(conflict.json.errors[0].extensions).toEqual({ code: 'CONFLICT', cursor: 'expired' });
  });

  test('of a whole reference list is one generic sentence as well', async () => {
    const { post } = await started();
    const { status, json } = await post({ query: ENTITIES, variables: { r: [{ __typename: 'Thing', id: 'sync' }] } });
    expect([status, json.errors[0].message]).toEqual([200, 'Something went wrong.']);
  });
});

describe('shutdown', () => {
  test('answers running requests and accepts no new connections', async () => {
    const { url, post } = await started();
    const slow = post({ query: '{ slow }' });
    await hold.started;
    const closing = running?.close();
    running = undefined;
    await expect(fetch(url.replace('/graphql', '/livez'))).rejects.toThrow();
    hold.release();
    const { json, headers } = await slow;
    expect([json.data, headers.get('connection')]).toEqual([{ slow: 'done' }, 'close']);
    const start = performance.now();
    await closing;
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  test('does not wait for idle connections', async () => {
    const { post } = await started();
    await post({ query: '{ context }' });
    const start = performance.now();
    await running?.close();
    running = undefined;
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

test('a resolver that is not in the SDL stops the start', () => {
  const verify = createInternalVerifier({ secret, audience: 'lecture', clock });
  const make = (wrong: object) =>
    createSubgraph({ name: 'x', typeDefs, resolvers: wrong, verify, clock: systemClock, context: () => ({}) });
  expect(() => make({ Query: { nothing: () => null } })).toThrow(/^resolvers: .*"Query.nothing"$/);
  expect(() => make({ Nothing: {} })).toThrow(/^resolvers: .*"Nothing"$/);
});
