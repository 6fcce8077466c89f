// Promise: an operation that the calendar answers alone is forwarded once it is known, and clients
// see no difference.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SourceError } from '../../../src/errors.ts';
import { createForward, type Operation } from '../../../src/gateway/graph/forward.ts';
import { LastWrites } from '../../../src/gateway/graph/last-writes.ts';
import { HttpResponse } from '../../../src/http/client/response.ts';
import type { Transport } from '../../../src/http/client/transport.ts';
import { manualClock } from '../../harness/clock.ts';
import { MARCH, MINE } from '../../harness/documents.ts';
import { startGraph } from '../../harness/graph.ts';
import type { MockGraph } from '../../harness/mock-graph.ts';
import { lecture } from '../../harness/rows.ts';
import { jsonAnswer } from '../../http/client/json-answer.ts';

const OPERATION: Operation = { query: '{ viewer { id } }', operationName: null, variables: null, accept: '*/*' };
const WHOLE = { count: 1, validator: 'v', isWholeFrom: 'calendar' };
const ANSWER = jsonAnswer('{"data":{}}', { 'x-without-errors': 'true', 'x-validator': 'v' });

function forwarder(answer: () => Promise<HttpResponse> = async () => ANSWER) {
  const clock = manualClock();
  const sent: string[] = [];
  const transport = {
    post: ({ body }: { readonly body: string }) => {
      sent.push(body);
      return answer();
    },
  } as unknown as Transport;
  const forward = createForward({ transport, sign: async () => 't', clock, writes: new LastWrites(clock, 1_000) });
  const context = { principal: { id: 'u', roles: [], scopes: [] }, endsAt: 1_000 };
  return { forward, sent, ask: (operation = OPERATION) => forward.ask(operation, context) };
}

describe('an operation', () => {
  test('is forwarded as it is after it was answered whole by the calendar', async () => {
    const { forward, sent, ask } = forwarder();
    expect([await ask(), sent]).toEqual([null, []]);
    forward.learn(OPERATION, 'application/json', WHOLE);
    expect(await ask({ ...OPERATION, variables: { a: 1 } })).toEqual({
      content: Buffer.from('{"data":{}}'),
      contentType: 'application/json',
      validator: 'v',
    });
    expect(sent).toEqual(['{"query":"{ viewer { id } }","operationName":null,"variables":{"a":1}}']);
  });

  test.each([
    ['with another name', { ...OPERATION, operationName: 'A' }],
    ['for another media type', { ...OPERATION, accept: 'application/graphql-response+json' }],
    ['of another document', { ...OPERATION, query: '{ viewer { __typename } }' }],
  ])('%s is another one', async (_, other) => {
    const { forward, ask } = forwarder();
    forward.learn(OPERATION, 'application/json', WHOLE);
    expect(await ask(other)).toBeNull();
  });

  test.each([
    ['that took two calls', { ...WHOLE, count: 2 }],
    ['that another subgraph answered', { ...WHOLE, isWholeFrom: 'lecture' }],
    ['that had errors or wrote', { ...WHOLE, isWholeFrom: null }],
  ])('%s is not learned', async (_, fetches) => {
    const { forward, ask } = forwarder();
    forward.learn(OPERATION, 'application/json', fetches);
    expect(await ask()).toBeNull();
  });

  test.each<[string, () => Promise<HttpResponse>]>([
    ['errors', async () => jsonAnswer('{"data":{}}')],
    ['a refusal', async () => new HttpResponse(400, ANSWER.headers, ANSWER.bytes)],
    ['no answer', () => Promise.reject(new SourceError('UNREACHABLE', 'gone'))],
  ])('with %s goes the usual way', async (_, answer) => {
    const { forward, ask } = forwarder(answer);
    forward.learn(OPERATION, 'application/json', WHOLE);
    expect(await ask()).toBeNull();
  });
});

describe('clients see no difference', () => {
  let graph: MockGraph;
  beforeAll(async () => {
    const rows = {
      enrollments: { 'student-1': [1] },
      items: [
        lecture({ course: 1, at: '2026-03-10T09:00+09:00' }),
        lecture({ course: 1, at: '2026-03-11T09:00+09:00' }),
      ],
    };
    graph = await startGraph({ sources: 'mock', rows });
  });
  afterAll(() => graph.close());

  test.each<[string, string, Record<string, unknown>]>([
    ['a month', MINE, MARCH],
    [
      'fragments and aliases',
      'query ($from: DateTime!, $to: DateTime!) { me: viewer { ...F } } fragment F on User { c: calendar(from: $from, to: $to) { days { segments(first: 1) { event { __typename id } } } } }',
      MARCH,
    ],
    ['a refusal', `{ user(id: "student-2") { id } }`, {}],
    ['a bad argument', MINE, { ...MARCH, to: MARCH.from, from: MARCH.to }],
    ['a bad variable', MINE, { from: 1, to: MARCH.to }],
    ['a missing variable', MINE, {}],
  ])('%s, the third time as the first', async (_, query, variables) => {
    const ask = async () => {
      const { status, text, headers } = await graph.query('student-1', query, variables);
      return [status, text, headers.get('content-type'), headers.get('cache-control')];
    };
    const first = await ask();
    await ask();
    expect(await ask()).toEqual(first);
  });

  test('a field of another subgraph that a variable adds is answered', async () => {
    const query = `query ($from: DateTime!, $to: DateTime!, $deep: Boolean!) { viewer { calendar(from: $from, to: $to) {
      events { ... on LectureEvent { lecture { ern title @include(if: $deep) } } } } } }`;
    for (const deep of [false, false]) await graph.query('student-1', query, { ...MARCH, deep });
    const plain = await graph.query<object>('student-1', query, { ...MARCH, deep: false });
    const deep = await graph.query<object>('student-1', query, { ...MARCH, deep: true });
    expect([plain.body.errors, JSON.stringify(plain.body.data).includes('title')]).toEqual([undefined, false]);
    expect(JSON.stringify(deep.body.data)).toContain('title');
  });
});
