// schema/rest.openapi.json is true: the running gateway has these addresses and gives these
// statuses.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>>; $ref?: string }>>;
}
const { paths } = JSON.parse(readFileSync(new URL('../../schema/rest.openapi.json', import.meta.url), 'utf8')) as {
  paths: Readonly<Record<string, { readonly get: Operation }>>;
};

let graph: MockGraph;
let address: string;
beforeAll(async () => {
  graph = await startGraph({ sources: 'mock' });
  const { body } = await graph.query<{ viewer: { calendarSubscription: { url: string } } }>(
    'student-1',
    '{ viewer { calendarSubscription { url } } }',
  );
  address = new URL(body.data.viewer.calendarSubscription.url).pathname;
});
afterAll(() => graph.close());

const CASES: readonly (readonly [string, () => string, number])[] = [
  ['/livez', () => '/livez', 200],
  ['/readyz', () => '/readyz', 200],
  ['/live', () => '/live', 401],
  ['/calendar/{token}.ics', () => address, 200],
  ['/calendar/{token}.ics', () => `${address}?kinds=x`, 400],
  ['/calendar/{token}.ics', () => '/calendar/none.ics', 404],
];

test.each(CASES)('%s is described as it answers', async (path, asked, status) => {
  const answer = await fetch(`${graph.gatewayUrl}${asked()}`);
  expect(answer.status).toBe(status);
  const described = paths[path]?.get.responses[status];
  expect(described).toBeDefined();
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  if (described?.$ref === undefined) expect(Object.keys(described?.content ?? {})).toContain(type);
  else expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
});

test('nothing else is described', () => {
  expect(Object.keys(paths)).toEqual(['/live', '/calendar/{token}.ics', '/livez', '/readyz', '/metrics']);
});
