// The React example over the running gateway, in a DOM: it draws two windows, takes a change that
// `/live` announces without reading a window again, and its typed documents fit the public schema.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSchema, type DocumentNode, validate } from 'graphql';
import * as typed from '../../schema/typed-documents.generated.ts';
import { systemClock } from '../../src/clock.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { OPERATIONS } from '../harness/operations.ts';
import { lecture } from '../harness/rows.ts';
import { cacheOptions } from './apollo-client.ts';
import { importPeer, installPeers } from './peers/import-peer.ts';

const fileOf = (name: string) => readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8');
const missing = await installPeers();
const whenInstalled = missing === null || process.env.REQUIRE_SERVICES === '1' ? describe : describe.skip;

const MARCH = { from: '2026-03-01T00:00:00+09:00', to: '2026-04-01T00:00:00+09:00' };
const APRIL = { from: '2026-04-01T00:00:00+09:00', to: '2026-05-01T00:00:00+09:00' };
const [first, second] = ['2026-03-03', '2026-04-07'].map((day) => lecture({ course: 1, at: `${day}T09:00+09:00` }));

whenInstalled(`a calendar in React [needs ${missing ?? 'nothing'}]`, () => {
  let graph: MockGraph;
  beforeAll(async () => {
    const items = [{ ...first }, { ...second }] as (typeof graph.rows.items)[number][];
    const rows = { enrollments: { 'student-1': [1] }, items };
    graph = await startGraph({ sources: 'mock', clock: systemClock, rows });
  });
  afterAll(() => graph.close());

  test('draws two windows, and takes a change that /live announces without reading them again', async () => {
    const { Window } = await importPeer<HappyDom>('happy-dom');
    const dom = new Window();
    for (const [name, value] of Object.entries({ window: dom, document: dom.document, navigator: dom.navigator })) {
      Object.defineProperty(globalThis, name, { value, configurable: true });
    }
    const { createElement } = await importPeer<React>('react');
    const { createRoot } = await importPeer<ReactDom>('react-dom/client');
    const { ApolloClient, InMemoryCache, HttpLink } = await importPeer<Apollo>('@apollo/client');
    const { ApolloProvider } = await importPeer<Record<'ApolloProvider', object>>('@apollo/client/react');
    const { TwoMonths } = await importPeer<Record<'TwoMonths', object>>('./react/two-months.tsx');

    const token = await graph.token('student-1');
    const sent: string[] = [];
    const client = new ApolloClient({
      cache: new InMemoryCache(cacheOptions(JSON.parse(fileOf('possibleTypes.json')))),
      link: new HttpLink({
        uri: `${graph.gatewayUrl}/graphql`,
        headers: { authorization: `Bearer ${token}` },
        fetch: (url: string, init: RequestInit & { readonly body: string }) => {
          sent.push(String(JSON.parse(init.body).operationName));
          return fetch(url, init);
        },
      }),
    });
    const live = { url: `${graph.gatewayUrl}/live`, token };
    const root = createRoot(dom.document.body);
    root.render(
      createElement(ApolloProvider, { client }, createElement(TwoMonths, { first: MARCH, second: APRIL, live })),
    );
    const titles = () => [...dom.document.querySelectorAll('ol[aria-busy=false] li')].map((item) => item.textContent);
    await eventually('both windows', () => titles().length === 2);
    expect(titles()).toEqual([first?.title, second?.title]);

    Object.assign(graph.rows.items[0] as object, { title: 'renamed' });
    graph.rows.items.splice(1, 1);
    graph.calendar.invalidateAll();
    await eventually('the change', () => titles()[0] === 'renamed' && titles().length === 1);
    expect(sent.filter((name) => name === 'MyPage')).toHaveLength(2);
    expect(sent.filter((name) => name === 'Changes').length).toBeGreaterThanOrEqual(2);
    root.unmount();
    client.stop();
  });

  test('compiles with the typed documents, and no field that they do not ask for', async () => {
    const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
    const project = fileURLToPath(new URL('peers/react', import.meta.url));
    await promisify(execFile)(process.execPath, [compiler, '-p', project]);
  });
});

test('every operation of My Page is a typed document that the public schema accepts', () => {
  const schema = buildSchema(fileOf('public.graphql'));
  const documents = Object.entries(typed).filter(([name]) => name.endsWith('Document'));
  expect(documents).toHaveLength(OPERATIONS.length);
  for (const [, document] of documents) expect(validate(schema, document as DocumentNode)).toEqual([]);
});

interface HappyDom {
  readonly Window: new () => {
    readonly navigator: object;
    readonly document: {
      readonly body: object;
      querySelectorAll(selector: string): Iterable<{ readonly textContent: string }>;
    };
  };
}
interface React {
  readonly createElement: (type: object, props: object, ...children: readonly object[]) => object;
}
interface ReactDom {
  readonly createRoot: (place: object) => { render(element: object): void; unmount(): void };
}
interface Apollo {
  readonly InMemoryCache: new (options: object) => object;
  readonly HttpLink: new (options: object) => object;
  readonly ApolloClient: new (options: object) => { stop(): void };
}
