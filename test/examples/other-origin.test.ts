// Promise: an app on another origin uses the API with the clients of its choice: Apollo Client and
// urql with persisted documents, Relay and GraphQL Code Generator with what they make of the public
// schema, and the stream of changes; an origin that is not in the list gets nothing.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fastifyStatic } from '@fastify/static';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fastify } from 'fastify';
import { type DocumentNode, print } from 'graphql';
import type { Browser, Page } from 'playwright-core';
import { idOf } from '../../src/gateway/graph/persisted-documents.ts';
import { CHROMIUM, launch, open } from '../browser/browser.ts';
import { manualClock } from '../harness/clock.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { courseErn, lecture } from '../harness/rows.ts';
import { WINDOW, type WindowAnswer } from './calendar-documents.ts';
import { importPeer, installPeers } from './peers/import-peer.ts';

const run = promisify(execFile);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const isPossible = existsSync(CHROMIUM) && (await installPeers()) === null;
const whenPossible = isPossible || process.env.REQUIRE_SERVICES === '1' ? describe : describe.skip;

const MARCH = { from: '2026-03-01T00:00:00+09:00', to: '2026-04-01T00:00:00+09:00' };
/** A document that no list of persisted documents has. */
const OTHER = WINDOW.replace('Window', 'Other').replace('completeness', 'version');
const KNOWN = WINDOW.replace('Window', 'Known');

/** The example as an app of its own: what is compiled and bundled is in a folder beside nothing. */
async function buildApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'other-origin-'));
  const schema = (name: string) => cp(here(`../../schema/${name}`), join(folder, name));
  await cp(here('other-origin/'), folder, { recursive: true });
  await Promise.all(['public.graphql', 'possibleTypes.json', 'typed-documents.generated.ts'].map(schema));
  await Promise.all(['apollo-client.ts', 'urql-graphcache.ts'].map((name) => cp(here(name), join(folder, name))));
  await mkdir(join(folder, '__generated__'));
  await symlink(here('peers/node_modules'), join(folder, 'node_modules'));
  await run(process.execPath, ['node_modules/relay-compiler/cli.js', 'relay.config.json'], { cwd: folder });
  const vite = here('../../node_modules/vite/bin/vite.js');
  await run(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: folder });
  return folder;
}

/** Serves the built app on an origin of its own. */
async function serve(folder: string) {
  const server = fastify();
  await server.register(fastifyStatic, { root: join(folder, 'dist') });
  const { port } = new URL(await server.listen({ port: 0, host: 'localhost' }));
  return { origin: `http://localhost:${port}`, close: () => server.close() };
}

whenPossible('a page of another origin', () => {
  let folder: string;
  let allowed: Awaited<ReturnType<typeof serve>>;
  let foreign: Awaited<ReturnType<typeof serve>>;
  let graph: MockGraph;
  let browser: Browser;
  const clock = manualClock();
  beforeAll(async () => {
    folder = await buildApp();
    browser = await launch();
    [allowed, foreign] = await Promise.all([serve(folder), serve(folder)]);
    const items = [3, 4, 5].map((day) => lecture({ course: 1, at: `2026-03-0${day}T09:00+09:00` }));
    graph = await startGraph({
      sources: 'mock',
      clock,
      corsOrigins: [allowed.origin],
      documents: new Map((await persistedTexts()).map((text) => [idOf(text), text])),
      rows: { enrollments: { 'student-1': [1] }, items },
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await Promise.all([allowed.close(), foreign.close()]);
    await graph.close();
    await rm(folder, { recursive: true });
  });

  /** The known document as each client prints it. */
  async function persistedTexts(): Promise<string[]> {
    const { gql, InMemoryCache } = await importPeer<{
      readonly gql: (text: string) => DocumentNode;
      readonly InMemoryCache: new () => { transformDocument(document: DocumentNode): DocumentNode };
    }>('@apollo/client');
    const { formatDocument, stringifyDocument } = await importPeer<{
      readonly formatDocument: (document: DocumentNode) => DocumentNode;
      readonly stringifyDocument: (document: DocumentNode) => string;
    }>('@urql/core');
    const document = gql(KNOWN);
    return [print(new InMemoryCache().transformDocument(document)), stringifyDocument(formatDocument(document))];
  }

  /** Calls one of the page's functions; with the requests to the gateway. */
  async function call<T>(origin: string, client: string, more: object = {}, meanwhile?: (page: Page) => Promise<void>) {
    const { page } = await open(browser, origin);
    await page.waitForFunction(() => 'clients' in globalThis);
    const sent: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(`${graph.gatewayUrl}/graphql`)) return;
      const hasText = request.postDataJSON()?.query !== undefined;
      sent.push(`${request.method()} ${hasText ? 'text' : 'id'}`);
    });
    const argument = { url: graph.gatewayUrl, token: await graph.token('student-1'), ...more };
    const answer = page.evaluate(([name, given]) => (globalThis as unknown as Page_).clients[name as string]?.(given), [
      client,
      argument,
    ] as const) as Promise<T>;
    await meanwhile?.(page);
    const settled = await answer.then(
      (value) => ({ value, sent }),
      (error: unknown) => ({ error: String(error), sent }),
    );
    await page.context().close();
    return settled as { value: T; error?: string; sent: string[] };
  }
  interface Page_ {
    readonly clients: Readonly<Record<string, (given: unknown) => unknown>>;
  }

  const titles = (answers: readonly WindowAnswer[]) =>
    answers.map(({ viewer }) => viewer.calendar.events.map(({ title }) => title));
  const expected = () => graph.rows.items.map(({ title }) => title);

  test.each([
    ['apollo', 'GET'],
    ['urql', 'POST'],
  ])('%s reads windows, tries an unknown id once, and then sends texts', async (client, method) => {
    const given = { documents: [WINDOW, OTHER], variables: MARCH, isAllPersisted: false };
    const { value, sent } = await call<WindowAnswer[]>(allowed.origin, client, given);
    expect(titles(value)).toEqual([expected(), expected()]);
    expect(sent).toEqual([`${method} id`, 'POST text', 'POST text']);
  });

  test.each(['apollo', 'urql'])('%s reads a persisted document by its id alone, with GET', async (client) => {
    const { value, sent } = await call<WindowAnswer[]>(allowed.origin, client, {
      documents: [KNOWN],
      variables: MARCH,
      isAllPersisted: true,
    });
    expect(titles(value)).toEqual([expected()]);
    expect(sent).toEqual(['GET id']);
  });

  test('a document of GraphQL Code Generator is answered', async () => {
    const { value } = await call<WindowAnswer>(allowed.origin, 'codegen', { variables: MARCH });
    expect(titles([value])).toEqual([expected()]);
  });

  test('relay reads pages of a compiled fragment, and an event again by its id', async () => {
    const { value } = await call<{ titles: string[]; event: object }>(allowed.origin, 'relay');
    expect(value.titles).toEqual(expected());
    expect(value.event).toMatchObject({ __typename: 'LectureEvent', title: expected()[0], completion: 'NOT_REQUIRED' });
  });

  test('it hears of a change on /live', async () => {
    const { value } = await call<string>(allowed.origin, 'live', {}, async (page) => {
      await page.waitForFunction(() => 'isListening' in globalThis);
      graph.calendar.invalidate(`LECTURE|${courseErn(1)}|2026-03`);
      await clock.advance(1_000);
    });
    expect(value).toContain('event: change');
  });

  test('an origin that is not listed gets no answer', async () => {
    const { error } = await call(foreign.origin, 'apollo', { documents: [WINDOW], variables: MARCH });
    expect(error).toMatch(/Failed to fetch/);
  });
});
