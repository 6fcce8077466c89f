// A subscription over HTTP: conditional requests, compression, and no plain http when it is not
// wanted.
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { request } from 'undici';
import { startGraph } from '../../harness/graph.ts';
import type { SmallGraph } from '../../harness/small-graph.ts';

const resolvers = {
  calendar: {
    Query: { calendarSubscriptionOwner: () => ({ user: 'student-1' }), viewer: () => ({ id: 'student-1' }) },
  },
};
let graph: SmallGraph;
beforeEach(async () => {
  graph = await startGraph({ sources: 'small', resolvers, gateway: { requireHttps: true } });
});
afterEach(() => graph.close());

async function get(headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') {
  const reply = await request(`${graph.url}/calendar/x.ics`, { method, headers });
  const bytes = Buffer.from(await reply.body.arrayBuffer());
  return { status: reply.statusCode, headers: reply.headers, bytes };
}

test('If-Modified-Since is 304 from Last-Modified on, and nothing beside If-None-Match', async () => {
  const { headers } = await get();
  const lastModified = String(headers['last-modified']);
  const at = (seconds: number) => new Date(Date.parse(lastModified) + seconds * 1_000).toUTCString();
  const other = { 'if-none-match': '"other"' };
  const statuses = [];
  for (const one of [
    { 'if-modified-since': lastModified },
    { 'if-modified-since': at(60) },
    { 'if-modified-since': at(-1) },
    { 'if-modified-since': 'yesterday' },
    { 'if-modified-since': lastModified, ...other },
    { 'if-modified-since': at(-1), 'if-none-match': String(headers.etag) },
  ]) {
    statuses.push((await get(one)).status);
  }
  expect(statuses).toEqual([304, 304, 200, 200, 200, 304]);
  expect((await get({ 'if-modified-since': lastModified }, 'HEAD')).status).toBe(304);
});

test('the text is compressed as the client accepts it, with one ETag for all forms', async () => {
  const plain = await get();
  const [br, gzip, none] = [
    await get({ 'accept-encoding': 'gzip, deflate, br' }),
    await get({ 'accept-encoding': 'gzip, br;q=0' }),
    await get({ 'accept-encoding': 'deflate' }),
  ];
  expect([br, gzip, none].map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'gzip', undefined]);
  expect([brotliDecompressSync(br.bytes), gunzipSync(gzip.bytes), none.bytes]).toEqual(Array(3).fill(plain.bytes));
  for (const { headers } of [plain, br, gzip, none]) {
    expect([headers.etag, headers.vary]).toEqual([plain.headers.etag, 'Accept-Encoding']);
  }
});

test.each([
  [{ 'x-forwarded-proto': 'http' }, 403],
  [{ 'x-forwarded-proto': 'http, https' }, 403],
  [{ forwarded: 'for=192.0.2.1;proto=http;by=203.0.113.4, proto=https' }, 403],
  [{ 'x-forwarded-proto': 'HTTPS' }, 200],
  [{ 'x-forwarded-proto': 'https,http' }, 200],
  [{ forwarded: 'for=192.0.2.1;proto="https"' }, 200],
  [{}, 200],
])('a request that came with %j is %d', async (headers, expected) => {
  const { status, bytes } = await get(headers);
  expect(status).toBe(expected);
  expect(bytes.toString().includes('VCALENDAR')).toBe(expected === 200);
});
