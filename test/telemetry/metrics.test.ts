// What an operator sees of a cold, a hot, a stale and a partial answer, and of the feeds.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { publish } from '../../src/diagnostics.ts';
import { startTelemetry } from '../../src/telemetry/telemetry.ts';
import { beat, changes, scriptedFeed } from '../calendar/freshness/scripted-feed.ts';
import { manualClock } from '../harness/clock.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';

let telemetry: Awaited<ReturnType<typeof startTelemetry>>;
let before: Map<string, number>;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  telemetry = await startTelemetry({ part: 'all', port: 0, host: '127.0.0.1' });
  before = await scrape();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await telemetry.close();
});

/** Every series with its value. */
async function scrape(): Promise<Map<string, number>> {
  const text = await (await fetch(telemetry.addresses.metrics ?? '')).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}
/** By how much a series has grown since the start of the test. */
const grown = async (series: string) => ((await scrape()).get(series) ?? 0) - (before.get(series) ?? 0);

const QUERY = `{ viewer { calendar(from: "2026-03-01T00:00:00+09:00", to: "2026-04-01T00:00:00+09:00") {
  completeness events { title } } } }`;

test('a cold answer calls each source, a hot one none', async () => {
  const graph = await startGraph({ sources: 'mock' });
  closing.push(() => graph.close());
  await graph.query('student-1', QUERY);
  expect(await grown('calendar_answers_total{completeness="COMPLETE"}')).toBe(1);
  const cold = await grown('calendar_source_requests_total{source="lecture",outcome="OK"}');
  expect(cold).toBeGreaterThan(0);
  expect(await grown('calendar_source_batch_size_count{source="lecture"}')).toBe(cold);
  await graph.query('student-1', QUERY);
  expect(await grown('calendar_answers_total{completeness="COMPLETE"}')).toBe(2);
  expect(await grown('calendar_source_requests_total{source="lecture",outcome="OK"}')).toBe(cold);
  const route =
    'server="gateway",http_route="/graphql",http_request_method="POST",http_response_status_code="200",graphql_operation_name="ad-hoc",error_type=""';
  await eventually(
    'both requests counted',
    async () => (await grown(`http_server_request_duration_seconds_count{${route}}`)) === 2,
  );
  expect(await grown('http_client_request_duration_seconds_count{subgraph_name="calendar",error_type=""}')).toBe(2);
});

test('of a source that fails the reason is counted, and the answer is PARTIAL', async () => {
  const graph = await startGraph({ sources: 'mock' });
  closing.push(() => graph.close());
  await graph.sources.lecture.fault({ status: 500 });
  await graph.query('student-1', QUERY);
  expect(await grown('calendar_answers_total{completeness="PARTIAL"}')).toBe(1);
  expect(await grown('calendar_source_requests_total{source="lecture",outcome="BAD_RESPONSE"}')).toBeGreaterThan(0);
});

test('an old copy that is served while its source fails is a STALE answer', async () => {
  const clock = manualClock();
  const graph = await startGraph({ sources: 'mock', clock });
  closing.push(() => graph.close());
  await graph.query('student-1', QUERY);
  await graph.sources.lecture.fault({ status: 500 });
  await clock.advance(300_000);
  await graph.query('student-1', QUERY);
  expect(await grown('calendar_answers_total{completeness="STALE"}')).toBe(1);
});

test('feeds and caches tell of themselves when they are asked', async () => {
  const graph = await startGraph({ sources: 'real', settings: { POLL_INTERVAL: '100ms' } });
  closing.push(() => graph.close());
  await graph.waitForLiveFeeds();
  await graph.query('student-1', QUERY);
  const seen = await scrape();
  expect(seen.get('calendar_feed_live{feed="poll LECTURE"}')).toBe(1);
  expect(seen.get('calendar_feed_watermark_age_seconds{feed="poll LECTURE",kind="LECTURE"}')).toBeLessThan(60);
  expect(seen.get('calendar_cache_loads_total{cache="audiences",source="lecture",reason="miss"}')).toBeGreaterThan(0);
  expect(seen.get('calendar_cache_entries{cache="audiences"}')).toBeGreaterThan(0);
  expect(seen.get('calendar_breaker_state{source="lecture",use="reads"}')).toBe(0);
}, 120_000);

test('no label has a user, an ERN or the text of a query', async () => {
  const graph = await startGraph({ sources: 'mock' });
  closing.push(() => graph.close());
  await graph.query('student-1', QUERY);
  await fetch(`${graph.gatewayUrl}/calendar/secret-token.ics?user=student-1`);
  const text = [...(await scrape()).keys()].join('\n');
  expect(text).not.toMatch(/student-1|ern:|viewer|secret-token/);
});

