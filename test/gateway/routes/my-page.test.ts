// My Page as files: the page is always revalidated, its files are cached for ever, and nothing else
// is served.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startGraph } from '../../harness/graph.ts';
import type { SmallGraph } from '../../harness/small-graph.ts';

let graph: SmallGraph;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'my-page-'));
  for (const name of ['assets', 'app']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'app', 'manifest.en.webmanifest'), '{}');
  writeFileSync(join(folder, 'service-worker.js'), 'export {};');
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><meta name="embed-origins" content="" /><meta name="sign-in" content="" /><title>My Page</title>',
  );
  writeFileSync(join(folder, 'assets', 'index-0123.js'), 'export {};');
  graph = await startGraph({
    sources: 'small',
    gateway: {
      page: pathToFileURL(`${folder}/`),
      signInUrl: 'https://id.example/in?back=1&state={state}',
      embedOrigins: ['https://lms.example', 'https://portal.example'],
    },
  });
});
afterAll(async () => {
  await graph.close();
  rmSync(folder, { recursive: true });
});

test('the page is revalidated every time, and may run only its own scripts', async () => {
  const { status, headers, text } = await graph.send({ path: '/' });
  expect([status, headers.get('cache-control'), text]).toEqual([200, 'no-cache', expect.stringContaining('My Page')]);
  expect(headers.get('content-security-policy')).toContain("default-src 'none';script-src 'self';");
});

test('a page that the browser has is not sent again', async () => {
  const etag = (await graph.send({ path: '/' })).headers.get('etag') ?? '';
  const { status, text } = await graph.send({ path: '/', headers: { 'if-none-match': `W/${etag}` } });
  expect([etag.length > 10, status, text]).toEqual([true, 304, '']);
});

test('only the configured origins and its own may embed it, and the page knows them', async () => {
  const { headers, text } = await graph.send({ path: '/' });
  expect(headers.get('content-security-policy')).toMatch(
    /frame-ancestors 'self' https:\/\/lms\.example https:\/\/portal\.example$/,
  );
  expect(headers.get('x-frame-options')).toBeNull();
  expect(text).toContain('<meta name="embed-origins" content="https://lms.example https://portal.example"');
  expect(text).toContain('<meta name="sign-in" content="true"');
});

test('the service worker is looked for every time, where it may open the page', async () => {
  const { status, headers } = await graph.send({ path: '/service-worker.js' });
  expect([status, headers.get('cache-control'), headers.get('content-type')]).toEqual([
    200,
    'public, max-age=0',
    'application/javascript; charset=utf-8',
  ]);
  const manifest = await graph.send({ path: '/page/app/manifest.en.webmanifest' });
  expect([manifest.status, manifest.headers.get('cache-control')]).toEqual([200, 'public, max-age=3600']);
});

test('its files are cached for ever, because a new content has a new name', async () => {
  const { status, headers } = await graph.send({ path: '/page/assets/index-0123.js' });
  expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
});

test.each(['/page/index.html', '/page/assets/..%2findex.html', '/page/assets/nothing.js', '/page/'])(
  '%s is 404',
  async (path) => {
    expect((await graph.send({ path })).status).toBe(404);
  },
);

test('the page signs in at the identity provider, with the state that it made and nothing else', async () => {
  const { status, headers } = await graph.send({ path: '/sign-in?state=0a1b', redirect: 'manual' });
  expect([status, headers.get('location')]).toEqual([302, 'https://id.example/in?back=1&state=0a1b']);
  for (const state of [
    '',
    '?state=',
    '?state=a&state=b',
    '?state=a%26b',
    '?state=%0d%0a',
    `?state=${'a'.repeat(65)}`,
  ]) {
    expect((await graph.send({ path: `/sign-in${state}` })).status).toBe(404);
  }
});
