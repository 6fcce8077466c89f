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
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>My Page</title>');
  writeFileSync(join(folder, 'assets', 'index-0123.js'), 'export {};');
  graph = await startGraph({ sources: 'small', gateway: { page: pathToFileURL(`${folder}/`) } });
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