test('requests are counted by persisted operation, by their first error, and by what the response cache did', async () => {
  const persisted = `query Page ${QUERY}`;
  const graph = await startGraph({
    sources: 'mock',
    responseCacheBytes: 2 ** 20,
    documents: new Map([['page', persisted]]),
  });
  closing.push(() => graph.close());
  await graph.query('student-1', persisted);
  await graph.query('student-1', persisted);
  await graph.query('student-1', QUERY.replace('viewer', 'user(id: "student-2")'));
  const route = 'server="gateway",http_route="/graphql",http_request_method="POST",http_response_status_code="200"';
  const requests = (operation: string, error: string) =>
    grown(
      `http_server_request_duration_seconds_count{${route},graphql_operation_name="${operation}",error_type="${error}"}`,
    );
  await eventually('all requests counted', async () => (await requests('ad-hoc', 'FORBIDDEN')) === 1);
  expect(await requests('Page', '')).toBe(2);
  expect(await grown('calendar_response_cache_requests_total{status="miss"}')).toBe(2);
  expect(await grown('calendar_response_cache_requests_total{status="hit"}')).toBe(1);
  expect(await grown('calendar_gateway_overhead_seconds_count')).toBe(2);
});

test('requests that differ in any one label are counted apart, however they alternate', async () => {
  const usual = {
    server: 'gateway',
    route: '/a',
    method: 'POST',
    status: 200,
    ms: 1,
    operation: 'Page',
    error: undefined,
  };
  const reports = [
    usual,
    ...[{ server: 'calendar' }, { route: '/b' }, { method: 'GET' }, { status: 503 }],
    ...[{ operation: undefined }, { error: 'FORBIDDEN' }],
    ...Array.from({ length: 8 }, (_, index) => ({ operation: `Operation${index}` })),
  ].map((other) => ({ ...usual, ...other }));
  for (let round = 0; round < 4; round += 1) for (const report of reports) publish('calendar:http-request', report);
  for (const { server, route, method, status, operation = '', error = '' } of reports) {
    const labels = `server="${server}",http_route="${route}",http_request_method="${method}",http_response_status_code="${status}",graphql_operation_name="${operation}",error_type="${error}"`;
    expect([labels, await grown(`http_server_request_duration_seconds_count{${labels}}`)]).toEqual([labels, 4]);
  }
});

test('of a change its reach is counted and how long it took to be heard of, and loads by their reason', async () => {
  const clock = manualClock();
  const feed = scriptedFeed();
  const graph = await startGraph({ sources: 'mock', clock, feeds: [feed] });
  closing.push(() => graph.close());
  await feed.say(beat());
  await graph.query('student-1', QUERY);
  const written = { kind: 'LECTURE' as const, audience: 'ern:lms:course/1', at: clock.now() - 400 };
  const day = { from: Date.UTC(2026, 2, 3), to: Date.UTC(2026, 2, 4) };
  await feed.say(changes({ ...written, span: day }, { ...written, span: null }));
  await feed.say({ type: 'GAP', reason: 'TRIMMED', kinds: ['LECTURE'] });
  for (const reach of ['months', 'audience', 'everything'])
    expect(await grown(`calendar_invalidations_total{feed="scripted",reach="${reach}"}`)).toBe(1);
  expect(await grown('calendar_feed_lag_seconds_bucket{feed="scripted",kind="LECTURE",le="0.5"}')).toBe(1);
  expect(await grown('calendar_feed_lag_seconds_bucket{feed="scripted",kind="LECTURE",le="0.25"}')).toBe(0);
});

test('a cache counts its loads by source and reason', async () => {
  const clock = manualClock();
  const graph = await startGraph({ sources: 'mock', clock });
  closing.push(() => graph.close());
  const counts = () =>
    Object.fromEntries(
      graph.calendar.cacheGauges.audiences?.loads
        .filter(({ source }) => source === 'lecture')
        .map(({ reason, count }) => [reason, count]) ?? [],
    );
  await graph.query('student-1', QUERY);
  const { miss = 0 } = counts();
  expect(miss).toBeGreaterThan(0);
  await graph.query('student-1', QUERY.replace('to:', 'maxAge: 0, to:'));
  expect(counts()).toEqual({ miss, asked: miss });
  graph.calendar.invalidateAll();
  await graph.query('student-1', QUERY);
  expect(counts()).toEqual({ miss, asked: miss, invalidated: miss });
  await clock.advance(200_000);
  await graph.query('student-1', QUERY);
  expect(counts()).toEqual({ miss, asked: miss, invalidated: miss, expired: miss });
});
