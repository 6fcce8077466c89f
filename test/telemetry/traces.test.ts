// What a collector is sent of a cold, a hot, a stale and a partial answer, and who may say of which
// trace a request is part.
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { context } from '@opentelemetry/api';
import { createBatchLoader } from '../../src/calendar/sources/batch-loader.ts';
import { startLog } from '../../src/processes/log.ts';
import { startTraces, type Traces } from '../../src/telemetry/traces.ts';
import { inSpan, setTracing, traceOf, traceRequest, within } from '../../src/tracing.ts';
import { manualClock } from '../harness/clock.ts';
import { MARCH, type Mine } from '../harness/documents.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph, MockOptions } from '../harness/mock-graph.ts';
import { type Collector, type SeenSpan, startCollector } from './collector.ts';

let collector: Collector;
let traces: Traces;
let graph: MockGraph;
const lines: Record<string, unknown>[] = [];
beforeAll(async () => {
  collector = await startCollector();
  traces = startTraces({ part: 'all', endpoint: collector.endpoint, share: 1 });
  startLog('warn', 'all', manualClock(), { write: (line) => void lines.push(JSON.parse(line)) });
});
afterEach(() => graph.close());
afterAll(async () => {
  await traces.close();
  await collector.close();
});

const PAGE = `query Page($from: DateTime!, $to: DateTime!) {
  viewer { calendar(from: $from, to: $to) { completeness events { title } sources { kind status } } } }`;

async function start(options: MockOptions = {}) {
  const clock = manualClock();
  graph = await startGraph({ sources: 'mock', clock, responseCacheBytes: 2 ** 20, ...options });
  return clock;
}

/** Asks as a user, and gives the completeness and the spans of the request's trace. */
async function ask(user: string, headers: Readonly<Record<string, string>> = {}) {
  const id = `request-${asked}`;
  asked += 1;
  const { body } = await graph.query<Mine>(user, PAGE, MARCH, { 'x-request-id': id, ...headers });
  const spans = await spansOf(id);
  return { id, spans, completeness: body.data.viewer.calendar.completeness };
}
let asked = 1;

/** The spans of a request's trace, once the gateway's own span is there. */
const spansOf = (id: string): Promise<readonly SeenSpan[]> =>
  eventually('the trace of the request', async () => {
    await traces.flush();
    const root = collector.spans.find(
      ({ attributes }) => attributes['calendar.request_id'] === id && attributes['calendar.server'] === 'gateway',
    );
    return root !== undefined && collector.spans.filter(({ traceId }) => traceId === root.traceId);
  });

/** A request to a server that begins traces. */
function begin(id: string) {
  const from = traceOf(null, true);
  return from === null ? null : traceRequest('GET /', {}, id, from);
}

const named = (spans: readonly SeenSpan[], name: string) => spans.filter((span) => span.name === name);
/** The names of the span's parents, the nearest first. */
function pathOf(spans: readonly SeenSpan[], span: SeenSpan | undefined): string[] {
  const parent = spans.find(({ spanId }) => spanId === span?.parentSpanId);
  return parent === undefined ? [] : [parent.name, ...pathOf(spans, parent)];
}

test('a cold answer is one trace, from the gateway over the calendar to each call to a source', async () => {
  await start();
  const { spans, completeness } = await ask('student-1');
  expect(completeness).toBe('COMPLETE');
  const [read] = named(spans, 'calendar.read');
  expect(read?.attributes).toMatchObject({
    'calendar.completeness': 'COMPLETE',
    'calendar.source.lecture': 'FRESH',
    'calendar.months': 1,
  });
  expect(pathOf(spans, read)).toEqual([
    'POST /graphql',
    'POST /graphql',
    'gateway.fetch',
    'gateway.execute',
    'gateway.request',
    'POST /graphql',
  ]);
  const batches = named(spans, 'source.batch');
  expect(new Set(batches.map(({ attributes }) => attributes['calendar.source']))).toEqual(
    new Set(['lecture', 'attendance', 'assignment']),
  );
  for (const batch of batches) expect(pathOf(spans, batch)[0]).toBe('calendar.read');
  expect(spans.filter(({ isFailed }) => isFailed)).toEqual([]);
});

test('a hot answer is a trace with the calendar’s confirmation, and no read', async () => {
  await start();
  await ask('student-1');
  const { spans } = await ask('student-1');
  expect(spans.map(({ name }) => name).toSorted()).toEqual([
    'POST /graphql',
    'POST /revalidate',
    'POST /revalidate',
    'response_cache.revalidate',
  ]);
});

