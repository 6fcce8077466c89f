// Promise: a text is parsed and checked once, every request with it gets what the check found, and
// what is refused is refused each time.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { documentsOf } from '../../../src/gateway/graph/persisted-documents.ts';
import { queryStringParser } from '../../../src/gateway/query-strings.ts';
import { type CheckedRequest, documentHooks } from '../../../src/gateway/routes/document-hooks.ts';

const LIMITS = { depth: 5, fields: 9, aliases: 9, directives: 9, fragments: 9, tokens: 99, valueDepth: 3, list: 9 };
const PAGE = '{ a }';
const BODY = JSON.stringify({ query: '{ b }', variables: { x: { y: [1] } } });

let app: FastifyInstance;
let lookups: number;
beforeEach(() => {
  app = fastify({ routerOptions: { querystringParser: queryStringParser() } });
  app.decorateRequest('operation', undefined);
  lookups = 0;
  const known = documentsOf(new Map([['page', PAGE]]), false);
  const counting = (body: unknown) => {
    lookups += 1;
    return known(body);
  };
  const documents = Object.assign(counting, { nameOf: (body: unknown) => known.nameOf(body) });
  const { parseBody, takeDocument } = documentHooks(app, documents, LIMITS);
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parseBody);
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    preHandler: takeDocument,
    handler(request) {
      const { body, operation, key } = request.getDecorator<CheckedRequest>('checked');
      const variables = (body as { variables?: { x?: { y?: unknown } } }).variables;
      const isFrozen = [body, variables, variables?.x, variables?.x?.y].every(Object.isFrozen);
      return { body, operation, key, isFrozen, isSame: request.body === body };
    },
  });
});
afterEach(() => app.close());

const post = async (payload: string) =>
  (
    await app.inject({ method: 'POST', url: '/graphql', payload, headers: { 'content-type': 'application/json' } })
  ).json<Record<string, unknown>>();
const get = async (search: string) => (await app.inject(`/graphql?${search}`)).json<Record<string, unknown>>();

test('an equal body is checked once, and what its requests share is frozen', async () => {
  const [first, second, other] = [await post(BODY), await post(BODY), await post(BODY.replace('1', '2'))];
  expect(first).toMatchObject({ body: JSON.parse(BODY), operation: 'ad-hoc', isFrozen: true, isSame: true });
  expect(second).toEqual(first);
  expect(other.key).not.toBe(first.key);
  expect(lookups).toBe(2);
});

test('an equal address is checked once, and has the key that its body would have', async () => {
  const [first, second] = [await get('documentId=page'), await get('documentId=page')];
  expect([first, second.key, lookups]).toMatchObject([{ body: { query: PAGE } }, first.key, 1]);
  expect((await post('{"documentId":"page"}')).key).toBe(first.key);
  expect((await get('documentId=page&variables={"x":1}')).key).not.toBe(first.key);
});

test.each(['{', '{"__proto__":{}}', '{"documentId":"unknown"}', '{"query":"{ a }","variables":{"x":[[[[1]]]]}}'])(
  '%s is refused each time',
  async (text) => {
    const refusals = [await post(text), await post(text)];
    expect(refusals).toEqual([refusals[0], refusals[0]]);
    expect(refusals[0]).not.toHaveProperty('key');
  },
);

test('a long text, and one that many others followed, is checked again', async () => {
  const long = JSON.stringify({ query: '{ b }', variables: { x: 'x'.repeat(8_192) } });
  await post(long);
  await post(long);
  expect(lookups).toBe(2);
  await post(BODY);
  for (let x = 0; x < 500; x += 1) await post(JSON.stringify({ query: '{ b }', variables: { x } }));
  await post(BODY);
  expect(lookups).toBe(504);
});
