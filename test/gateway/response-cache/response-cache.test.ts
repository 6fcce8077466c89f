// Promise: with the response cache every request gets what it would get without it, and a hit costs
// the calendar one small question.

import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { readPersistedDocuments } from '../../../src/schema.ts';
import { type ManualClock, manualClock } from '../../harness/clock.ts';
import { MARCH, THEIRS } from '../../harness/documents.ts';
import { eventually } from '../../harness/eventually.ts';
import { startGraph } from '../../harness/graph.ts';
import type { MockGraph } from '../../harness/mock-graph.ts';
import { lecture } from '../../harness/rows.ts';

const QUERY = `query ($from: DateTime!, $to: DateTime!, $maxAge: Int) {
  viewer { id calendar(from: $from, to: $to, maxAge: $maxAge) { completeness events { id title startsAt course { title } } } }
}`;

const APP = 'https://app.example.ac.kr';
let clock: ManualClock;
let graph: MockGraph;
beforeEach(async () => {
  clock = manualClock();
  graph = await startGraph({
    sources: 'mock',
    clock,
    auditedReaders: 'none',
    responseCacheBytes: 2 ** 20,
    corsOrigins: [APP],
    documents: new Map([
      ['page', QUERY],
      ['write', 'mutation { rotateCalendarSubscription { url } }'],
    ]),
    rows: {
      enrollments: { 'student-1': [1], 'student-2': [1] },
      teaches: { 'teacher-1': [1] },
      observes: { 'observer-1': ['student-1'] },
      items: Array.from({ length: 20 }, (_, day) =>
        lecture({ course: 1, at: `2026-03-${String(day + 1).padStart(2, '0')}T09:00+09:00`, title: 'old' }),
      ),
    },
  });
});
afterEach(() => graph.close());

async function ask(user = 'student-1', variables: object = MARCH, headers = {}, query = QUERY) {
  const answer = await graph.query(user, query, { ...variables }, headers);
  return { ...answer, cache: answer.headers.get('cache-status')?.replace('calendar-gateway; ', '') };
}

/** A GET of the persisted document. */
async function get(headers: Readonly<Record<string, string>> = {}, search: object = { documentId: 'page' }) {
  const url = new URL('/graphql', graph.gatewayUrl);
  const parameters = { variables: JSON.stringify(MARCH), ...search };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const answer = await request(url, {
    headers: { authorization: `Bearer ${await graph.token('student-1')}`, ...headers },
  });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  return { status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString() };
}

const writeTitles = (title: string) => {
  for (const row of graph.rows.items) row.title = title;
};

describe('a stored answer', () => {
  test('is given again, byte by byte, without a read', async () => {
    const first = await ask();
    const calls = graph.calls.lecture.length;
    const second = await ask();
    expect([first.cache, second.cache]).toEqual(['fwd=miss; stored', 'hit']);
    expect(second.text).toBe(first.text);
    expect(graph.calls.lecture).toHaveLength(calls);
  });

  test('is not given after an invalidation, and the next answer is the new one', async () => {
    await ask();
    writeTitles('new');
    graph.calendar.invalidate('LECTURE|ern:lms:course/1');
    const { cache, text } = await ask();
    expect([cache, text.includes('"new"'), text.includes('"old"')]).toEqual(['fwd=stale; stored', true, false]);
    expect((await ask()).cache).toBe('hit');
  });

  test('is one viewer’s: another user with the same document gets their own', async () => {
    const one = await ask('student-1');
    const two = await ask('student-2');
    expect([two.cache, two.text.includes('student-2'), two.text.includes('student-1')]).toEqual([
      'fwd=miss; stored',
      true,
      false,
    ]);
    expect((await ask('student-1')).text).toBe(one.text);
  });

  test('is found whatever the order of the variables, and not for other variables', async () => {
    await ask('student-1', { from: MARCH.from, to: MARCH.to });
    expect((await ask('student-1', { to: MARCH.to, from: MARCH.from })).cache).toBe('hit');
    expect((await ask('student-1', { ...MARCH, to: '2026-03-30T00:00:00+09:00' })).cache).toBe('fwd=miss; stored');
  });

  test('is refused at the next request to a viewer whose access was revoked', async () => {
    const variables = { ...MARCH, user: 'student-1' };
    const query = THEIRS.replace(' now', '');
    expect((await ask('observer-1', variables, {}, query)).cache).toBe('fwd=miss; stored');
    expect((await ask('observer-1', variables, {}, query)).cache).toBe('hit');
    graph.rows.observes['observer-1'] = [];
    graph.calendar.invalidate('LECTURE|ern:lms:user/observer-1|audiences');
    const { body, text } = await ask('observer-1', variables, {}, query);
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(text).not.toContain('old');
  });

  test('is not made of what staff read about a user, whose copies are kept apart', async () => {
    const variables = { ...MARCH, user: 'student-1' };
    expect((await ask('teacher-1', variables, {}, THEIRS.replace(' now', ''))).cache).toBe('fwd=miss');
  });

  test('is not used for a maxAge', async () => {
    await ask('student-1', { ...MARCH, maxAge: 0 });
    const calls = graph.calls.lecture.length;
    expect((await ask('student-1', { ...MARCH, maxAge: 0 })).cache).toBe('fwd=miss');
    expect(graph.calls.lecture.length).toBeGreaterThan(calls);
  });

  test('is not made of an answer with a failed source, which is asked again', async () => {
    await graph.sources.lecture.fault({ status: 500 });
    expect((await ask()).cache).toBe('fwd=miss');
    await graph.sources.lecture.heal();
    await clock.advance(5_000);
    expect((await ask()).cache).toBe('fwd=miss; stored');
  });

  test('is not made of an answer to which another subgraph contributed', async () => {
    const query = `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to) {
      events { ... on LectureEvent { lecture { title } } } } } }`;
    await ask('student-1', MARCH, {}, query);
    expect((await ask('student-1', MARCH, {}, query)).cache).toBe('fwd=miss');
  });
});