test('for a hot answer that is not recorded nothing looks where in a trace it is', async () => {
  await start();
  await ask('student-1');
  const active = jest.spyOn(context, 'active');
  setTracing(() => false);
  try {
    expect((await graph.query<Mine>('student-1', PAGE, MARCH)).status).toBe(200);
    expect(active).not.toHaveBeenCalled();
  } finally {
    setTracing(() => true);
    active.mockRestore();
  }
});

test('of a stale and a partial answer the trace says which source failed and why, and log lines have its id', async () => {
  const clock = await start();
  await ask('student-1');
  await graph.sources.lecture.fault({ status: 500 });
  await clock.advance(300_000);
  const stale = await ask('student-1');
  expect(stale.completeness).toBe('STALE');
  expect(named(stale.spans, 'calendar.read')[0]?.attributes).toMatchObject({
    'calendar.completeness': 'STALE',
    'calendar.source.lecture': 'STALE BAD_RESPONSE',
  });
  const failed = named(stale.spans, 'source.batch').filter(({ isFailed }) => isFailed);
  expect(failed.map(({ attributes }) => attributes['error.type'])).toContain('BAD_RESPONSE');
  const traceId = stale.spans[0]?.traceId;
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'a source failed', traceId, requestId: stale.id }));

  const partial = await ask('student-2');
  expect(partial.completeness).toBe('PARTIAL');
  expect(named(partial.spans, 'calendar.read')[0]?.attributes).toMatchObject({
    'calendar.completeness': 'PARTIAL',
    'calendar.source.lecture': 'UNAVAILABLE BAD_RESPONSE',
    'calendar.source.assignment': 'FRESH',
  });
});

test('requests that share a call to a source have links to its span, and it to theirs', async () => {
  await start();
  const load = createBatchLoader((keys: readonly number[]) => Promise.resolve(keys), {
    maxBatch: 10,
    batchWindowMs: 20,
    busyGatherMs: 20,
  });
  const request = (key: number) =>
    new Promise<number>((resolve) => {
      const traced = begin(`request of ${key}`);
      within(traced?.place, () => void inSpan('calendar.read', {}, () => load(key)).then(resolve));
      traced?.end({}, false);
    });
  const before = collector.spans.length;
  await Promise.all([request(1), request(2)]);
  const [batch, ...reads] = await eventually('both reads and their batch', async () => {
    await traces.flush();
    const seen = collector.spans.slice(before);
    const all = [...named(seen, 'source.batch'), ...named(seen, 'calendar.read')];
    return all.length === 3 && all;
  });
  expect(new Set(reads.map(({ traceId }) => traceId)).size).toBe(2);
  expect(batch?.links.toSorted()).toEqual(reads.map(({ spanId }) => spanId).toSorted());
  for (const { links } of reads) expect(links).toEqual([batch?.spanId]);
});

const GIVEN = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = { traceparent: `00-${GIVEN}-b7ad6b7169203331-01` };

test('a client cannot say of which trace its request is part; a proxy in TRUSTED_PROXIES can', async () => {
  await start();
  expect((await ask('student-1', TRACEPARENT)).spans[0]?.traceId).not.toBe(GIVEN);
  await graph.close();
  await start({ trustedProxies: ['127.0.0.0/8', '::1'] });
  expect((await ask('student-1', TRACEPARENT)).spans[0]?.traceId).toBe(GIVEN);
});

test('of a request whose proxy says that it is not recorded there is no span, not even of the libraries', async () => {
  await start({ trustedProxies: ['127.0.0.0/8', '::1'] });
  const before = collector.spans.length;
  const unrecorded = { traceparent: TRACEPARENT.traceparent.replace(/1$/, '0') };
  const { body } = await graph.query<Mine>('student-1', PAGE, MARCH, unrecorded);
  expect(body.data.viewer.calendar.completeness).toBe('COMPLETE');
  // Spans are sent in the order in which they ended.
  const { spans } = await ask('student-2');
  expect(collector.spans.slice(before).filter(({ traceId }) => traceId !== spans[0]?.traceId)).toEqual([]);
});

test('a call that a request without a trace has begun is in the trace of the first one that has one', async () => {
  await start();
  const load = createBatchLoader((keys: readonly number[]) => Promise.resolve(keys), {
    maxBatch: 10,
    batchWindowMs: 20,
    busyGatherMs: 20,
  });
  const traced = begin('request of 2');
  const before = collector.spans.length;
  await Promise.all([load(1), within(traced?.place, () => load(2))]);
  traced?.end({}, false);
  await traces.flush();
  const [batch, request] = collector.spans.slice(before);
  expect(batch).toMatchObject({ name: 'source.batch', parentSpanId: request?.spanId, links: [request?.spanId] });
});

test('no span has a user, an ERN, a token or the text of a query', async () => {
  await start();
  await ask('student-1');
  expect(JSON.stringify(collector.spans)).not.toMatch(/student-\d|ern:|Bearer|eyJ|viewer/);
});