test('My Page is answered from the cache', async () => {
  const documents = Object.values(JSON.parse(readPersistedDocuments()) as Record<string, string>);
  const page = documents.find((text) => text.includes('query MyPage(')) ?? '';
  const first = await ask('student-1', { ...MARCH, maxAge: null }, {}, page);
  const second = await ask('student-1', { ...MARCH, maxAge: null }, {}, page);
  expect([second.cache, second.text]).toEqual(['hit', first.text]);
});

test.each([
  [100, 'hit'],
  [2_000, 'fwd=miss'],
])('a viewer of %d courses is answered in full: %s', async (courses, cache) => {
  graph.rows.enrollments['student-3'] = Array.from({ length: courses }, (_, course) => course + 1);
  const first = await ask('student-3');
  const second = await ask('student-3');
  expect([first.status, second.cache, second.text]).toEqual([200, cache, first.text]);
});

test('a request that was answered a moment ago is refused without a valid token', async () => {
  await ask();
  expect((await ask()).cache).toBe('hit');
  const refused = await ask('student-1', MARCH, { authorization: 'Bearer a.b.c' });
  expect([refused.status, refused.cache]).toEqual([401, undefined]);
});

test('equal requests that arrive together share one execution', async () => {
  await ask('student-2');
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask('student-1')));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ cache }) => cache === 'fwd=miss; stored')).toHaveLength(1);
});

describe('for clients', () => {
  test('a stored answer may be kept if it is revalidated, any other may not', async () => {
    const stored = await ask();
    expect(stored.headers.get('cache-control')).toBe('private, no-cache');
    const other = await ask('student-1', { ...MARCH, maxAge: 1 });
    expect([other.headers.get('cache-control'), other.headers.get('etag')]).toEqual(['no-store', null]);
  });

  test('a stored answer and a 304 say by which headers they differ, the origin among them', async () => {
    const whole = await get({ origin: APP });
    const same = await get({ origin: APP, 'if-none-match': String(whole.headers.etag) });
    expect([whole.status, same.status]).toEqual([200, 304]);
    for (const { headers } of [whole, same]) {
      expect(headers.vary).toBe('Origin, Authorization, Accept, Accept-Encoding');
      expect(headers['access-control-allow-origin']).toBe(APP);
    }
  });

  test('a GET of a persisted document that names the ETag gets 304, until the answer changes', async () => {
    const first = await get();
    expect([first.status, first.headers['content-type']]).toEqual([200, expect.stringContaining('json')]);
    const headers = { 'if-none-match': `"x", W/${String(first.headers.etag)}` };
    const same = await get(headers);
    expect([same.status, same.text, same.headers.etag]).toEqual([304, '', first.headers.etag]);
    writeTitles('new');
    graph.calendar.invalidate('LECTURE');
    expect([(await get(headers)).status, (await get(headers)).headers['cache-status']]).toEqual([
      200,
      'calendar-gateway; hit',
    ]);
  });

  test('a POST with the ETag gets the whole answer', async () => {
    const { headers, text } = await ask();
    const again = await ask('student-1', MARCH, { 'if-none-match': headers.get('etag') ?? '' });
    expect([again.status, again.text]).toEqual([200, text]);
  });

  test('GET is for persisted documents that only read, with a token', async () => {
    expect((await get({}, { variables: '{}' })).status).toBe(405);
    expect((await get({}, { documentId: 'page', query: '{ viewer { id } }' })).status).toBe(400);
    expect((await get({}, { documentId: 'none' })).text).toContain('PERSISTED_QUERY_NOT_FOUND');
    expect((await get({}, { documentId: 'page', variables: '{' })).text).toContain('variables: expected JSON');
    expect((await get({}, { documentId: 'write', variables: '{}' })).status).toBe(405);
    expect((await get({ authorization: 'Bearer x' })).status).toBe(401);
  });

  test.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const)('%s is offered once the compression beside the requests is done', async (coding, decode) => {
    const plain = await get();
    const packed = await eventually('compressed', async () => {
      const answer = await get({ 'accept-encoding': `${coding}, identity;q=0.5` });
      return answer.headers['content-encoding'] === coding && answer;
    });
    expect(decode(packed.bytes).toString()).toBe(plain.text);
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
    expect((await get({ 'accept-encoding': `${coding};q=0` })).headers['content-encoding']).toBeUndefined();
    const named = await get({ 'accept-encoding': coding, 'if-none-match': String(packed.headers.etag) });
    expect([named.status, named.headers['content-encoding']]).toEqual([304, undefined]);
  });
});

test('without the cache there is no cache status, and nothing may be kept', async () => {
  await graph.close();
  graph = await startGraph({ sources: 'mock', clock, rows: { enrollments: { 'student-1': [1] } } });
  await ask();
  const { cache, headers } = await ask();
  expect([cache, headers.get('cache-control')]).toEqual([undefined, 'no-store']);
});
